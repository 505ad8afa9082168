"""The final letter as PDF: tagged, PDF/UA-1 and PDF/A-2a in one file, set by Typst.

The same document gives the same bytes, whenever and wherever it is rendered with the same fonts.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory
from typing import Any

from app import rendering
from app.documents import fonts, qr, sentences, words
from app.documents.document import Document, Lead, Line
from app.documents.fonts import MissingGlyph
from app.documents.markdown import strings
from app.documents.typesetting import Refusal, typeset
from app.i18n import direction

__all__ = ["MissingGlyph", "render"]

TEMPLATE = rendering.TEMPLATES / "document" / "letter.typ"


def render(document: Document, *, allow_missing: bool = False) -> bytes:
    """The letter as PDF.

    Raises MissingGlyph if a character has no font. With `allow_missing` a box is printed in its
    place, and the file is then no PDF/UA and no PDF/A.
    """
    try:
        return _typeset(document, fonts.STANDARDS)
    except Refusal:
        lacking = _missing_glyph(document)
        if lacking is None:
            raise
        if not allow_missing:
            raise lacking from None
    return _typeset(document, [])


def _typeset(document: Document, standards: list[str]) -> bytes:
    with TemporaryDirectory() as folder, words.writing(document.language):
        root = Path(folder)
        copy(TEMPLATE, root)
        letter = json.dumps(_letter(document, root), ensure_ascii=False)
        (root / "letter.json").write_text(letter, encoding="utf-8")
        return typeset(root, standards, int(document.as_of.timestamp()))


def _letter(document: Document, root: Path) -> dict[str, Any]:
    """What templates/document/letter.typ reads; its logos are put beside it."""
    language, region = _language_and_region(document.language)
    return {
        "language": language,
        "region": region,
        "direction": document.direction,
        "families": fonts.families(document.language, "\n".join(_texts(document))),
        "leading": fonts.leading(document.language),
        "title": document.title,
        "letterhead": [
            _lead(lead, root / f"logo-{n}") for n, lead in enumerate(document.letterhead)
        ],
        "place_and_date": document.place_and_date,
        "addressees": [block.strip() for block in document.addressees],
        "cc": [receiver.strip() for receiver in document.cc],
        "subject_label": document.subject_label,
        "subject": document.subject,
        "salutation": document.salutation,
        "body": document.body["blocks"],
        "footnotes": document.body["footnotes"],
        "closing": document.closing.strip(),
        "signatories_heading": document.signatories_heading,
        "comma": sentences.comma(document.language),
        "organisations": [_line(line, document.language) for line in document.organisations],
        "individuals": [_line(line, document.language) for line in document.individuals],
        "withheld": sentences.withheld_note(document),
        "mark": document.mark or "",
        "provenance": sentences.provenance(document),
        "sha256": sentences.grouped(document.sha256),
        "check_url": document.check_url,
        "code": qr.svg(document.check_url),
        "words": {
            "language": _language_and_region(sentences.spoken(document.language))[0],
            "direction": direction(sentences.spoken(document.language)),
            "cc": sentences.copies(),
            "individuals": sentences.individuals_heading(document),
            "reported": sentences.reported_note(document),
            "count": sentences.count(document),
            "version": sentences.version(document),
            "checking": sentences.checking(document),
            "code": sentences.check_code(document),
        },
    }


def _language_and_region(tag: str) -> tuple[str, str | None]:
    """Typst knows languages by two or three letters and regions by two."""
    language, *others = re.split("[-_]", tag)
    region = next((part.upper() for part in others if re.fullmatch("[A-Za-z]{2}", part)), None)
    return language.lower(), region


def _lead(lead: Lead, path: Path) -> dict[str, str]:
    if lead.logo is not None:
        path.write_bytes(lead.logo)
    logo = f"/{path.name}" if lead.logo is not None else ""
    return {"name": lead.name, "local_name": lead.local_name, "logo": logo}


def _line(line: Line, language: str) -> dict[str, Any]:
    return {
        "name": _breakable(line.name),
        "direction": _direction(line.name),
        "beside": _breakable(sentences.beside(line, language)),
        "beneath": _breakable(sentences.beneath(line, language)),
        "reported": line.reported,
    }


_LONG_WORD = re.compile("[0-9A-Za-zÀ-\u052f\u1e00-\u1fff]{30,}")  # longer than a column is wide
_BETWEEN_LETTERS = re.compile("(?<=.)(?=[^\u0300-\u036f])")


def _breakable(text: str) -> str:
    return _LONG_WORD.sub(lambda word: _BETWEEN_LETTERS.sub("\u200b", word[0]), text)


def _direction(text: str) -> str:
    """As the Unicode bidirectional algorithm has it: the first strong character decides."""
    for character in text:
        if (strong := unicodedata.bidirectional(character)) in ("L", "R", "AL"):
            return "ltr" if strong == "L" else "rtl"
    return "ltr"


def _missing_glyph(document: Document) -> MissingGlyph | None:
    """Which character Typst refused the document for; None if it was for something else."""
    texts = list(_texts(document))
    for lacking in fonts.missing("\n".join(texts)):
        return MissingGlyph(lacking, _passage(lacking, texts))
    return None


def _texts(document: Document) -> Iterator[str]:
    for line in (*document.organisations, *document.individuals):
        yield from (line.name, line.affiliation, line.representative, line.role, line.country)
    for lead in document.letterhead:
        yield from (lead.name, lead.local_name)
    yield from (document.title, document.place_and_date, *document.addressees, *document.cc)
    yield from (document.subject_label, document.subject, document.salutation, document.closing)
    yield from (document.signatories_heading, document.mark or "")
    yield from strings(document.body)


def _passage(character: str, texts: list[str]) -> str:
    """The name the character stands in, or so much of a longer text as finds it again."""
    text = next(text for text in texts if character in text)
    at = text.index(character)
    before, after = text[max(0, at - 30) : at], text[at : at + 30]
    return ("…" if at > 30 else "") + before + after + ("…" if at + 30 < len(text) else "")
