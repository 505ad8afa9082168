"""Which heading of a Word letter is its title."""

from itertools import takewhile

from app.documents.inlines import plain_text
from app.documents.markdown import Node, Tree, strings

LONG = 200  # characters of a paragraph that is the letter itself, and nothing above it


def take(tree: Tree, said: str) -> str:
    """The title, whose heading then stands in the text no more; empty if there is none.

    It is what the file's properties say (`said`), else the heading that the text begins with, or
    the only one of its level above the first long paragraph. Any other heading is of a part.
    """
    headings = [block for block in tree["blocks"] if block["type"] == "heading"]
    candidate = next((h for h in headings if plain_text(h["content"]) == said), None)
    if candidate is None and not said and headings and _is_above_all(headings, tree):
        candidate = headings[0]
    if candidate is None:
        return said
    if not _has_footnote(candidate):
        tree["blocks"].remove(candidate)
    return plain_text(candidate["content"])


def first_line(tree: Tree) -> str:
    """Where there is no title, the first words that are read."""
    for block in (*tree["blocks"], *(block for note in tree["footnotes"] for block in note)):
        lines = "\n".join(strings({"blocks": [block], "footnotes": []})).strip().split("\n")
        if "content" in block:
            lines = [plain_text(list(takewhile(_is_no_break, block["content"])))]
        if lines[0]:
            return lines[0]
    return ""


def _is_no_break(node: Node) -> bool:
    return bool(node["type"] != "break")


def _is_above_all(headings: list[Node], tree: Tree) -> bool:
    first = headings[0]
    if tree["blocks"][0] is first:
        return True
    above = tree["blocks"][: tree["blocks"].index(first)]
    is_only = [heading["level"] for heading in headings].count(first["level"]) == 1
    return is_only and all(_is_short(block) for block in above)


def _is_short(block: Node) -> bool:
    return (
        block["type"] in ("paragraph", "rule") and len(plain_text(block.get("content", []))) < LONG
    )


def _has_footnote(node: Node) -> bool:
    inner = node.get("content", [])
    return any(child["type"] == "footnote_ref" or _has_footnote(child) for child in inner)
