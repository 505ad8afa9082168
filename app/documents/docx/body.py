"""The body of the letter: the nodes of app/documents/markdown.py as paragraphs and tables."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from app.documents.docx.numbering import BULLETS, LEVELS, Lists
from app.documents.docx.page import TEXT_WIDTH
from app.documents.docx.relations import Relations
from app.documents.docx.styles import INDENT
from app.documents.docx.tables import MOST_COLUMNS, cell, row, table, widths
from app.documents.docx.text import Voice, paragraph
from app.documents.docx.wordml import Property, element, field, joined, properties
from app.documents.markdown import Node, Tree, strings


@dataclass(frozen=True)
class Place:
    """Where a block stands."""

    style: str = "BodyText"  # of its paragraphs
    indent: int = 0  # twips
    lists: int = 0  # how many it is inside of

    def point(self) -> "Place":
        """Inside a point of a list here."""
        style = self.style if self.style == "FootnoteText" else "ListParagraph"
        return Place(style, self.inner, self.lists + 1)

    def quotation(self) -> "Place":
        style = self.style if self.style == "FootnoteText" else "Quote"
        return Place(style, self.inner, self.lists)

    @property
    def inner(self) -> int:
        return min(self.indent + INDENT, TEXT_WIDTH // 2)


class Body:
    """The writing of the letter's text, or of its footnotes."""

    def __init__(self, voice: Voice, relations: Relations, lists: Lists, tree: Tree) -> None:
        self.voice = voice
        self.relations = relations
        self.lists = lists
        self.tree = tree
        self.referred_again = set(_referred_again(tree["blocks"]))

    def text(self) -> Markup:
        return self.blocks(self.tree["blocks"], Place())

    def footnotes(self) -> Markup:
        return joined(
            self.footnote(number, blocks) for number, blocks in enumerate(self.tree["footnotes"], 1)
        )

    def footnote(self, number: int, blocks: list[Node]) -> Markup:
        first, rest = _first(blocks)
        sign = element("r", None, _REFERENCE, element("footnoteRef"))
        place = Place("FootnoteText")
        begun = self.paragraph(first, place, sign, self.voice.runs(" "))
        return element("footnote", {"id": number}, begun, self.blocks(rest, place))

    def blocks(self, nodes: list[Node], place: Place) -> Markup:
        return joined(self.block(node, place) for node in nodes)

    def block(self, node: Node, place: Place) -> Markup:
        match node["type"]:
            case "paragraph" | "heading":
                return self.paragraph(node, place)
            case "list":
                return joined(self.points(node, place))
            case "blockquote":
                return self.blocks(node["blocks"], place.quotation())
            case "table":
                return self.table(node, place)
            case "code_block":
                return paragraph("SourceCode", self.voice.runs(node["text"]), ind=_indent(place))
            case "rule":
                return paragraph("Rule", ind=_indent(place))
        raise ValueError(node["type"])

    def paragraph(self, node: Node, place: Place, *before: Markup, **given: Property) -> Markup:
        style = place.style
        if node["type"] == "heading":
            style = f"Heading{min(node['level'] + 1, 6)}"  # the subject is the heading of level 1
        told = {"ind": _indent(place), **given}
        return paragraph(style, *before, self.inlines(node["content"]), **told)

    def points(self, node: Node, place: Place) -> Iterator[Markup]:
        level = min(place.lists, LEVELS - 1)
        number = self.lists.numbered(level, node["start"]) if node["ordered"] else BULLETS
        style = "ListNumber" if node["ordered"] else "ListBullet"
        outside = place if place.style == "FootnoteText" else Place(style, place.indent)
        inside = place.point()
        sign = properties("numPr", {"ilvl": level, "numId": number})
        indent = None
        if inside.indent != INDENT * (level + 1):  # as the numbering has it
            indent = {"left": inside.indent, "hanging": INDENT}
        for blocks in node["items"]:
            first, rest = _first(blocks)
            yield self.paragraph(first, outside, numPr=sign, ind=indent)
            yield self.blocks(rest, inside)

    def table(self, node: Node, place: Place) -> Markup:
        head, *rows = [_within_limits(cells) for cells in (node["head"], *node["rows"])]
        texts = [["".join(strings(_tree(each))) for each in cells] for cells in (head, *rows)]
        columns = widths(texts, TEXT_WIDTH - place.indent)
        sides = [self.side(side) for side in node["align"]]

        def line(style: str, cells: list[list[Node]]) -> list[Markup]:
            shown = zip(columns, cells, sides, strict=False)
            return [cell(w, paragraph(style, self.inlines(c), jc=side)) for w, c, side in shown]

        lines = [row(*line("TableHead", head), is_head=True)]
        lines += [row(*line("TableText", cells)) for cells in rows]
        indent: Property = {"w": place.indent, "type": "dxa"} if place.indent else None
        made = table("LetterTable", columns, lines, self.voice.direction, tblInd=indent)
        # Word joins tables that nothing separates.
        return made + paragraph("AfterTable")

    def side(self, side: str) -> str | None:
        """In a paragraph from right to left, Word means by left where it starts."""
        if self.voice.direction == "rtl":
            side = {"left": "right", "right": "left"}.get(side, side)
        return side or None

    def inlines(self, nodes: list[Node], **style: Property) -> Markup:
        return joined(self.inline(node, style) for node in nodes)

    def inline(self, node: Node, style: dict[str, Property]) -> Markup:
        match node["type"]:
            case "text":
                return self.voice.runs(node["text"], **style)
            case "code":
                return self.voice.runs(node["text"], **{"rStyle": "VerbatimChar", **style})
            case "emphasis" | "strong" | "strike" as kind:
                return self.inlines(node["content"], **{**style, _INLINE[kind]: True})
            case "link":
                shown = self.inlines(node["content"], **{**style, "rStyle": "Hyperlink"})
                return self.link(node["url"], shown)
            case "break":
                return element("r", None, element("br"))
            case "footnote_ref":
                return self.footnote_ref(node["number"], node["occurrence"])
        raise ValueError(node["type"])

    def link(self, url: str, shown: Markup) -> Markup:
        return element("hyperlink", {"r:id": self.relations.link(url), "history": 1}, shown)

    def footnote_ref(self, number: int, occurrence: int) -> Markup:
        """Word lets one place refer to a note; the others refer to that place."""
        name = f"_Note{number}"
        if occurrence > 1:
            shown = element("t", None, escape(number))
            return field(f"NOTEREF {name} \\f \\h", element("r", None, _REFERENCE, shown))
        sign = element("r", None, _REFERENCE, element("footnoteReference", {"id": number}))
        if number not in self.referred_again:
            return sign
        begin = element("bookmarkStart", {"id": number, "name": name})
        return begin + sign + element("bookmarkEnd", {"id": number})


