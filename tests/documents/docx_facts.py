"""The facts of a letter's Word file, from its styles, its numbering and its relations."""

import re
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from lxml import etree

from tests.documents.facts import Content, Facts, Point, Points, plain
from tests.documents.word import DRAWING, R, W, value

LAYOUT, AFTER_TABLE = "Layout", "AfterTable"
GROUP, BESIDE_NAME = "GroupHeading", "LetterheadLocalName"


def facts(rendered: bytes) -> Facts:
    with ZipFile(BytesIO(rendered)) as zipped:
        files = {
            name: etree.fromstring(zipped.read(name))
            for name in zipped.namelist()
            if name.endswith((".xml", ".rels"))
        }
    letter = _Reading(files, "document")
    letter.blocks(files["word/document.xml"].find(f"{W}body"))
    properties = files["docProps/core.xml"]
    notes = files["word/footnotes.xml"].findall(f"{W}footnote")
    return Facts(
        plain(properties.findtext("{*}title") or ""),
        (properties.findtext("{*}language") or "").partition("-")[0],
        letter.content,
        [_note(files, note) for note in notes if note.get(f"{W}type") is None],
        letter.references,
        [
            plain(picture.get("descr"))
            for picture in files["word/document.xml"].iter(f"{DRAWING}docPr")
        ],
    )


def _note(files: dict[str, Any], note: Any) -> Content:
    reading = _Reading(files, "footnotes")
    reading.blocks(note)
    return reading.content


