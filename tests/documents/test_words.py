"""The words a document adds of its own: complete in every language, and in the letter's."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.pofile import read_po
from pypdf import PdfReader

from app import i18n
from app.documents import html, pdf, sentences, words
from app.documents.document import Document, Line
from app.letter import letter_files
from app.rendering import TEMPLATES
from tests.documents.letters import letter, organisations
from tests.harness.catalogues import complaints, plural_complaints, rule_of

LANGUAGES = sorted(path.stem for path in words.FOLDER.glob("*.po"))
# What pypdf reads as glyphs stand and not as they were written.
REORDERED = {"ar", "fa", "he", "hi"}

Messages = dict[str, str | tuple[str, ...]]


def said() -> Messages:
    """What documents say of their own, singular and plural, by the singular."""
    python = extract_from_file("python", sentences.__file__)
    templates = extract_from_dir(
        TEMPLATES / "document",
        [("**.html", "jinja2")],
        {"**.html": {"trimmed": "true"}},
    )
    found = [message for _line, message, _comments, _context in python]
    found += [message for _file, _line, message, _comments, _context in templates]
    return {message if isinstance(message, str) else message[0]: message for message in found}


def catalogue(language: str) -> Catalog:
    with (words.FOLDER / f"{language}.po").open("rb") as source:
        return read_po(source, locale=language, abort_invalid=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_says_everything_and_nothing_else(language: str) -> None:
    assert list(complaints(catalogue(language), said().values())) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_has_the_plural_forms_of_the_language(language: str) -> None:
    chosen = rule_of(words._catalogue(words._script(language)))
    assert list(plural_complaints(catalogue(language), chosen)) == []


def test_the_source_says_something_to_translate() -> None:
    assert {"Individuals", "Cc:", "Proof", "Others", "Re.:", "The signatories:"} <= set(said())
    assert len(said()) >= 19


def test_a_document_is_written_with_its_own_words_alone() -> None:
    """Whoever makes documents says so with `words.writing`; `speaking` is the interface's."""
    folder = Path(sentences.__file__).parent
    speaking = [
        path.name for path in folder.rglob("*.py") if "speaking(" in path.read_text("utf-8")
    ]
    assert speaking == []


@pytest.mark.parametrize(
    ("language", "said_in"),
    [
        ("pt-BR", "Versão 2 da carta"),
        ("zh", "信函第 2 版"),
        ("zh-CN", "信函第 2 版"),
        ("zh-Hant", "信函第 2 版"),
        ("ar-AE", "النسخة 2 من الرسالة"),
        ("fa", "نسخهٔ ۲ نامه"),
        ("no", "Versjon 2 av brevet"),
        ("nb", "Versjon 2 av brevet"),
        # Words are of a language in a script; nobody has written Nynorsk or Azerbaijani Cyrillic.
        ("nn", "Version 2 of the letter"),
        ("az-Cyrl", "Version 2 of the letter"),
        ("tlh", "Version 2 of the letter"),
    ],
)
def test_the_nearest_words_are_found(language: str, said_in: str) -> None:
    with words.writing(language):
        assert sentences.version(letter(language=language, version=2)) == said_in
    expected = "en" if said_in.startswith("Version 2 of") else language
    assert sentences.spoken(language) == expected


@pytest.mark.parametrize(
    ("language", "count", "moment"),
    [
        ("en", "1,234 listed signatories", "29 September 2025, 16:00 (UTC)"),
        ("en-US", "1,234 listed signatories", "September 29, 2025, 4:00\u202fPM (UTC)"),
        ("de", "1.234 Unterzeichnungen", "29. September 2025, 16:00 (UTC)"),
        ("ru", "1\xa0234", "29 сентября 2025\u202fг., 16:00 (UTC)"),
        ("fa", "۱٬۲۳۴", "۲۹ سپتامبر ۲۰۲۵، ۱۶:۰۰ (UTC)"),
        ("ja", "1,234", "2025年9月29日 16:00 (UTC)"),
    ],
)
def test_numbers_and_dates_are_the_languages(language: str, count: str, moment: str) -> None:
    with words.writing(language):
        sentence = sentences.count(letter(language=language, organisations=organisations(1_234)))
    assert count in sentence
    assert moment in sentence