_REFERENCE = properties("rPr", {"rStyle": "FootnoteReference"})
_INLINE = {"emphasis": "i", "strong": "b", "strike": "strike"}


def _first(blocks: list[Node]) -> tuple[Node, list[Node]]:
    """The block that carries a point's sign or a note's number, an empty one if need be."""
    if blocks and blocks[0]["type"] in ("paragraph", "heading"):
        return blocks[0], blocks[1:]
    return {"type": "paragraph", "content": []}, blocks


def _indent(place: Place) -> Property:
    """What a place adds to the indent of its paragraphs' style."""
    of_style = INDENT if place.style == "Quote" else 0
    return {"left": place.indent} if place.indent != of_style else None


def _within_limits(cells: list[list[Node]]) -> list[list[Node]]:
    """What goes beyond Word's widest table goes into its last column."""
    kept, beyond = cells[: MOST_COLUMNS - 1], cells[MOST_COLUMNS - 1 :]
    space = {"type": "text", "text": " "}
    return [*kept, [node for each in beyond for node in (*each, space)]] if beyond else kept


def _tree(content: list[Node]) -> Tree:
    return {"blocks": content, "footnotes": []}


def _referred_again(node: Any) -> Iterator[int]:
    """The numbers of the notes that are referred to more than once."""
    if isinstance(node, list):
        for each in node:
            yield from _referred_again(each)
    elif isinstance(node, dict):
        if node.get("occurrence", 1) > 1:
            yield node["number"]
        for each in node.values():
            yield from _referred_again(each)
