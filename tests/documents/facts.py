"""What a letter says, whichever file says it: the form in which its outputs are compared.

`expected` takes it from the document itself, so outputs that agree cannot all be wrong.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.documents import sentences, words
from app.documents.document import Document, Lead, Line, groups
from app.documents.markdown import Node

# Breaks that are allowed or forbidden, and marks that turn directions: nobody sees them.
_UNSEEN = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufe0e\ufeff]")


@dataclass
class Point:
    """A point of a list: its own text, and the lists within it."""

    text: str
    lists: list["Points"] = field(default_factory=list)


@dataclass
class Points:
    """A list; `start` is its first number, None if it has bullets."""

    start: int | None
    points: list[Point] = field(default_factory=list)


@dataclass
class Content:
    """The letter without its footnotes, or one of them."""

    blocks: list[str] = field(default_factory=list)  # of text, in reading order
    headings: list[tuple[int, str]] = field(default_factory=list)  # level and text
    links: list[tuple[str, str]] = field(default_factory=list)  # text and address
    lists: list[Points] = field(default_factory=list)  # of the text; names are blocks
    tables: list[list[list[str]]] = field(default_factory=list)  # rows of cells, the head first


@dataclass
class Facts:
    title: str
    language: str  # without its region, which Word adds by itself
    letter: Content
    notes: list[Content]
    references: list[int]  # to the notes, in reading order
    pictures: list[str]  # what stands for them where they can't be seen


def plain(text: str) -> str:
    """On one line, without what nobody sees."""
    return " ".join(unicodedata.normalize("NFC", _UNSEEN.sub("", text)).split())


def expected(document: Document) -> Facts:
    with words.writing(document.language):
        return _Expecting(document).facts()


class _Expecting:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.letter = Content()
        self.pictures: list[str] = []

    def facts(self) -> Facts:
        self.opening()
        text = _Text(2)
        text.read(self.document.body["blocks"])
        self.add(text.content)
        self.say(self.document.closing)
        self.signatories()
        self.ending()
        notes = [_note(blocks) for blocks in self.document.body["footnotes"]]
        return Facts(
            plain(self.document.title),
            self.document.language.partition("-")[0],
            self.letter,
            notes,
            text.references,
            self.pictures,
        )

    def add(self, content: Content) -> None:
        for part in ("blocks", "headings", "links", "lists", "tables"):
            getattr(self.letter, part).extend(getattr(content, part))

    def say(self, *texts: str) -> None:
        self.letter.blocks += [said for text in texts if (said := plain(text))]

    def head(self, level: int, text: str) -> None:
        if text:
            self.say(text)
            self.letter.headings.append((level, plain(text)))

    def opening(self) -> None:
        letter = self.document
        for lead in letter.letterhead:
            self.lead(lead)
        self.say(letter.place_and_date, *letter.addressees)
        if letter.cc:
            self.say(sentences.copies(), " ".join(letter.cc))
        labelled = f"{letter.subject_label} {letter.subject}"
        self.head(1, labelled if letter.subject else letter.title)
        self.say(letter.salutation)

    def lead(self, lead: Lead) -> None:
        if lead.logo:
            self.pictures.append(plain(lead.name))
        else:
            self.say(f"{lead.name} {lead.local_name}")

    def signatories(self) -> None:
        letter = self.document
        if not (letter.organisations or letter.individuals or letter.withheld):
            return
        self.head(2, letter.signatories_heading)
        level = 3 if letter.signatories_heading else 2
        for heading, lines in groups(letter.organisations):
            self.head(level, heading)
            if letter.form == "table":
                self.table(lines)
            else:
                self.say(*map(self.name, lines))
        self.head(level, sentences.individuals_heading(letter))
        self.say(*map(self.name, letter.individuals))

    def name(self, line: Line) -> str:
        beside = sentences.beside(line, self.document.language)
        return f"{self.marked(line, beside)} {sentences.beneath(line, self.document.language)}"

    def marked(self, line: Line, beside: str) -> str:
        comma = sentences.comma(self.document.language)
        return line.name + ("†" if line.reported else "") + (comma + beside if beside else "")

    def table(self, lines: list[Line]) -> None:
        rows = [list(sentences.table_head(self.document))]
        for line in lines:
            name = self.marked(line, sentences.earlier(line))
            rows.append([name, *sentences.table_cells(line, self.document)])
        rows = [[plain(cell) for cell in row] for row in rows]
        self.letter.tables.append(rows)
        self.say(*(cell for row in rows for cell in row))

    def ending(self) -> None:
        letter = self.document
        self.say(sentences.withheld_note(letter), sentences.reported_note(letter))
        self.pictures += [plain(lead.name) for lead in letter.wall]
        self.pictures.append(plain(sentences.check_code(letter)))
        self.say(
            sentences.count(letter),
            f"{sentences.version(letter)} SHA-256 {sentences.grouped(letter.sha256)}",
            f"{sentences.checking()} {letter.check_url}",
        )
        self.letter.links.append((letter.check_url, letter.check_url))


class _Text:
    """The facts of nodes of app/documents/markdown.py."""

    def __init__(self, heading_level: int) -> None:
        self.heading_level = heading_level
        self.content = Content()
        self.references: list[int] = []

    def read(self, nodes: list[Node], lists: list[Points] | None = None) -> list[str]:
        """Returns the blocks that are in no list of `nodes`; those go to `lists`."""
        lists = self.content.lists if lists is None else lists
        own: list[str] = []
        for node in nodes:
            own += self.block(node, lists)
        return own

    def block(self, node: Node, lists: list[Points]) -> list[str]:
        match node["type"]:
            case "paragraph":
                return self.say(self.inlines(node["content"]))
            case "heading":
                said = self.say(self.inlines(node["content"]))
                level = min(self.heading_level + node["level"] - 1, 6)
                self.content.headings += [(level, text) for text in said]
                return said
            case "list":
                lists.append(self.points(node))
            case "blockquote":
                return self.read(node["blocks"], lists)
            case "table":
                return self.table(node)
            case "code_block":
                return self.say(node["text"])
        return []

    def points(self, node: Node) -> Points:
        listed = Points(node["start"] if node["ordered"] else None)
        for blocks in node["items"]:
            inner: list[Points] = []
            listed.points.append(Point(" ".join(self.read(blocks, inner)), inner))
        return listed

    def table(self, node: Node) -> list[str]:
        cells = [
            [plain(self.inlines(cell)) for cell in row] for row in (node["head"], *node["rows"])
        ]
        self.content.tables.append(cells)
        return self.say(*(cell for row in cells for cell in row))

    def say(self, *texts: str) -> list[str]:
        said = [text for text in map(plain, texts) if text]
        self.content.blocks += said
        return said

    def inlines(self, nodes: list[Node]) -> str:
        return "".join(self.inline(node) for node in nodes)

    def inline(self, node: Node) -> str:
        match node["type"]:
            case "text" | "code":
                return str(node["text"])
            case "break":
                return " "
            case "footnote_ref":
                self.references.append(node["number"])
                return ""
            case "link":
                said = self.inlines(node["content"])
                self.content.links.append((plain(said), node["url"]))
                return said
        return self.inlines(node["content"])


def _note(blocks: list[Node]) -> Content:
    text = _Text(2)
    text.read(blocks)
    return text.content


def points_in(lists: list[Points]) -> Iterator[Point]:
    """Every point, of lists within lists too."""
    for listed in lists:
        for point in listed.points:
            yield point
            yield from points_in(point.lists)
