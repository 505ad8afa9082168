"""Pandoc's tree of a Word file as the tree of a letter, and what a letter can't have of it."""

from collections.abc import Callable
from typing import Any

from markdown_it.common.normalize_url import normalizeLink

from app.documents import targets
from app.documents.dialect import MAX_COLUMNS
from app.documents.inlines import canonical, plain_text
from app.documents.markdown import Node, Tree
from app.documents.tidying import tidy
from app.documents.word_loss import Loss, excerpt
from app.i18n import _

Ast = list[dict[str, Any]]


def tree_of(ast: dict[str, Any]) -> tuple[Tree, list[Loss]]:
    """The tidy tree, and what was lost on the way, in reading order."""
    reading = _Reading()
    blocks = reading.blocks(ast["blocks"])
    return tidy({"blocks": blocks, "footnotes": reading.footnotes}), reading.losses


class _Reading:
    def __init__(self) -> None:
        self.footnotes: list[list[Node]] = []
        self.losses: list[Loss] = []

    def blocks(self, nodes: Ast) -> list[Node]:
        return [block for node in nodes for block in self.block(node)]

    def block(self, node: dict[str, Any]) -> list[Node]:
        return _BLOCKS[node["t"]](self, node.get("c")) if node["t"] in _BLOCKS else []

    def paragraph(self, inlines: Ast) -> list[Node]:
        return [{"type": "paragraph", "content": self.inlines(inlines)}]

    def heading(self, header: list[Any]) -> list[Node]:
        level, _attributes, inlines = header
        content = canonical(self.inlines(inlines))
        if len(content) == 1 and content[0]["type"] == "strong":
            content = content[0]["content"]  # a heading is strong already
        return [{"type": "heading", "level": min(level, 6), "content": content}]

    def bullets(self, items: list[Ast]) -> list[Node]:
        return [self.points(items)]

    def numbers(self, numbered: list[Any]) -> list[Node]:
        (start, style, _delimiter), items = numbered
        node = {**self.points(items), "ordered": True, "start": start}
        if style["t"] not in ("DefaultStyle", "Decimal", "Example"):
            self.lost(
                _("The list that begins “%(place)s” is numbered 1, 2, 3 now, as every list is."),
                _text(node["items"][0]),
            )
        return [node]

    def points(self, items: list[Ast]) -> Node:
        points = [self.blocks(item) for item in items]
        return {"type": "list", "ordered": False, "start": 1, "tight": True, "items": points}

    def quotation(self, nodes: Ast) -> list[Node]:
        return [{"type": "blockquote", "blocks": self.blocks(nodes)}]

    def code_block(self, code: list[Any]) -> list[Node]:
        return [{"type": "code_block", "text": code[1]}]

    def rule(self, _nothing: None) -> list[Node]:
        return [{"type": "rule"}]

    def inside(self, wrapped: list[Any]) -> list[Node]:
        return self.blocks(wrapped[-1])

    def table(self, table: list[Any]) -> list[Node]:
        _attributes, _caption, columns, head, bodies, foot = table
        heads = head[1]
        rows = [*heads, *(row for body in bodies for row in (*body[2], *body[3])), *foot[1]]
        if not rows:
            return []
        grid = _Grid(self, len(columns))
        cells = grid.filled(rows)
        if grid.width > MAX_COLUMNS:
            sentence = _("The table that begins “%(place)s” is too wide: its rows are text now.")
            self.lost(sentence, grid.place)
            return [{"type": "paragraph", "content": _in_a_row(row)} for row in cells if any(row)]
        if not heads and len(rows) > 1:
            sentence = _("The table that begins “%(place)s” has a head now: its first row.")
            self.lost(sentence, grid.place)
        align = [_ALIGNMENT.get(column[0]["t"], "") for column in columns]
        return [{"type": "table", "align": align, "head": cells[0], "rows": cells[1:]}]

    def inlines(self, nodes: Ast) -> list[Node]:
        return [inline for node in nodes for inline in self.inline(node)]

    def inline(self, node: dict[str, Any]) -> list[Node]:
        kind = node["t"]
        content: Any = node.get("c")
        match kind:
            case "Str":
                return [{"type": "text", "text": self.known(content)}]
            case "Space" | "SoftBreak":
                return [{"type": "text", "text": " "}]
            case "LineBreak":
                return [{"type": "break"}]
            case "Code" | "Math":
                return [{"type": "code", "text": content[1]}]
            case "Link":
                return self.link(content[1], content[2][0])
            case "Note":
                return self.note(content)
        if kind in _FORMATS:
            return [{"type": _FORMATS[kind], "content": self.inlines(content)}]
        return self.inlines(content if kind in _PLAIN else content[1] if kind == "Span" else [])

    def link(self, nodes: Ast, target: str) -> list[Node]:
        content, url = self.inlines(nodes), normalizeLink(target.strip())
        if targets.allowed(url):
            return [{"type": "link", "url": url, "content": content}]
        if not target.startswith("#"):
            sentence = _("The link to %(target)s at “%(place)s” was left out; its text stays.")
            self.lost(sentence, plain_text(content), target=excerpt(target))
        return content

    def note(self, nodes: Ast) -> list[Node]:
        self.footnotes.append(self.blocks(nodes))
        return [{"type": "footnote_ref", "number": len(self.footnotes), "occurrence": 1}]

    def known(self, text: str) -> str:
        """The text without characters that only Word's symbol fonts have."""
        kept = without_private(text)
        if kept != text:
            self.lost(_("A symbol was left out that no other font has, at “%(place)s”."), kept)
        return kept

    def lost(self, sentence: str, place: str, **facts: str) -> None:
        self.losses.append(Loss(sentence, {"place": excerpt(place) or "…", **facts}))


