"""Word files as a reader and as Word itself look at them."""

import io
import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

from lxml import etree

DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
DIRECTION_MARKS = re.compile("[\u200e\u200f\u202a-\u202e]")

# The order of the schema (wml.xsd, ISO/IEC 29500-4), whole, but for what no letter has.
ORDER = {
    name: children.split()
    for name, children in {
        "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr"
        " suppressLineNumbers pBdr shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct"
        " topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid spacing ind"
        " contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment"
        " textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
        "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss"
        " imprint noProof snapToGrid vanish webHidden color spacing w kern position sz szCs"
        " highlight u effect bdr shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish",
        "numPr": "ilvl numId",
        "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize"
        " tblW jc tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook",
        "trPr": "cantSplit tblHeader",
        "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection"
        " tcFitText vAlign hideMark",
        "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc"
        " pgBorders lnNumType pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi"
        " rtlGutter docGrid",
        "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden"
        " unhideWhenUsed qFormat locked rsid pPr rPr tblPr trPr tcPr tblStylePr",
        "lvl": "start numFmt lvlRestart pStyle isLgl suff lvlText lvlPicBulletId legacy lvlJc pPr"
        " rPr",
        "numbering": "numPicBullet abstractNum num",
        "settings": "writeProtection view zoom removePersonalInformation embedTrueTypeFonts"
        " trackRevisions documentProtection defaultTabStop autoHyphenation consecutiveHyphenLimit"
        " hyphenationZone doNotHyphenateCaps evenAndOddHeaders characterSpacingControl footnotePr"
        " endnotePr compat rsids themeFontLang clrSchemeMapping decimalSymbol listSeparator",
        "tc": "tcPr p tbl",
        "tbl": "tblPr tblGrid tr",
        "p": "pPr r hyperlink fldSimple bookmarkStart bookmarkEnd",
    }.items()
}
FREE = ("tc", "p")  # of which only the properties have a place, the first


