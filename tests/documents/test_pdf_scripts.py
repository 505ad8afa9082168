import re
import unicodedata

import pytest

from app.documents import pdf
from app.documents.document import Line
from app.documents.fonts import MissingGlyph
from app.i18n import direction
from tests.documents.extraction import catalogue, extracted, squeezed
from tests.documents.letters import letter
from tests.documents.pdf_reading import headings, lists, structure

NAMES = (
    "مركز حماية لحقوق الإنسان",
    "საქართველოს ახალგაზრდა იურისტთა ასოციაცია",
    "Правозащитный центр «Мемориал»",
    "国际特赦组织",
    "İnsan Hüquqları Mərkəzi ƏĞIİÖÜŞÇ əğıiöüşç",
    "המוקד להגנת הפרט",
    "Հայաստանի Հելսինկյան կոմիտե",
    "国境なき記者団",
    "국제앰네스티",
    "मानव अधिकार आयोग",
    "राष्ट्रीय धर्म संगठन",
    "মানবাধিকার সংগঠন, বাংলাদেশ",
    "માનવ અધિકાર સંગઠન",
    "மனித உரிமைகள் அமைப்பு",
    "สิทธิมนุษยชนที่นี่",
)
# A sentence of each language, with a number, brackets and a link in it.
BODIES = {
    "en": "We ask for the release (at once) of 25 lawyers; see [the report](https://a.example).",
    "ru": "Мы требуем освободить (немедленно) 25 адвокатов; см. [доклад](https://a.example).",
    "el": "Ζητούμε την απελευθέρωση (αμέσως) 25 δικηγόρων· βλ. [έκθεση](https://a.example).",
    "ka": "ვითხოვთ 25 ადვოკატის გათავისუფლებას (დაუყოვნებლივ); [ანგარიში](https://a.example).",
    "hy": "Պահանջում ենք ազատել (անհապաղ) 25 փաստաբանի, տես [զեկույցը](https://a.example)։",
    "ar": "نطلب الإفراج (فورا) عن 25 محاميا، انظر [التقرير](https://a.example) السنوي.",
    "he": "אנו דורשים לשחרר (מיד) 25 עורכי דין, ראו [הדוח](https://a.example) השנתי.",
    "zh-CN": "我们要求释放（立即）25名律师；见[报告](https://a.example)。",
    "ja": "私たちは弁護士25人の（即時の）釈放を求めます。[報告書](https://a.example)を参照。",
    "hi": "हम 25 वकीलों की (तुरंत) रिहाई की मांग करते हैं, देखें [रिपोर्ट](https://a.example)।",
    "az": "25 vəkilin (dərhal) azad edilməsini tələb edirik, bax: [hesabat](https://a.example).",
}


class TestScripts:
    @pytest.mark.parametrize("language", ["en", "ar", "zh-TW", "az"])
    def test_names_print_and_can_be_copied_out_again(self, language: str) -> None:
        lines = tuple(Line(name) for name in NAMES)
        document = letter(language=language, direction=direction(language), organisations=lines)
        rendered = pdf.render(document)
        text = squeezed(extracted(rendered))
        assert [name for name in NAMES if squeezed(name) not in text] == []
        [told] = lists(structure(rendered))
        assert [name for _, name in told] == [*NAMES]

    @pytest.mark.xfail(strict=True, reason="Typst gives marks set apart from their letters twice")
    @pytest.mark.parametrize("name", ["عاديًا", "Ṣọ́lá"])
    def test_marks_set_apart_from_their_letters_can_be_copied_too(self, name: str) -> None:
        assert name in extracted(pdf.render(letter(organisations=(Line(name),))))

    @pytest.mark.parametrize("language", BODIES)
    def test_a_text_can_be_read_and_copied_out_again(self, language: str) -> None:
        body = f"# {BODIES[language]}\n\n{BODIES[language]}\n\n- {BODIES[language]}"
        rendered = pdf.render(
            letter(language=language, direction=direction(language), subject="A", body=body)
        )
        said = squeezed(re.sub(r"\[(.*?)\]\(.*?\)", r"\1", BODIES[language]))
        told = structure(rendered)
        assert squeezed(headings(told)[1][1]) == said
        assert squeezed(lists(told)[0][0][1]) == said
        assert squeezed(told.text()).count(said) == 3
        if direction(language) == "ltr":  # pdftotext loses the order of numbers in the other
            assert squeezed(extracted(rendered)).count(said) == 3
        assert catalogue(rendered)["/Lang"].lower() == language.lower()

    def test_a_letter_from_right_to_left_says_so_and_begins_at_the_right(self) -> None:
        rendered = pdf.render(letter(language="ar", direction="rtl", body=BODIES["ar"]))
        assert catalogue(rendered)["/ViewerPreferences"]["/Direction"] == "/R2L"
        [paragraph] = [part for part in structure(rendered).every("P") if "السنوي" in part.text()]
        line = sorted(paragraph.pieces(), key=lambda piece: -piece.x)
        assert unicodedata.bidirectional(line[0].text[0]) == "AL"

    @pytest.mark.parametrize("end", ["Media Act", "Media Act 2019"])
    def test_a_note_after_latin_words_stands_where_the_sentence_ends(self, end: str) -> None:
        body = f"قانون {end}.[^1]\n\n[^1]: ملاحظة"
        rendered = pdf.render(letter(language="ar", direction="rtl", body=body))
        [paragraph] = [part for part in structure(rendered).every("P") if "قانون" in part.text()]
        pieces = paragraph.pieces()
        [latin] = [piece.x for piece in pieces if piece.text.startswith("Media")]
        assert min(piece.x for piece in pieces if piece.text == "1") < latin

    def test_a_heading_in_another_direction_keeps_its_own(self) -> None:
        rendered = pdf.render(
            letter(language="he", direction="rtl", subject="א", organisations=(Line("ב"),))
        )
        [heading] = structure(rendered).every("H2")
        assert "".join(piece.text for piece in heading.pieces()) == "The signatories:"


class TestMissingGlyphs:
    def test_a_character_without_a_font_is_named_with_the_name_it_is_in(self) -> None:
        lines = (Line("Freedom Now"), Line("Centre \ue000 for Rights"))
        with pytest.raises(MissingGlyph, match=r"\(U\+E000\) in “Centre \ue000 for Rights”"):
            pdf.render(letter(organisations=lines))

    def test_it_is_found_in_the_text_too(self) -> None:
        with pytest.raises(MissingGlyph) as refused:
            pdf.render(letter(body="The quick brown fox jumps over the lazy \u0378 dog and on"))
        assert refused.value.text == "…brown fox jumps over the lazy \u0378 dog and on"

    def test_it_is_found_in_headings_of_groups_and_cells_of_a_table(self) -> None:
        for line in (Line("A", group="In \ue000"), Line("A", country="In \ue000")):
            with pytest.raises(MissingGlyph, match="“In \ue000”"):
                pdf.render(letter(organisations=(line,), form="table"))

    def test_a_box_may_stand_for_it_and_the_file_is_then_no_archive(self) -> None:
        lines = (Line("Centre \u0378 for Rights"),)
        rendered = pdf.render(letter(organisations=lines), allow_missing=True)
        assert "for Rights" in extracted(rendered)
        assert b"pdfuaid" not in rendered
        whole = pdf.render(letter(organisations=lines[:0]), allow_missing=True)
        assert b"pdfuaid:part" in whole
