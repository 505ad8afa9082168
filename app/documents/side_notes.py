"""Whether a letter's notes can stand beside its text: each at its reference or below the note
before it, and none below the letter's end.

Heights are in characters of the text: so many as take that height. They are estimates that rather
find a note too high; whoever sees the page has fonts and settings of their own.
"""

from collections.abc import Iterator
from typing import Any

from app.documents.markdown import Node, Tree, strings

# So many have a place of their own in the style sheet.
MOST = 40
# A character of a note takes more height than one of the text: its column is narrow.
NARROWNESS = 1.6
# What a paragraph takes besides its characters: the rest of its last line, and the gap below.
PARAGRAPH, NOTE = 60, 45
# Below the letter the column is empty as far as this.
ROOM_BELOW = 100


def fit(tree: Tree) -> bool:
    """False where there are none."""
    heights = [_height(note) for note in tree["footnotes"]]
    at = bottom = 0.0
    placed = 0
    for step in _read(tree["blocks"]):
        if isinstance(step, _Reference):
            while placed < step:  # a note has its number by its first reference
                bottom = max(bottom, at) + heights[placed]
                placed += 1
        else:
            at += step
    return 0 < placed <= MOST and bottom <= at + ROOM_BELOW


class _Reference(int):
    """The number of a note that is referred to."""


def _height(note: list[Node]) -> float:
    characters = sum(map(len, strings({"blocks": note, "footnotes": []})))
    return NARROWNESS * characters + NOTE * len(note)


def _read(part: Any) -> Iterator[int]:
    """Heights and references in reading order. Cells of a table stand beside each other: only
    their references count."""
    if isinstance(part, list):
        for one in part:
            yield from _read(one)
    elif isinstance(part, dict) and part["type"] == "footnote_ref":
        yield _Reference(part["number"])
    elif isinstance(part, dict):
        is_table = part["type"] == "table"
        yield len(part.get("text", ""))
        for inside in part.values():
            yield from (one for one in _read(inside) if not is_table or isinstance(one, _Reference))
        if "content" in part and part["type"] in ("paragraph", "heading"):
            yield PARAGRAPH
