import pytest

from app.documents import pdf, typography
from app.documents.docx.languages import fonts as word_fonts
from tests.documents.letters import letter
from tests.documents.pdf_reading import structure

LONG_WORDS = {
    "en": "internationalisation ",
    "de": "Menschenrechtsorganisationen ",
    "ru": "правозащитниковдемократических ",
    "ka": "დემოკრატიზაციისათვის ",
    "tr": "demokratikleştirilmesi ",
    "az": "azərbaycanlılaşdırılmışlardan ",
    "hy": "կառավարություններին ",
    "ro": "internaționalizarea ",
}


@pytest.mark.parametrize("language", LONG_WORDS)
def test_words_are_hyphenated_where_it_says_so(language: str) -> None:
    words = "".join("i" * (n % 9) + f" {LONG_WORDS[language]}" for n in range(60))
    told = structure(pdf.render(letter(language=language, body=f"> > > {words}")))
    hyphens = any("\u00ad" in piece.text for piece in told.pieces())
    assert hyphens == typography.hyphenated(language)


@pytest.mark.parametrize(
    ("language", "expected"), [("pt-BR", True), ("zh_TW", True), ("hy", False)]
)
def test_a_text_is_set_to_both_margins_where_its_words_allow_it(
    language: str, expected: bool
) -> None:
    assert typography.justified(language) is expected


def test_high_scripts_have_their_lines_further_apart() -> None:
    assert typography.leading("ar-AE") > typography.leading("fr")


def test_konkani_is_not_korean() -> None:
    assert [typography.is_east_asian(tag) for tag in ("ko", "ko_KR", "kok")] == [True, True, False]
    assert "hint" not in word_fonts("kok-IN")


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("Aurora", "ltr"),
        ("«مركز» (A)", "rtl"),
        ("٣ Aurora", "ltr"),
        ("1984 המוקד", "rtl"),
        ("1", "ltr"),
    ],
)
def test_the_first_letter_with_a_direction_decides(text: str, direction: str) -> None:
    assert typography.first_direction(text) == direction