class _Grid:
    """The cells of a table, each in its column; a cell that spans others leaves those empty."""

    def __init__(self, reading: _Reading, width: int) -> None:
        self.reading, self.width = reading, width
        self.place = ""  # the first words of the table
        self.is_plain = True

    def filled(self, rows: list[Any]) -> list[list[list[Node]]]:
        covered: dict[tuple[int, int], bool] = {}
        filled = []
        for number, (_attributes, cells) in enumerate(rows):
            line: list[list[Node]] = [[] for _column in range(self.width)]
            column = 0
            for _attr, _align, down, across, blocks in cells:
                while (number, column) in covered:
                    column += 1
                if column >= self.width:
                    line.append([])
                line[column] = self.cell(blocks)
                self.merged(down * across > 1)
                for row in range(number, min(number + down, len(rows))):
                    covered.update({(row, column + right): True for right in range(across)})
            filled.append(line)
        return filled

    def cell(self, nodes: Ast) -> list[Node]:
        """The text of a cell; paragraphs and points follow each other on one line."""
        blocks = self.reading.blocks(nodes)
        texts = [text for block in blocks for text in _inline_parts(block) if text]
        content = [part for text in texts for part in (*text, {"type": "text", "text": " "})]
        words = excerpt(plain_text(content))
        self.place = self.place or words
        if any(block["type"] in ("table", "list") for block in blocks):
            sentence = _("The list or table inside a cell is now plain text: “%(place)s”.")
            self.reading.lost(sentence, words)
        elif len(texts) > 1:
            sentence = _("The paragraphs of a cell follow each other on one line: “%(place)s”.")
            self.reading.lost(sentence, words)
        return content

    def merged(self, spans: bool) -> None:
        if spans and self.is_plain:
            self.is_plain = False
            sentence = _("The table that begins “%(place)s” has no merged cells now.")
            self.reading.lost(sentence, self.place)


def _in_a_row(cells: list[list[Node]]) -> list[Node]:
    between: Node = {"type": "text", "text": "· "}
    parts = [[between, *cell] if n else cell for n, cell in enumerate(filter(None, cells))]
    return [node for part in parts for node in part]


def _inline_parts(block: Node) -> list[list[Node]]:
    """The running text of a block and of all inside it, piece by piece."""
    if "content" in block:
        return [block["content"]]
    if "text" in block:
        return [[{"type": "code", "text": block["text"]}]]
    inner = block.get("blocks") or [inner for item in block.get("items", ()) for inner in item]
    cells = [cell for row in (block.get("head", []), *block.get("rows", [])) for cell in row]
    return [part for child in inner for part in _inline_parts(child)] + cells


def _text(blocks: list[Node]) -> str:
    return " ".join(plain_text(part) for block in blocks for part in _inline_parts(block))


def without_private(text: str) -> str:
    """The text without the characters that every font has its own signs for."""
    return "".join(c for c in text if not ("\ue000" <= c <= "\uf8ff" or c >= "\U000f0000"))


_BLOCKS: dict[str, Callable[[_Reading, Any], list[Node]]] = {
    "Para": _Reading.paragraph,
    "Plain": _Reading.paragraph,
    "Header": _Reading.heading,
    "BulletList": _Reading.bullets,
    "OrderedList": _Reading.numbers,
    "BlockQuote": _Reading.quotation,
    "CodeBlock": _Reading.code_block,
    "HorizontalRule": _Reading.rule,
    "Table": _Reading.table,
    "Div": _Reading.inside,
    "Figure": _Reading.inside,
}
_PLAIN = ("Underline", "SmallCaps", "Superscript", "Subscript")
_FORMATS = {"Emph": "emphasis", "Strong": "strong", "Strikeout": "strike"}
_ALIGNMENT = {"AlignLeft": "left", "AlignCenter": "center", "AlignRight": "right"}
