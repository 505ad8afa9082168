"""The body of a letter as HTML: for its public page and for the file that stands alone."""

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup, escape

from app.documents import sentences
from app.documents.markdown import Node, Tree, strings


def parts(tree: Tree) -> tuple[Markup, Markup]:
    """The text, and its footnotes, which may be nothing; in the words that are being written.

    The highest heading becomes <h2>, below the letter's title, and none is deeper than <h6>.
    """
    writing = _Writing(tree)
    text = writing.blocks(tree["blocks"])
    return text, writing.footnotes() if tree["footnotes"] else Markup("")


NARROW = 30  # characters that a line of a table has room for on a telephone
MARGINS = 3  # of a cell, in characters


class _Writing:
    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.references: dict[int, int] = {}  # a footnote's number → how often it is referred to

    def blocks(self, nodes: list[Node]) -> Markup:
        return _joined(self.block(node) for node in nodes)

    def block(self, node: Node) -> Markup:
        match node["type"]:
            case "heading":
                tag = f"h{min(node['level'] + 1, 6)}"
                return _tag(tag, self.inlines(node["content"]), end="\n")
            case "paragraph":
                return _tag("p", self.inlines(node["content"]), end="\n")
            case "list":
                return self.points(node)
            case "blockquote":
                return _tag("blockquote", Markup("\n") + self.blocks(node["blocks"]), end="\n")
            case "table":
                return self.table(node)
            case "code_block":
                return _tag("pre", _code(node["text"]), {"tabindex": 0}, end="\n")
            case "rule":
                return Markup("<hr>\n")
        raise ValueError(node["type"])

    def points(self, node: Node) -> Markup:
        inside = _joined(self.point(blocks, node["tight"]) for blocks in node["items"])
        attributes = {"start": node["start"]} if node["start"] != 1 else {}
        tag = "ol" if node["ordered"] else "ul"
        return _tag(tag, Markup("\n") + inside, attributes, end="\n")

    def point(self, blocks: list[Node], tight: bool) -> Markup:
        first = blocks[0]["content"] if tight and blocks and _is_paragraph(blocks[0]) else []
        rest = blocks[1:] if first else blocks
        inside = self.inlines(first) + (Markup("\n") + self.blocks(rest) if rest else "")
        return _tag("li", inside, end="\n")

    def table(self, node: Node) -> Markup:
        heads, rows, align = node["head"], node["rows"], node["align"]
        head = _tag("tr", self.cells("th", heads, align, {"scope": "col"}))
        lines = _joined(_tag("tr", self.cells("td", row, align, {}), end="\n") for row in rows)
        inside = _tag("thead", head, end="\n")
        if rows:
            inside += _tag("tbody", Markup("\n") + lines, end="\n")
        table = _tag("table", Markup("\n") + inside, end="\n")
        if _narrowest([heads, *rows]) <= NARROW:
            return table
        # It scrolls by itself, so the keyboard must reach it.
        named = {"tabindex": 0, "role": "group", "aria-label": sentences.table()}
        return _tag("div", Markup("\n") + table, {"class": "wide"} | named, end="\n")

    def cells(
        self, tag: str, cells: list[list[Node]], align: list[str], attributes: dict[str, Any]
    ) -> Markup:
        return _joined(
            # A class and not a style: the pages forbid inline styles.
            _tag(tag, self.inlines(cell), attributes | ({"class": f"align-{side}"} if side else {}))
            for cell, side in zip(cells, align, strict=True)
        )

    def inlines(self, nodes: list[Node]) -> Markup:
        return _joined(self.inline(node) for node in nodes)

    def inline(self, node: Node) -> Markup:
        match node["type"]:
            case "text":
                return escape(node["text"])
            case "code":
                return _code(node["text"])
            case "emphasis" | "strong" | "strike" as kind:
                return _tag(_INLINE[kind], self.inlines(node["content"]))
            case "link":
                attributes = {"href": node["url"], "rel": "nofollow noopener"}
                return _tag("a", self.inlines(node["content"]), attributes)
            case "break":
                return Markup("<br>\n")
            case "footnote_ref":
                return self.footnote_ref(node["number"], node["occurrence"])
        raise ValueError(node["type"])

    def footnote_ref(self, number: int, occurrence: int) -> Markup:
        self.references[number] = occurrence
        attributes = {
            "id": _reference_id(number, occurrence),
            "href": f"#note-{number}",
            "role": "doc-noteref",
        }
        return _tag("sup", _tag("a", escape(number), attributes))

    def footnotes(self) -> Markup:
        notes = _joined(
            self.footnote(number, blocks) for number, blocks in enumerate(self.tree["footnotes"], 1)
        )
        return _tag(
            "section",
            Markup("\n") + _tag("ol", Markup("\n") + notes, end="\n"),
            {"class": "footnotes", "role": "doc-endnotes", "aria-label": sentences.footnotes()},
            end="\n",
        )

    def footnote(self, number: int, blocks: list[Node]) -> Markup:
        back = _joined(
            Markup(" ") + self.back_link(number, occurrence)
            for occurrence in range(1, self.references.get(number, 0) + 1)
        )
        if blocks and _is_paragraph(blocks[-1]):
            last = _tag("p", self.inlines(blocks[-1]["content"]) + back, end="\n")
            inside = self.blocks(blocks[:-1]) + last
        else:
            inside = self.blocks(blocks) + _tag("p", back, end="\n")
        return _tag("li", Markup("\n") + inside, {"id": f"note-{number}"}, end="\n")

    def back_link(self, number: int, occurrence: int) -> Markup:
        label = sentences.back_to_note(number)
        attributes = {
            "href": f"#{_reference_id(number, occurrence)}",
            "role": "doc-backlink",
            "aria-label": label,
        }
        return _tag("a", Markup("↩\ufe0e"), attributes)


_INLINE = {"emphasis": "em", "strong": "strong", "strike": "s"}


def _reference_id(number: int, occurrence: int) -> str:
    return f"note-{number}-reference-{occurrence}"


def _narrowest(rows: list[list[list[Node]]]) -> int:
    """How many characters wide the table of these cells is at least, when all its lines break."""
    columns = zip(*rows, strict=True)
    return sum(max(map(_longest_word, cells)) + MARGINS for cells in columns)


def _longest_word(cell: list[Node]) -> int:
    text = "".join(strings({"blocks": cell, "footnotes": []}))
    return max(map(len, text.split()), default=0)


def _is_paragraph(node: Node) -> bool:
    return bool(node["type"] == "paragraph")


def _code(text: str) -> Markup:
    return _tag("code", escape(text), {"dir": "auto"})  # in an Arabic letter, too


def _tag(
    tag: str, inside: str, attributes: dict[str, Any] | None = None, *, end: str = ""
) -> Markup:
    """An element; what isn't Markup yet is escaped."""
    named = _joined(Markup(' {}="{}"').format(*pair) for pair in (attributes or {}).items())
    return Markup("<{0}{1}>{2}</{0}>{3}").format(tag, named, inside, end)


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)
