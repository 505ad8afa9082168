"""What ends the letter: notes to its list, its wall of logos, and how it can be checked."""

from collections.abc import Iterator

from markupsafe import Markup

from app.documents import qr, sentences
from app.documents.document import Document
from app.documents.docx.flow import Paragraph
from app.documents.docx.page import PER_MM, TEXT_WIDTH
from app.documents.docx.pictures import Picture, logo
from app.documents.docx.relations import Relations
from app.documents.docx.styles import FAINT
from app.documents.docx.tables import cell, row, table
from app.documents.docx.text import Voice, paragraph
from app.documents.docx.wordml import Attributes, Property, element, field, part, properties

CODE = 17  # mm, of the code's sides
LOGO_AREA = 260  # mm², of a logo on the wall
APART = "\u2003\u2003"  # between two logos


def notes(document: Document, voice: Voice, own: Voice) -> Iterator[Paragraph]:
    """What is said of the list as a whole."""
    set_in = {**own.set_in(voice), "keepNext": True}
    if said := sentences.withheld_note(document):
        yield Paragraph("Withheld", own.runs(said), set_in)
    if said := sentences.reported_note(document):
        yield Paragraph("FootLine", own.runs(said), set_in)


def wall(document: Document, relations: Relations) -> Iterator[Paragraph]:
    """One paragraph of logos, so that an editor can move them as words."""
    if document.wall:
        logos = [logo(lead, LOGO_AREA).run(relations) for lead in document.wall]
        yield Paragraph("LogoWall", Voice("ltr").runs(APART).join(logos))


def colophon(document: Document, voice: Voice, own: Voice, relations: Relations) -> Markup:
    """The code beside the count, the version with its checksum, and the address."""
    width = round((CODE + 5) * PER_MM)
    columns = [width, TEXT_WIDTH - width]
    address = document.check_url
    code = Picture(qr.png(address), CODE, CODE, sentences.check_code(document)).run(relations)
    link: Attributes = {"r:id": relations.link(address), "history": 1}
    shown = element("hyperlink", link, own.runs(address, rStyle="Hyperlink"))
    lines = [
        own.runs(sentences.count(document)),
        own.runs(f"{sentences.version(document)}\nSHA-256 {sentences.grouped(document.sha256)}"),
        own.runs(f"{sentences.checking()} ") + shown,
    ]
    said = [paragraph("FootLine", line, **own.set_in(voice)) for line in lines]
    cells = [
        cell(columns[0], paragraph("FootLine", code)),
        cell(columns[1], *said, vAlign="center"),
    ]
    look: dict[str, Property] = {
        "tblBorders": properties("tblBorders", {"top": {"val": "single", "sz": 4, "color": FAINT}}),
        "tblLayout": {"type": "fixed"},
        "tblCellMar": properties("tblCellMar", {"top": {"w": 130, "type": "dxa"}}),
    }
    made = table("Layout", columns, [row(*cells)], voice.direction, **look)
    return paragraph("AfterTable", keepNext=True) + made + paragraph("AfterTable")


def footer(document: Document, own: Voice) -> bytes:
    """The foot of every page."""
    said = own.runs(sentences.provenance(document))
    if document.mark:
        said = own.runs(document.mark, rStyle="ProofMark") + own.runs(" · ") + said
    page = field("PAGE", own.runs("1"))
    pages = field("NUMPAGES", own.runs("1"))
    tab = element("r", None, element("tab"))
    bidi = own.direction == "rtl"
    return part("ftr", {}, paragraph("Footer", said, tab, page, own.runs(" / "), pages, bidi=bidi))
