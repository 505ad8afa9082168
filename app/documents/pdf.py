"""The final letter as PDF: tagged, PDF/UA-1 and PDF/A-2a in one file, set by Typst.

The same document gives the same bytes, whenever and wherever it is rendered with the same fonts.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.documents import fonts, logo_sizes, pictures, qr, sentences, typography, words
from app.documents.document import FEW, Document, Lead, Line, groups
from app.documents.fonts import MissingGlyph
from app.documents.markdown import strings
from app.documents.typesetting import Refusal, typeset
from app.documents.typography import first_direction
from app.i18n import direction

__all__ = ["MissingGlyph", "render"]

# letter.typ and what it imports. Not by way of app.rendering, whose Jinja a process that makes PDFs
# has no use for.
TEMPLATES = Path(__file__).parents[2] / "templates" / "document"


def render(document: Document, *, allow_missing: bool = False) -> bytes:
    """The letter as PDF.

    Raises MissingGlyph if a character has no font. With `allow_missing` a box is printed in its
    place, and the file is then no PDF/UA and no PDF/A. A logo that can't be printed is left out,
    and a name of the letterhead then set in type.
    """
    try:
        return _typeset(document, fonts.STANDARDS)
    except Refusal:
        sound = _with_sound_logos(document)
        if sound != document:
            return render(sound, allow_missing=allow_missing)
        lacking = _missing_glyph(document)
        if lacking is None:
            raise
        if not allow_missing:
            raise lacking from None
    return _typeset(document, [])


def _typeset(document: Document, standards: list[str]) -> bytes:
    with TemporaryDirectory() as folder, words.writing(document.language):
        root = Path(folder)
        for template in TEMPLATES.glob("*.typ"):
            (root / template.name).write_bytes(template.read_bytes())
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
        "leading": typography.leading(document.language),
        "justified": typography.justified(document.language),
        "stretched": typography.hyphenated(document.language),
        "title": document.title,
        "letterhead": _letterhead(document.letterhead, root),
        "place_and_date": document.place_and_date,
        "addressees": [block.strip() for block in document.addressees],
        "cc": [receiver.strip() for receiver in document.cc],
        "subject_label": _turned(document.subject_label, document),
        "subject": document.subject,
        "salutation": document.salutation,
        "body": document.body["blocks"],
        "footnotes": document.body["footnotes"],
        "closing": document.closing.strip(),
        "signatories_heading": _turned(document.signatories_heading, document),
        "few": FEW,
        "comma": sentences.comma(document.language),
        "organisations": _organisations(document),
        "individuals": _names(document, document.individuals),
        "wall": [
            _lead(lead, root / f"wall-{n}") for n, lead in enumerate(document.wall) if lead.logo
        ],
        "withheld": sentences.withheld_note(document),
        "mark": document.mark or "",
        "provenance": sentences.provenance(document),
        "sha256": sentences.grouped(document.sha256),
        "check_url": document.check_url,
        "code": qr.svg(document.check_url),
        "words": _words(document),
    }


def _words(document: Document) -> dict[str, str]:
    """What the service adds of its own, in its own language."""
    spoken = sentences.spoken(document.language)
    return {
        "language": _language_and_region(spoken)[0],
        "direction": direction(spoken),
        "cc": sentences.copies(),
        "individuals": sentences.individuals_heading(document),
        "reported": sentences.reported_note(document),
        "count": sentences.count(document),
        "version": sentences.version(document),
        "checking": sentences.checking(),
        "code": sentences.check_code(document),
    }


def _language_and_region(tag: str) -> tuple[str, str | None]:
    """Typst knows languages by two or three letters and regions by two."""
    language, *others = re.split("[-_]", tag)
    region = next((part.upper() for part in others if re.fullmatch("[A-Za-z]{2}", part)), None)
    return language.lower(), region


def _letterhead(leads: Sequence[Lead], root: Path) -> dict[str, Any]:
    width, height = logo_sizes.LARGEST
    return {
        "rows": [
            [_lead(lead, root / f"logo-{n}-{place}") for place, lead in enumerate(row)]
            for n, row in enumerate(logo_sizes.rows(leads))
        ],
        "area": logo_sizes.area(len(leads)),
        "largest": {"width": width, "height": height},
    }


def _lead(lead: Lead, path: Path) -> dict[str, str]:
    if lead.logo is not None:
        path.write_bytes(lead.logo)
    logo = f"/{path.name}" if lead.logo is not None else ""
    return {"name": lead.name, "local_name": lead.local_name, "logo": logo}


def _turned(text: str, document: Document) -> dict[str, str]:
    """A text that may stand in another direction than the letter, as an English heading does that
    the organisers left as it came."""
    return {"text": text, "direction": first_direction(text) if text else document.direction}


def _organisations(document: Document) -> dict[str, Any]:
    lines = document.organisations
    if document.form == "names" or not lines:
        return _names(document, lines)
    head = sentences.table_head(document)
    return {
        "form": "table",
        "number": len(lines),
        "columns": 1,
        "head": [*head],
        "groups": [
            {"heading": heading, "lines": [_row(line, document) for line in under]}
            for heading, under in groups(lines)
        ],
    }


def _names(document: Document, lines: Sequence[Line]) -> dict[str, Any]:
    return {
        "form": "names",
        "number": len(lines),
        "columns": document.columns_for(lines),
        "groups": [
            {"heading": heading, "lines": [_line(line, document) for line in under]}
            for heading, under in groups(lines)
        ],
    }


def _line(line: Line, document: Document) -> dict[str, Any]:
    beside = sentences.beside(line, document.language)
    beneath = sentences.beneath(line, document.language)
    return _entry(line, document, beside, beneath)


def _row(line: Line, document: Document) -> dict[str, Any]:
    cells = [_breakable(cell) for cell in sentences.table_cells(line, document)]
    return _entry(line, document, sentences.earlier(line)) | {"cells": cells}


def _entry(line: Line, document: Document, beside: str, beneath: str = "") -> dict[str, Any]:
    """What is not so is left out: a list of thousands is read faster."""
    direction = first_direction(line.name)
    facts = {
        "name": _breakable(line.name),
        "direction": direction if direction != document.direction else "",
        "tall": bool(_TALL.search(f"{line.name}{beside}{beneath}")),
        "beside": _breakable(beside),
        "beneath": _breakable(beneath),
        "reported": line.reported,
    }
    return {key: value for key, value in facts.items() if value}


_LONG_WORD = re.compile("[0-9A-Za-zÀ-\u052f\u1e00-\u1fff]{30,}")  # longer than a column is wide
# Letters of Arabic, of South and South-East Asia, Tibetan, Ethiopic and Khmer. (Arabic's comma,
# which an Arabic letter sets between a name and its role in any script, is as low as others.)
_TALL = re.compile(
    "[\u0620-\u08ff\u0900-\u109f\u1200-\u139f\u1780-\u17ff\ufb50-\ufdff\ufe70-\ufefc]"
)
_BETWEEN_LETTERS = re.compile("(?<=.)(?=[^\u0300-\u036f])")


def _breakable(text: str) -> str:
    return _LONG_WORD.sub(lambda word: _BETWEEN_LETTERS.sub("\u200b", word[0]), text)


def _with_sound_logos(document: Document) -> Document:
    """The document without the logos Typst would refuse it for."""
    letterhead = tuple(
        lead if lead.logo is None or pictures.printable(lead.logo) else replace(lead, logo=None)
        for lead in document.letterhead
    )
    wall = tuple(lead for lead in document.wall if lead.logo and pictures.printable(lead.logo))
    return replace(document, letterhead=letterhead, wall=wall)


def _missing_glyph(document: Document) -> MissingGlyph | None:
    """Which character Typst refused the document for; None if it was for something else."""
    texts = list(_texts(document))
    for lacking in fonts.missing("\n".join(texts)):
        return MissingGlyph(lacking, _passage(lacking, texts))
    return None


def _texts(document: Document) -> Iterator[str]:
    for line in (*document.organisations, *document.individuals):
        yield from (line.name, line.affiliation, line.representative, line.role)
        yield from (line.country, line.group)
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