def test_plural_forms_follow_the_number() -> None:
    def note(number: int) -> str:
        with words.writing("pl"):
            return sentences.withheld_note(letter(language="pl", withheld=number))

    assert "22 organizacje" in note(22)
    assert "25 organizacji" in note(25)
    assert "112 organizacji" in note(112)


def test_the_words_of_a_document_are_not_those_of_the_page_around_it() -> None:
    with i18n.speaking("en"):
        with words.writing("pt"):
            assert i18n._("Proof") == "Versão provisória"
            with i18n.speaking("en"):
                assert i18n._("Proof") == "Proof"
        assert i18n._("Proof") == "Proof"
        assert i18n.language() == "en"


def whole(language: str, direction: str = "ltr") -> Document:
    """A letter that says all it can say."""
    return letter(
        language=language,
        direction=direction,
        body="Text.[^a]\n\n[^a]: A note.",
        cc=("X",),
        withheld=5,
        organisations=(Line("Aurora", signed_version=1, reported=True),),
        individuals=(Line("Boreas"),),
        version=2,
        mark=None,
    )


@pytest.mark.parametrize(
    ("language", "direction"), [("pt", "ltr"), ("zh-TW", "ltr"), ("ar", "rtl"), ("he", "rtl")]
)
def test_a_page_speaks_one_language(language: str, direction: str) -> None:
    page = html.page(whole(language, direction))
    assert f'<html lang="{language}" dir="{direction}">' in page
    assert set(re.findall(r'\blang="([^"]+)"', page)) == {language}
    assert set(re.findall(r'\bdir="([^"]+)"', page)) == {direction}
    with words.writing(language):
        for sentence in _sentences(whole(language, direction)):
            assert sentence in page, sentence
    for english in ("Individuals", "signed version", "listed signator", "Cc:", "Footnotes"):
        assert english not in page


def test_a_page_in_a_language_without_words_marks_them_as_english() -> None:
    page = html.page(whole("ko"))
    assert '<html lang="ko" dir="ltr">' in page
    assert '<span lang="en" dir="ltr">Individuals</span>' in page


@pytest.mark.parametrize("language", [*LANGUAGES, "zh-TW", "ko"])
def test_a_pdf_says_them_in_every_language(language: str) -> None:
    tag = language.replace("_", "-")
    direction = i18n.direction(tag)
    rendered = PdfReader(BytesIO(pdf.render(whole(tag, direction))))
    text = "".join(page.extract_text() for page in rendered.pages)
    assert ("listed" in text) == (language == "ko")
    if language in REORDERED:
        return
    with words.writing(tag):
        for sentence in (sentences.version(whole(tag)), sentences.individuals_heading(whole(tag))):
            assert _bare(sentence) in _bare(text), sentence


def test_a_letter_has_the_headings_of_its_language(tmp_path: Path) -> None:
    file = tmp_path / "carta.md"
    file.write_text("---\ntitle: Carta\nlanguage: pt-BR\n---\nPedimos.\n")
    text = letter_files.read(file, tmp_path).text
    assert (text.signatories_heading, text.subject_label) == ("Signatários:", "Assunto:")


def _sentences(document: Document) -> Iterator[str]:
    yield sentences.copies()
    yield sentences.individuals_heading(document)
    yield sentences.earlier(document.organisations[0])
    yield sentences.reported_note(document)
    yield sentences.withheld_note(document)
    yield sentences.count(document)
    yield sentences.version(document)
    yield sentences.footnotes()
    yield sentences.back_to_note(1)


def _bare(text: str) -> str:
    return "".join(text.split())
