"""A tree as Markdown can say it: the one shape among all that look the same to a reader.

What the parser in markdown.py gives is tidy already. Other sources are made so: formats that touch
are one, spaces stand outside of them, nothing is empty, and nothing is nested deeper than the
parser goes. For a tidy tree `parse(write(tree)) == tree`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from app.documents.dialect import MAX_NESTING
from app.documents.inlines import canonical, without_breaks
from app.documents.markdown import Node, Tree
from app.letter.clean_text import clean

DEEPEST = MAX_NESTING - 2  # the parser's last level holds nothing but one paragraph
IN_FOOTNOTE = 3  # levels that a footnote itself takes


def tidy(tree: Tree) -> Tree:
    """The same letter; footnotes are numbered as they are referred to, as the parser does."""
    notes = [_Tidying().blocks(note, IN_FOOTNOTE) for note in tree["footnotes"]]
    body = _Tidying({number for number, note in enumerate(notes, 1) if note})
    blocks = body.blocks(tree["blocks"], 0)
    return {"blocks": blocks, "footnotes": [notes[old - 1] for old in body.numbers]}


class _Tidying:
    """One pass over body or footnote. `known` are the numbers of notes that say something."""

    def __init__(self, known: Iterable[int] = ()) -> None:
        self.known = set(known)
        self.numbers: dict[int, int] = {}  # of a footnote: as it came in → as it goes out
        self.references: Counter[int] = Counter()
        self.heading_level = 0

    def blocks(self, nodes: list[Node], level: int) -> list[Node]:
        return [block for node in nodes for block in self.block(node, level)]

    def block(self, node: Node, level: int) -> list[Node]:
        match node["type"]:
            case "heading":
                return self.heading(node)
            case "paragraph":
                content = self.inlines(node["content"])
                return [{"type": "paragraph", "content": content}] if content else []
            case "list":
                return self.points(node, level)
            case "blockquote":
                deeper = min(level + 1, DEEPEST)
                blocks = self.blocks(node["blocks"], deeper)
                if level == DEEPEST or not blocks:
                    return blocks
                return [{"type": "blockquote", "blocks": blocks}]
            case "table":
                return self.table(node)
            case "code_block":
                return _code_block(node["text"])
        return [{"type": "rule"}]

    def heading(self, node: Node) -> list[Node]:
        content = without_breaks(self.inlines(node["content"]))
        if not content:
            return []
        self.heading_level = min(node["level"], self.heading_level + 1)
        return [{"type": "heading", "level": self.heading_level, "content": content}]

    def points(self, node: Node, level: int) -> list[Node]:
        deeper = min(level + 2, DEEPEST)
        items = [blocks for item in node["items"] if (blocks := self.blocks(item, deeper))]
        if level + 2 > DEEPEST or not items:
            return [block for item in items for block in item]
        ordered = node["ordered"]
        start = min(max(node["start"], 0), 999_999) if ordered else 1
        tight = _must_be_tight(items) or (node["tight"] and can_be_tight(items))
        return [
            {"type": "list", "ordered": ordered, "start": start, "tight": tight, "items": items}
        ]

    def table(self, node: Node) -> list[Node]:
        rows = [
            [without_breaks(self.inlines(cell)) for cell in row]
            for row in (node["head"], *node["rows"])
        ]
        width = max(map(len, rows))
        if not any(cell for row in rows for cell in row):
            return []
        head, *others = [row + [[] for _missing in range(width - len(row))] for row in rows]
        align = (list(node["align"]) + [""] * width)[:width]
        return [{"type": "table", "align": align, "head": head, "rows": others}]

    def inlines(self, nodes: list[Node]) -> list[Node]:
        return [self.numbered(node) for node in canonical(list(self.told(nodes)))]

    def told(self, nodes: list[Node]) -> Iterator[Node]:
        """Without references to notes that say nothing."""
        for node in nodes:
            if "content" in node:
                yield {**node, "content": list(self.told(node["content"]))}
            elif node["type"] != "footnote_ref" or node["number"] in self.known:
                yield node

    def numbered(self, node: Node) -> Node:
        if "content" in node:
            return {**node, "content": [self.numbered(child) for child in node["content"]]}
        if node["type"] != "footnote_ref":
            return node
        number = self.numbers.setdefault(node["number"], len(self.numbers) + 1)
        self.references[number] += 1
        return {"type": "footnote_ref", "number": number, "occurrence": self.references[number]}


def _must_be_tight(items: list[list[Node]]) -> bool:
    """Where no two paragraphs or points could be set apart."""
    alone = len(items) == 1 and len(items[0]) == 1
    return alone or not any(block["type"] == "paragraph" for item in items for block in item)


def can_be_tight(items: list[list[Node]]) -> bool:
    """Whether each point is one paragraph, perhaps with tight lists below it."""
    return all(_is_tight(item) for item in items)


def _is_tight(item: list[Node]) -> bool:
    first, *others = item
    return first["type"] in ("paragraph", "list") and all(map(_follows_tightly, others))


def _follows_tightly(block: Node) -> bool:
    # A list that begins elsewhere than at 1 can't end a paragraph without an empty line.
    return bool(block["type"] == "list" and block["tight"] and block["start"] == 1)


def _code_block(source: Any) -> list[Node]:
    text = clean(source).expandtabs(4)
    text = "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")
    return [{"type": "code_block", "text": text}] if text else []