class _Reading:
    def __init__(self, files: dict[str, Any], part: str) -> None:
        relations = files.get(f"word/_rels/{part}.xml.rels", ())
        self.targets = {each.get("Id"): each.get("Target") for each in relations}
        self.styles = {
            each.get(f"{W}styleId"): each for each in files["word/styles.xml"].iter(f"{W}style")
        }
        self.numbering = _Numbering(files["word/numbering.xml"])
        self.content = Content()
        self.references: list[int] = []
        self.within: list[tuple[int, Point]] = []  # points we are inside of, with their indents
        self.in_cell = False
        self.going_on: dict[int, tuple[str | None, int]] = {}  # lists that another point may join

    def blocks(self, parent: Any) -> None:
        for block in parent:
            if block.tag == f"{W}p":
                self.paragraph(block)
            elif block.tag == f"{W}tbl":
                self.table(block)

    def paragraph(self, paragraph: Any) -> None:
        self.place(paragraph)
        style = value(paragraph, "pPr/pStyle") or ""
        said = [text for part in self.text(paragraph).split("\t") if (text := plain(part))]
        if style == BESIDE_NAME:
            self.content.blocks[-1] += " " + " ".join(said)
            return
        self.content.blocks += said
        if said and self.within:
            point = self.within[-1][1]
            point.text = " ".join([point.text, *said]).strip()
        level = value(paragraph, "pPr/outlineLvl") or self.inherited(style, "val", "pPr/outlineLvl")
        if level is not None and said:
            self.content.headings.append((int(level) + 1, " ".join(said)))

    def place(self, paragraph: Any) -> None:
        """Finds the point it is in, or begins."""
        number = paragraph.find(f"{W}pPr/{W}numPr")
        indent = self.indent(paragraph)
        if number is None:
            # What only keeps Word from joining tables is no part of the letter.
            if not self.in_cell and value(paragraph, "pPr/pStyle") != AFTER_TABLE:
                self.leave(indent)
            return
        level, name = int(value(number, "ilvl") or 0), value(number, "numId")
        del self.within[level:]
        around = self.around()
        if self.going_on.get(id(around)) != (name, indent):
            around.append(Points(self.numbering.start(name, level)))
        self.going_on[id(around)] = (name, indent)
        point = Point("")
        around[-1].points.append(point)
        self.within.append((indent, point))

    def leave(self, indent: int) -> None:
        """What is not set in so far as a point's text is beyond that point, and ends its list."""
        while self.within and self.within[-1][0] > indent:
            self.within.pop()
        self.going_on.pop(id(self.around()), None)

    def around(self) -> list[Points]:
        return self.within[-1][1].lists if self.within else self.content.lists

    def indent(self, paragraph: Any) -> int:
        """Where its text begins, less what a quotation is set in."""
        style = value(paragraph, "pPr/pStyle") or ""
        quoted = int(self.inherited(style, "left", "pPr/ind") or 0) if style == "Quote" else 0
        given = paragraph.find(f"{W}pPr/{W}ind")
        if given is not None:
            return int(given.get(f"{W}left", "0")) - quoted
        number = paragraph.find(f"{W}pPr/{W}numPr")
        return 0 if number is None else self.numbering.indent(number)

    def inherited(self, style: str, key: str, path: str) -> str | None:
        """A property of a style or of one it is based on."""
        while (defined := self.styles.get(style)) is not None:
            found = defined.find("/".join(W + name for name in path.split("/")))
            if found is not None:
                return found.get(W + key)
            style = value(defined, "basedOn") or ""
        return None

    def text(self, element: Any) -> str:
        match element.tag.removeprefix(W):
            case "t":
                return element.text or ""
            case "br":
                return " "
            case "tab":
                return "\t"
            case "footnoteReference":
                self.references.append(int(element.get(f"{W}id")))
                return ""
            case "fldSimple":
                note = re.search(r"NOTEREF _Note(\d+)", element.get(f"{W}instr"))
                if note:
                    self.references.append(int(note[1]))
                    return ""
            case "pPr":
                return ""
        said = "".join(self.text(child) for child in element)
        if element.tag == f"{W}hyperlink":
            self.content.links.append((plain(said), self.targets[element.get(f"{R}id")]))
        return said

    def table(self, table: Any) -> None:
        self.leave(int(_indent(table)))
        if value(table, "tblPr/tblStyle") == LAYOUT:
            for cell in table.iter(f"{W}tc"):
                self.blocks(cell)
            return
        tables: list[list[list[str]]] = [[]]
        for row in table.iter(f"{W}tr"):
            before = len(self.content.blocks)
            cells = [self.cell(cell) for cell in row.iter(f"{W}tc")]
            if value(row, "tc/p/pPr/pStyle") == GROUP:
                # Word has one table for all groups; its head is that of each.
                head = tables[0][:1]
                self.headed(before, head[0])
                tables.append([*head])
            else:
                tables[-1].append(cells)
        self.content.tables += [rows for rows in tables if len(rows) > (len(tables) > 1)]

    def headed(self, before: int, head: list[str]) -> None:
        """Moves the head below a group's heading, where others have it."""
        blocks = self.content.blocks
        if blocks[before - len(head) : before] == head:
            del blocks[before - len(head) : before]
        blocks += head

    def cell(self, cell: Any) -> str:
        before = len(self.content.blocks)
        self.in_cell = True
        self.blocks(cell)
        self.in_cell = False
        return " ".join(self.content.blocks[before:])


class _Numbering:
    def __init__(self, numbering: Any) -> None:
        self.lists = {each.get(f"{W}numId"): each for each in numbering.iter(f"{W}num")}
        self.definitions = {
            each.get(f"{W}abstractNumId"): each for each in numbering.iter(f"{W}abstractNum")
        }

    def level(self, name: str | None, level: int) -> Any:
        definition = self.definitions[value(self.lists[name], "abstractNumId")]
        [found] = [
            each for each in definition.iter(f"{W}lvl") if each.get(f"{W}ilvl") == str(level)
        ]
        return found

    def start(self, name: str | None, level: int) -> int | None:
        """The list's first number, None if it has bullets."""
        defined = self.level(name, level)
        if value(defined, "numFmt") == "bullet":
            return None
        begun = self.lists[name].find(f"{W}lvlOverride[@{W}ilvl='{level}']/{W}startOverride")
        return int(value(defined, "start") if begun is None else begun.get(f"{W}val"))

    def indent(self, number: Any) -> int:
        level = self.level(value(number, "numId"), int(value(number, "ilvl") or 0))
        return int(level.find(f"{W}pPr/{W}ind").get(f"{W}left"))


def _indent(table: Any) -> str:
    indent = table.find(f"{W}tblPr/{W}tblInd")
    return "0" if indent is None else indent.get(f"{W}w", "0")