class Word:
    def __init__(self, rendered: bytes) -> None:
        with ZipFile(io.BytesIO(rendered)) as zipped:
            self.files = {name: zipped.read(name) for name in zipped.namelist()}
        self.parts = {
            name: etree.fromstring(content)
            for name, content in self.files.items()
            if name.endswith((".xml", ".rels"))
        }
        self.document = self.parts["word/document.xml"]
        self.footnotes = self.parts["word/footnotes.xml"]

    def paragraphs(self, style: str = "") -> list[str]:
        """The texts of the letter's paragraphs, or of those with a style."""
        return [
            said(paragraph)
            for paragraph in self.document.iter(f"{W}p")
            if style in ("", value(paragraph, "pPr/pStyle"))
        ]

    def find(self, path: str) -> list[Any]:
        """Elements of the document, by a path of Word's own names."""
        return self.document.findall(".//" + "/".join(W + name for name in path.split("/")))

    def note(self, number: int) -> str:
        [note] = [
            note
            for note in self.footnotes.iter(f"{W}footnote")
            if note.get(f"{W}id") == str(number)
        ]
        return "\n".join(map(said, note.iter(f"{W}p"))).strip()

    def text(self) -> str:
        """All that is said, footnotes last."""
        return "\n".join(said(p) for part in (self.document, self.footnotes) for p in part)

    def relations(self, part: str) -> dict[str, tuple[str, bool]]:
        """What the names of a part's relations lead to, and whether that is outside the file."""
        folder, name = posixpath.split(part)
        relations = self.parts.get(f"{folder}/_rels/{name}.rels")
        return {
            each.get("Id"): (each.get("Target"), each.get("TargetMode") == "External")
            for each in (relations if relations is not None else ())
        }

    def links(self) -> list[str]:
        relations = self.relations("word/document.xml")
        return [relations[link.get(f"{R}id")][0] for link in self.document.iter(f"{W}hyperlink")]

    def alternatives(self) -> list[str]:
        """What is said in place of each picture."""
        return [picture.get("descr") for picture in self.document.iter(f"{DRAWING}docPr")]

    def sizes(self) -> list[tuple[int, int]]:
        """Width and height of each picture, in 1/36,000 mm."""
        shown = self.document.iter(f"{DRAWING}extent")
        return [(int(extent.get("cx")), int(extent.get("cy"))) for extent in shown]

    def media(self) -> list[bytes]:
        return [file for name, file in self.files.items() if name.startswith("word/media/")]

    def faults(self) -> list[str]:
        """What Word would call unreadable content, or would not show."""
        checks = (self._disorder, self._lost_relations, self._lost_names, self._cells, self._twice)
        return [fault for check in checks for fault in check()]

    def _disorder(self) -> Iterator[str]:
        for part, root in self.parts.items():
            for element in root.iter():
                name = etree.QName(element).localname
                if element.tag != W + name or name not in ORDER:
                    continue
                children = [etree.QName(child).localname for child in element]
                if unknown := set(children) - set(ORDER[name]):
                    yield f"{part}: {unknown} in {name}"
                places = [ORDER[name].index(child) for child in children if child in ORDER[name]]
                if name in FREE:
                    places = [min(place, 1) for place in places]
                if places != sorted(places):
                    yield f"{part}: {children} in {name}"

    def _lost_relations(self) -> Iterator[str]:
        for part, root in self.parts.items():
            relations = self.relations(part)
            for element in root.iter():
                for key, name in element.items():
                    if key.startswith(R) and name not in relations:
                        yield f"{part}: no relation {name}"
            for target, is_outside in relations.values():
                inside = posixpath.normpath(posixpath.join(posixpath.dirname(part), target))
                if not is_outside and inside.lstrip("/") not in self.files:
                    yield f"{part}: no {target}"
                if is_outside and not target.startswith(("http://", "https://", "mailto:")):
                    yield f"{part}: leads to {target}"

    def _lost_names(self) -> Iterator[str]:
        """Styles, lists and notes that are used and not there."""
        there = {
            "style": self._ids("styles", "style", "styleId"),
            "list": self._ids("numbering", "num", "numId"),
            "definition": self._ids("numbering", "abstractNum", "abstractNumId"),
            "note": self._ids("footnotes", "footnote", "id"),
        }
        used = {
            "style": "pStyle rStyle tblStyle basedOn next",
            "list": "numId",
            "definition": "abstractNumId",
            "note": "footnoteReference",
        }
        for kind, tags in used.items():
            for part in ("document", "footnotes", "footer", "styles", "numbering"):
                for element in self.parts[f"word/{part}.xml"].iter(*(W + t for t in tags.split())):
                    name = element.get(f"{W}val") or element.get(f"{W}id")
                    if name not in there[kind]:
                        yield f"{part}: no {kind} {name}"

    def _cells(self) -> Iterator[str]:
        for part in (self.document, self.footnotes):
            for cell in part.iter(f"{W}tc"):
                if cell[-1].tag != f"{W}p":
                    yield "a cell without a paragraph at its end"
            for table in part.iter(f"{W}tbl"):
                after = table.getnext()
                if after is None or after.tag != f"{W}p":
                    yield "a table without a paragraph after it"
                if len(table.find(f"{W}tblGrid")) > 63:
                    yield "a table with too many columns"
            for level in part.iter(f"{W}ilvl"):
                if not 0 <= int(level.get(f"{W}val")) <= 8:
                    yield "a list too deep"

    def _twice(self) -> Iterator[str]:
        lists = {
            "note": self._ids("footnotes", "footnote", "id"),
            "style": self._ids("styles", "style", "styleId"),
            "list": self._ids("numbering", "num", "numId"),
            "bookmark": self._ids("document", "bookmarkStart", "name"),
            "picture": [each.get("id") for each in self.document.iter(f"{DRAWING}docPr")],
        }
        for kind, names in lists.items():
            for name, count in Counter(names).items():
                if count > 1:
                    yield f"{count} times {kind} {name}"
        for field in self.document.iter(f"{W}fldSimple"):
            name = field.get(f"{W}instr").split()[1]
            if name not in lists["bookmark"]:
                yield f"no bookmark {name}"

    def _ids(self, part: str, tag: str, key: str) -> list[str]:
        return [each.get(W + key) for each in self.parts[f"word/{part}.xml"].iter(W + tag)]


def said(element: Any) -> str:
    """The text of an element, without marks of direction."""
    breaks = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}p": "\n"}
    pieces = (
        each.text or "" if each.tag == f"{W}t" else breaks.get(each.tag, "")
        for each in element.iter()
    )
    return DIRECTION_MARKS.sub("", "".join(pieces)).removeprefix("\n")


def value(element: Any, path: str) -> str | None:
    """The w:val at a path of Word's own names below an element."""
    found = element.find("/".join(W + name for name in path.split("/")))
    return None if found is None else found.get(f"{W}val", "")
