"""A Word file taken apart: a ZIP archive of XML parts, read within limits.

Nothing is inflated but the few parts a letter needs, and those are counted while they inflate. What
pandoc reads is a package made anew from the checked parts, so that it meets nothing else.
"""

import zlib
from dataclasses import dataclass, field
from io import BytesIO
from posixpath import dirname, join, normpath
from typing import Any
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from lxml import etree

from app.errors import Refused
from app.i18n import _

LARGEST_FILE = 10_000_000  # bytes
LARGEST_PART = 12_000_000  # bytes of XML; a letter's text has some 300,000
MOST_ENTRIES = 5_000
MOST_ELEMENTS = 250_000  # of a part

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# ISO 29500 strict has names of its own for the same things.
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", R[1:-1].encode()),
    (
        b"http://purl.oclc.org/ooxml/drawingml/",
        b"http://schemas.openxmlformats.org/drawingml/2006/",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/math",
        b"http://schemas.openxmlformats.org/officeDocument/2006/math",
    ),
)

Element = Any
"""An element of lxml, which has no types."""


@dataclass
class Package:
    """The parts by their kind: document, styles, numbering, footnotes, endnotes, comments, core;
    headers and footers apart; and for document and notes where their links lead, by id."""

    parts: dict[str, Element] = field(default_factory=dict)
    headers: list[Element] = field(default_factory=list)
    footers: list[Element] = field(default_factory=list)
    links: dict[str, dict[str, str]] = field(default_factory=dict)

    def stories(self) -> list[Element]:
        """The document and its notes, as far as there are any."""
        return [self.parts[kind] for kind in STORIES if kind in self.parts]

    def packed(self) -> bytes:
        """The package as a new file, with nothing in it but text, styles, numbering and links."""
        file = BytesIO()
        with ZipFile(file, "w") as archive:
            archive.writestr("[Content_Types].xml", _content_types())
            archive.writestr("_rels/.rels", _relationships({}, ["document"], "word/"))
            for kind in (*STORIES, "styles", "numbering"):
                if kind in self.parts:
                    archive.writestr(f"word/{kind}.xml", etree.tostring(self.parts[kind]))
            for kind in STORIES:
                inner = [k for k in (*STORIES, "styles", "numbering") if k in self.parts]
                relationships = _relationships(
                    self.links.get(kind, {}), inner if kind == "document" else []
                )
                archive.writestr(f"word/_rels/{kind}.xml.rels", relationships)
        return file.getvalue()


STORIES = ("document", "footnotes", "endnotes")


def unpacked(source: bytes) -> Package:
    """The package of a .docx file. Raises Refused with a sentence for anything else."""
    if len(source) > LARGEST_FILE:
        raise _refused(_("The file is larger than ten megabytes. Leave its pictures out."))
    if source.startswith(_OLE):
        raise _refused(
            _(
                "This is an old Word file or one with a password. Open it in Word and save it as"
                " .docx, without a password."
            )
        )
    try:
        with ZipFile(BytesIO(source)) as archive:
            return _Unpacking(archive).package()
    except (
        BadZipFile,
        LargeZipFile,
        NotImplementedError,
        EOFError,
        OSError,
        RuntimeError,
        UnicodeError,
        ValueError,
        zlib.error,
    ):
        raise _refused(_("This is not a Word file (.docx), or it is damaged.")) from None


class _Unpacking:
    def __init__(self, archive: ZipFile) -> None:
        self.archive = archive
        self.entries = {entry.filename: entry for entry in archive.infolist()}
        if len(archive.infolist()) > MOST_ENTRIES:
            raise _too_large()

    def package(self) -> Package:
        path = next(iter(self.targets("", "officeDocument")), "word/document.xml")
        document = self.part(path)
        if document is None or document.find(f"{W}body") is None:
            raise _refused(_("There is no Word text in this file. Is it a .docx file?"))
        package = Package({"document": document}, links={"document": self.hyperlinks(path)})
        for kind in ("footnotes", "endnotes", "comments", "styles", "numbering"):
            for target in self.targets(path, kind)[:1]:
                self.add(package, kind, target)
        for target in self.targets("", "core-properties")[:1]:
            self.add(package, "core", target)
        package.headers = self.all(path, "header")
        package.footers = self.all(path, "footer")
        return package

    def add(self, package: Package, kind: str, path: str) -> None:
        part = self.part(path)
        if part is not None:
            package.parts[kind] = part
            package.links[kind] = self.hyperlinks(path)

    def all(self, path: str, kind: str) -> list[Element]:
        parts = (self.part(target) for target in self.targets(path, kind)[:30])
        return [part for part in parts if part is not None]

    def targets(self, path: str, kind: str) -> list[str]:
        """The paths of the parts of a kind that belong to the part at `path`."""
        return [
            normpath(join("/", dirname(path), relation.get("Target", ""))).lstrip("/")
            for relation in self.relations(path)
            if relation.get("Type", "").rpartition("/")[2] == kind
            and relation.get("TargetMode") != "External"
        ]

    def hyperlinks(self, path: str) -> dict[str, str]:
        return {
            relation.get("Id", ""): relation.get("Target", "")
            for relation in self.relations(path)
            if relation.get("Type", "").endswith("/hyperlink")
        }

    def relations(self, path: str) -> list[Element]:
        folder, _slash, name = path.rpartition("/")
        part = self.part(join(folder, "_rels", f"{name}.rels"))
        return [] if part is None else list(part.iter(_RELATIONSHIP))

    def part(self, path: str) -> Element | None:
        entry = self.entries.get(path)
        if entry is None or entry.is_dir():
            return None
        return _parsed(self.inflated(entry))

    def inflated(self, entry: ZipInfo) -> bytes:
        if entry.flag_bits & 1:
            raise _refused(_("This file has a password. Save it in Word without one."))
        with self.archive.open(entry) as stream:
            xml = stream.read(LARGEST_PART + 1)  # whatever size the archive says it has
        if len(xml) > LARGEST_PART:
            raise _too_large()
        return xml


def _parsed(xml: bytes) -> Element:
    for strict, usual in _STRICT:
        xml = xml.replace(strict, usual)
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError:
        raise _refused(_("This Word file is damaged: a part of it can't be read.")) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise _refused(_("This file has definitions in it that no Word file has."))
    if root.xpath("count(//*)") > MOST_ELEMENTS:
        raise _too_large()
    return root


def _content_types() -> str:
    base = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    kinds = {"document": "document.main", **{k: k for k in (*STORIES[1:], "styles", "numbering")}}
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{base}.{kind}+xml"/>'
        for name, kind in kinds.items()
    )
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relationships(links: dict[str, str], inner: list[str], folder: str = "") -> bytes:
    namespace = _RELATIONSHIP[1:].partition("}")[0]
    root = etree.Element(f"{{{namespace}}}Relationships", nsmap={None: namespace})
    for kind in inner:
        name = "officeDocument" if folder else kind
        type_ = f"{R[1:-1]}/{name}"
        target = f"{folder}{kind}.xml"
        etree.SubElement(root, _RELATIONSHIP, Id=f"part-{kind}", Type=type_, Target=target)
    for id_, url in links.items():
        etree.SubElement(
            root,
            _RELATIONSHIP,
            Id=id_,
            Type=f"{R[1:-1]}/hyperlink",
            Target=url,
            TargetMode="External",
        )
    xml: bytes = etree.tostring(root)
    return xml


def _too_large() -> Refused:
    return _refused(_("There is more in this file than in any letter."))


def _refused(sentence: str) -> Refused:
    return Refused(sentence, "file")
