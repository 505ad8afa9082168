"""The body of a letter: Markdown in, a small tree of allowed nodes out.

The dialect is that of dialect.py. Whatever comes in, only the nodes below go out, so no output
needs to distrust the text again:

blocks   {"type": "heading", "level": 1–6, "content": [inline]}
         {"type": "paragraph", "content": [inline]}
         {"type": "list", "ordered": bool, "start": int, "tight": bool, "items": [[block]]}
         {"type": "blockquote", "blocks": [block]}
         {"type": "table", "align": ["" | "left" | "center" | "right"],
          "head": [[inline]], "rows": [[[inline]]]}
         {"type": "code_block", "text": str}
         {"type": "rule"}
inlines  {"type": "text" | "code", "text": str}
         {"type": "emphasis" | "strong" | "strike", "content": [inline]}
         {"type": "link", "url": str, "content": [inline]}
         {"type": "break"}
         {"type": "footnote_ref", "number": int, "occurrence": int (1 for the first to that note)}

Headings start at level 1 and never skip one; those of one level as typed stay of one level. Links
lead where targets.py allows; any other link becomes its text, an image its alternative text.
Footnotes are numbered as they are first referred to; one nobody refers to is left out, a reference
inside a footnote stays as typed.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Any, TypeAlias, TypedDict

from markdown_it.tree import SyntaxTreeNode

from app.documents import dialect, targets
from app.errors import Refused
from app.i18n import _, format_number
from app.letter.clean_text import clean

MAX_LENGTH = 100_000  # characters, some 35 pages; hostile text of this length takes some seconds
MAX_QUOTATIONS = 6  # within each other; Typst gives up at sixteen with a table inside

Node: TypeAlias = dict[str, Any]


class Tree(TypedDict):
    blocks: list[Node]
    footnotes: list[list[Node]]  # the blocks of footnote 1, of footnote 2, …


def parse(text: str, *, lost: list[str] | None = None) -> Tree:
    """The tree of a Markdown text; `lost` receives the targets of links that became text.

    Raises Refused if the text is longer than any letter.
    """
    if len(text) > MAX_LENGTH:
        limit = format_number(MAX_LENGTH)
        raise Refused(_("The text is longer than %(limit)s characters.") % {"limit": limit}, "body")
    root = SyntaxTreeNode(dialect.parser().parse(clean(text)))
    return _Reading(root, [] if lost is None else lost).tree()


def strings(tree: Tree) -> Iterator[str]:
    """Every piece of text in the tree, in reading order, footnotes last."""
    yield from _strings(tree["blocks"])
    yield from _strings(tree["footnotes"])


class _Reading:
    """One pass over the parser's tree, which numbers footnotes and headings as it meets them."""

    def __init__(self, root: SyntaxTreeNode, lost: list[str]) -> None:
        self.root = root
        self.lost = lost
        self.numbers: dict[int, int] = {}  # the parser's footnote id → the number shown
        self.references: Counter[int] = Counter()
        self.in_footnote = False
        self.quotations = 0  # how many stand around what is being read
        self.headings: list[int] = []  # as typed: the last heading and those it stands under

    def tree(self) -> Tree:
        blocks = self.blocks(self.root.children)
        self.in_footnote = True
        notes = {
            note.meta["id"]: self.blocks(note.children)
            for block in self.root.children
            if block.type == "footnote_block"
            for note in block.children
        }
        return {"blocks": blocks, "footnotes": [notes[note] for note in self.numbers]}

    def blocks(self, nodes: list[SyntaxTreeNode]) -> list[Node]:
        return [block for node in nodes for block in self.block(node)]

    def block(self, node: SyntaxTreeNode) -> list[Node]:
        match node.type:
            case "heading" | "lheading":
                return self.heading(node)
            case "paragraph":
                content = self.inlines(node.children)
                return [{"type": "paragraph", "content": content}] if content else []
            case "bullet_list" | "ordered_list":
                return [self.points(node)]
            case "blockquote":
                return self.quotation(node)
            case "table":
                return [self.table(node)]
            case "code_block" | "fence":
                text = clean(node.content).rstrip("\n").expandtabs(4)
                return [{"type": "code_block", "text": text}] if text.strip() else []
            case "hr":
                return [{"type": "rule"}]
        return []

    def heading(self, node: SyntaxTreeNode) -> list[Node]:
        content = self.inlines(node.children)
        if not content:
            return []
        typed = int(node.tag[1])
        self.headings = [*(above for above in self.headings if above < typed), typed]
        return [{"type": "heading", "level": len(self.headings), "content": content}]

    def quotation(self, node: SyntaxTreeNode) -> list[Node]:
        self.quotations += 1
        blocks = self.blocks(node.children)
        self.quotations -= 1
        if self.quotations >= MAX_QUOTATIONS or not blocks:
            return blocks
        return [{"type": "blockquote", "blocks": blocks}]

    def points(self, node: SyntaxTreeNode) -> Node:
        paragraphs = [child for point in node.children for child in point.children]
        return {
            "type": "list",
            "ordered": node.type == "ordered_list",
            "start": int(node.attrs.get("start", 1)),
            "tight": all(child.hidden for child in paragraphs if child.type == "paragraph"),
            "items": [self.blocks(point.children) for point in node.children],
        }

    def table(self, node: SyntaxTreeNode) -> Node:
        rows = [row.children for part in node.children for row in part.children]
        cells = [[self.inlines(cell.children) for cell in row] for row in rows]
        return {
            "type": "table",
            "align": [_alignment(cell) for cell in rows[0]],
            "head": cells[0],
            "rows": cells[1:],
        }

    def inlines(self, nodes: list[SyntaxTreeNode]) -> list[Node]:
        joined: list[Node] = []
        for node in nodes:
            for inline in self.inline(node):
                if joined and joined[-1]["type"] == inline["type"] == "text":
                    joined[-1]["text"] += inline["text"]
                else:
                    joined.append(inline)
        for inline in joined:
            if inline["type"] == "text":
                inline["text"] = _unwrapped(inline["text"])
        return joined

    def inline(self, node: SyntaxTreeNode) -> list[Node]:
        match node.type:
            case "inline":
                return self.inlines(node.children)
            case "text":
                text = clean(node.content)
                return [{"type": "text", "text": text}] if text else []
            case "softbreak":
                return [{"type": "text", "text": "\n"}]
            case "hardbreak":
                return [{"type": "break"}]
            case "code_inline":
                text = clean(node.content).replace("\n", " ")
                return [{"type": "code", "text": text}] if text else []
            case "em" | "strong" | "s":
                content = self.inlines(node.children)
                return [{"type": _INLINE[node.type], "content": content}] if content else []
            case "link":
                return self.link(self.inlines(node.children), str(node.attrs["href"]))
            case "footnote_ref":
                return [self.footnote_ref(node)]
        return []

    def link(self, content: list[Node], url: str) -> list[Node]:
        if not targets.allowed(url):
            self.lost.append(url)
            return content
        return [{"type": "link", "url": url, "content": content}] if content else []

    def footnote_ref(self, node: SyntaxTreeNode) -> Node:
        if self.in_footnote:
            return {"type": "text", "text": f"[^{node.meta['label']}]"}
        number = self.numbers.setdefault(node.meta["id"], len(self.numbers) + 1)
        self.references[number] += 1
        return {"type": "footnote_ref", "number": number, "occurrence": self.references[number]}


_INLINE = {"em": "emphasis", "strong": "strong", "s": "strike"}


def _alignment(cell: SyntaxTreeNode) -> str:
    return str(cell.attrs.get("style", "")).removeprefix("text-align:")


_SPACES = re.compile("[ \t]+")


def _unwrapped(text: str) -> str:
    """Runs of spaces are one, and so is a line end, but none between Chinese characters."""
    first, *others = _SPACES.sub(" ", text).split("\n")
    for other in others:
        first += ("" if _spaceless(first[-1:]) and _spaceless(other[:1]) else " ") + other
    return first


def _spaceless(character: str) -> bool:
    name = unicodedata.name(character, "") if character else ""
    return name.startswith(("CJK", "HIRAGANA", "KATAKANA", "IDEOGRAPHIC", "FULLWIDTH"))


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for child in node:
            yield from _strings(child)
    elif isinstance(node, dict):
        if "text" in node:
            yield node["text"]
        for key in ("content", "blocks", "items", "head", "rows"):
            yield from _strings(node.get(key, []))
