"""What Markdown says comes back from a Word file made of it."""

import subprocess

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.documents import pandoc, word
from app.documents.markdown import Node, Tree, parse
from app.documents.markdown_text import write
from app.documents.tidying import tidy

WORDS = st.sampled_from(
    ["Dear", "council", "naïve", "عربى", "我們", "1.", "*", "<b>", "R&D", "[x]"]
)
TEXT = st.lists(WORDS, min_size=1, max_size=4).map(
    lambda words: {"type": "text", "text": " ".join(words)}
)
SPACE: Node = {"type": "text", "text": " "}


def _format(kind: str, content: Node) -> Node:
    return {"type": kind, "content": [content]}


FORMATTED = st.one_of(
    TEXT,
    st.builds(_format, st.sampled_from(["emphasis", "strong", "strike"]), TEXT),
    TEXT.map(lambda text: {"type": "link", "url": "https://a.example/b?c=d", "content": [text]}),
    st.just({"type": "footnote_ref", "number": 1, "occurrence": 1}),
)
PARAGRAPH = st.lists(FORMATTED, min_size=1, max_size=3).map(
    lambda parts: {
        "type": "paragraph",
        "content": [{"type": "text", "text": "So"}]
        + [one for part in parts for one in (SPACE, part)],
    }
)


def _list(ordered: bool, items: list[list[Node]]) -> Node:
    return {"type": "list", "ordered": ordered, "start": 1, "tight": True, "items": items}


def _points(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    item = st.tuples(PARAGRAPH, st.one_of(st.none(), inner)).map(
        lambda pair: [block for block in pair if block]
    )
    return st.builds(_list, st.booleans(), st.lists(item, min_size=1, max_size=3))


LIST = _points(_points(_points(st.none())))
HEADING = st.builds(
    lambda level, text: {"type": "heading", "level": level, "content": [text]},
    st.integers(1, 3),
    TEXT,
)


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    blocks = draw(st.lists(st.one_of(PARAGRAPH, LIST, HEADING), min_size=1, max_size=4))
    # Lists that touch would be one list in Word.
    apart = [one for block in blocks for one in (block, draw(PARAGRAPH))]
    note = [{"type": "paragraph", "content": [draw(TEXT)]}]
    return tidy({"blocks": apart, "footnotes": [note]})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trees())
def test_text_links_lists_formats_and_footnotes_come_back(tree: Tree) -> None:
    read = word.read(docx_of(write(tree)))
    assert parse(read.body) == once_each(tree)
    assert read.title == "Title"
    assert read.losses == []


def once_each(tree: Tree) -> Tree:
    """In Word each reference has a note of its own."""
    notes: list[list[Node]] = []

    def renumbered(node: Node) -> Node:
        if node["type"] == "footnote_ref":
            notes.append(tree["footnotes"][node["number"] - 1])
            return {**node, "number": len(notes), "occurrence": 1}
        return {
            key: [
                [renumbered(one) for one in child] if isinstance(child, list) else renumbered(child)
                for child in value
            ]
            if isinstance(value, list)
            else value
            for key, value in node.items()
        }

    blocks = [renumbered(block) for block in tree["blocks"]]
    return {"blocks": blocks, "footnotes": notes}


def docx_of(markdown: str) -> bytes:
    command = [
        pandoc.program(), "-f", "commonmark+footnotes+strikeout", "-t", "docx",
        "--metadata", "title=Title", "-o", "-",
    ]  # fmt: skip
    return subprocess.run(command, input=markdown.encode(), capture_output=True, check=True).stdout
