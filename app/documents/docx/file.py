"""The file: the letter's parts in a package, the same bytes whenever it is made."""

import io
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.package import OpcPackage
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from markupsafe import Markup

from app.documents.document import Document
from app.documents.docx.languages import word_language
from app.documents.docx.page import FOOTER_ID
from app.documents.docx.relations import Relations
from app.documents.docx.text import paragraph
from app.documents.docx.wordml import element, legal, part

LONGEST = 255  # characters of a property of the file
EARLIEST = (1980, 1, 1, 0, 0, 0)  # no zip file knows an earlier instant
# Notes that are the line above the notes of a page, or above those carried over to it.
SEPARATORS = {-1: "separator", 0: "continuationSeparator"}


class Parts(NamedTuple):
    document: bytes
    styles: bytes
    numbering: bytes
    footnotes: bytes
    footer: bytes
    of_document: Relations
    of_footnotes: Relations


def packed(letter: Document, parts: Parts) -> bytes:
    package = OpcPackage()
    document = _part("document", CONTENT_TYPE.WML_DOCUMENT_MAIN, parts.document)
    package.load_rel(RELATIONSHIP_TYPE.OFFICE_DOCUMENT, document, "document")
    _describe(package, letter)
    footnotes = _part("footnotes", CONTENT_TYPE.WML_FOOTNOTES, parts.footnotes)
    footer = _part("footer", CONTENT_TYPE.WML_FOOTER, parts.footer)
    styles = _part("styles", CONTENT_TYPE.WML_STYLES, parts.styles)
    numbering = _part("numbering", CONTENT_TYPE.WML_NUMBERING, parts.numbering)
    settings = _part("settings", CONTENT_TYPE.WML_SETTINGS, SETTINGS)
    document.load_rel(RELATIONSHIP_TYPE.STYLES, styles, "styles")
    document.load_rel(RELATIONSHIP_TYPE.NUMBERING, numbering, "numbering")
    document.load_rel(RELATIONSHIP_TYPE.SETTINGS, settings, "settings")
    document.load_rel(RELATIONSHIP_TYPE.FOOTNOTES, footnotes, "footnotes")
    document.load_rel(RELATIONSHIP_TYPE.FOOTER, footer, FOOTER_ID)
    parts.of_document.relate(document)
    parts.of_footnotes.relate(footnotes)
    saved = io.BytesIO()
    package.save(saved)
    return _timeless(saved)


def _part(name: str, content_type: str, content: bytes) -> Part:
    return Part(PackURI(f"/word/{name}.xml"), content_type, content)


def _describe(package: OpcPackage, letter: Document) -> None:
    core = package.core_properties
    core.title = legal(letter.title)[:LONGEST]
    core.author = legal("; ".join(lead.name for lead in letter.letterhead))[:LONGEST]
    core.language = word_language(letter.language)
    core.created = core.modified = letter.as_of
    core.last_modified_by = ""


def _timeless(saved: io.BytesIO) -> bytes:
    """The same package without the instant it was saved at."""
    timeless = io.BytesIO()
    with ZipFile(saved) as given, ZipFile(timeless, "w") as made:
        for name in given.namelist():
            made.writestr(ZipInfo(name, EARLIEST), given.read(name), ZIP_DEFLATED)
    return timeless.getvalue()


def footnotes(notes: Markup) -> bytes:
    """The footnotes part: the lines above the notes, and the notes."""
    lines = (
        element("footnote", {"type": kind, "id": number}, _line(kind))
        for number, kind in SEPARATORS.items()
    )
    return part("footnotes", {}, *lines, notes)


def _line(kind: str) -> Markup:
    return paragraph("FootnoteText", element("r", None, element(kind)))


# As Word 2013 and later do it, not as the versions before.
_COMPATIBILITY = element(
    "compat",
    None,
    element("doNotExpandShiftReturn"),  # a justified line is not stretched where it is broken
    *(
        element("compatSetting", {"name": name, "uri": uri, "val": value})
        for uri in ("http://schemas.microsoft.com/office/word",)
        for name, value in {
            "compatibilityMode": 15,
            "overrideTableStyleFontSizeAndJustification": 1,
            "enableOpenTypeFeatures": 1,
            "doNotFlipMirrorIndents": 1,
        }.items()
    ),
)
SETTINGS = part(
    "settings",
    {},
    element("zoom", {"percent": 100}),
    element("defaultTabStop", {"val": 709}),
    element("autoHyphenation"),
    element("doNotHyphenateCaps"),
    element("footnotePr", None, *(element("footnote", {"id": number}) for number in SEPARATORS)),
    _COMPATIBILITY,
    element("decimalSymbol", {"val": "."}),
    element("listSeparator", {"val": ","}),
)
