"""The head of the letter: the lead organisations' logos, or their names in type, side by side."""

from collections.abc import Sequence

from markupsafe import Markup

from app.documents import logo_sizes
from app.documents.document import Lead
from app.documents.docx.page import PER_MM, TEXT_WIDTH
from app.documents.docx.pictures import Picture, logo
from app.documents.docx.relations import Relations
from app.documents.docx.tables import cell, row, table
from app.documents.docx.text import Voice, paragraph

GAP = 8 * PER_MM
LEAST = 32 * PER_MM  # of a name in type


def letterhead(leads: Sequence[Lead], voice: Voice, relations: Relations) -> Markup:
    area = logo_sizes.area(len(leads))
    rows = [_row(row, area, voice, relations) for row in logo_sizes.rows(leads)]
    return paragraph("AfterTable").join(rows) + paragraph("LetterheadEnd")


def _row(leads: Sequence[Lead], area: int, voice: Voice, relations: Relations) -> Markup:
    pictures = _fitting([logo(lead, area) if lead.logo else None for lead in leads])
    if len(leads) == 1:
        return _shown(leads[0], pictures[0], "left", voice, relations)
    columns = _columns(pictures)
    vertical = "center" if any(pictures) else "top"
    sides = ["left", *["center"] * (len(leads) - 2), "right"]
    cells = [
        cell(width, _shown(lead, picture, side, voice, relations), vAlign=vertical)
        for lead, picture, side, width in zip(leads, pictures, sides, columns, strict=True)
    ]
    fixed = {"type": "fixed"}
    return table("Layout", columns, [row(*cells)], voice.direction, tblLayout=fixed)


def _shown(
    lead: Lead, picture: Picture | None, side: str, voice: Voice, relations: Relations
) -> Markup:
    if picture:
        return paragraph("Letterhead", picture.run(relations), jc=side)
    local = paragraph("LetterheadLocalName", voice.name(lead.local_name))
    return paragraph("Letterhead", voice.name(lead.name)) + (local if lead.local_name else "")


def _fitting(pictures: list[Picture | None]) -> list[Picture | None]:
    """The pictures as they are, or all of them smaller so that everything has room."""
    taken = sum(picture.width for picture in pictures if picture) * PER_MM
    typed = pictures.count(None)
    room = TEXT_WIDTH - GAP * (len(pictures) - 1) - LEAST * typed
    scale = min(1, room / taken) if taken else 1
    return [picture.scaled(scale) if picture else None for picture in pictures]


def _columns(pictures: list[Picture | None]) -> list[int]:
    """The widths of the cells: names share what logos leave, the space between is even."""
    taken = sum(picture.width for picture in pictures if picture) * PER_MM
    spaces = len(pictures) - 1
    typed = pictures.count(None)
    gap = GAP if typed else (TEXT_WIDTH - taken) / spaces
    share = (TEXT_WIDTH - taken - gap * spaces) / typed if typed else 0
    outer = (0, spaces)
    return [
        round((picture.width * PER_MM if picture else share) + gap / (2 if n in outer else 1))
        for n, picture in enumerate(pictures)
    ]
