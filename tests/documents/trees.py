"""Trees of a letter, of every shape there is, for properties that hold for all of them."""

from typing import Any

from hypothesis import strategies as st

from app.documents.markdown import Node, Tree

WORDS = st.sampled_from(
    ["Dear", "Ms Varga", "it's", "naïve", "عربى", "我們", "1.", "2) b", "-", "+", "#", "# a", "> q",
     "*", "**", "_", "snake_case", "~", "~~", "`", "``", "\\", "\\|", "|", "[x]", "[^1]", "!", "(",
     ":", "&amp;", "&", "<b>", "===", "---", ":-:", "a:b", ".", "…", "“q”", "€", "\u00a0", "\u3000",
     "end\\", "100 %", "https://b.example/x_y~z", "́"]
)  # fmt: skip
TEXT = st.lists(WORDS, min_size=1, max_size=3).flatmap(
    lambda words: st.sampled_from(["", " "]).map(lambda space: space.join(words))
)
URLS = st.sampled_from(
    [
        "https://a.example",
        "https://b.example/x_y~z",
        "https://a.example/b_(c)?d=e&copy;f#g",
        "mailto:a@b.example",
    ]
)


def _leaf(notes: int) -> st.SearchStrategy[Node]:
    leaves = [
        TEXT.map(lambda text: {"type": "text", "text": text}),
        TEXT.map(lambda text: {"type": "code", "text": text}),
        st.just({"type": "break"}),
    ]
    if notes:
        numbers = st.integers(1, notes)
        leaves.append(numbers.map(lambda n: {"type": "footnote_ref", "number": n, "occurrence": 1}))
    return st.one_of(leaves[0], leaves[0], *leaves)


def inlines(notes: int = 0) -> st.SearchStrategy[list[Node]]:
    def formatted(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        content = st.lists(inner, min_size=1, max_size=3)
        return st.one_of(
            st.builds(
                lambda kind, content: {"type": kind, "content": content},
                st.sampled_from(["emphasis", "strong", "strike"]),
                content,
            ),
            st.builds(
                lambda url, content: {"type": "link", "url": url, "content": content}, URLS, content
            ),
        )

    return st.lists(st.recursive(_leaf(notes), formatted, max_leaves=6), min_size=1, max_size=4)


def blocks(notes: int = 0) -> st.SearchStrategy[list[Node]]:
    text = inlines(notes)
    rows = st.integers(1, 3).flatmap(
        lambda width: st.lists(
            st.lists(st.one_of(text, st.just([])), min_size=width, max_size=width),
            min_size=1, max_size=3,
        )
    )  # fmt: skip
    leaf: st.SearchStrategy[Node] = st.one_of(
        text.map(lambda content: {"type": "paragraph", "content": content}),
        st.builds(
            lambda level, content: {"type": "heading", "level": level, "content": content},
            st.integers(1, 6),
            text,
        ),
        rows.map(_table),
        TEXT.map(lambda text: {"type": "code_block", "text": f"  {text}\n\n{text}"}),
        st.just({"type": "rule"}),
    )

    def nested(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        several = st.lists(inner, min_size=0, max_size=3)
        return st.one_of(
            several.map(lambda blocks: {"type": "blockquote", "blocks": blocks}),
            st.builds(
                _list, st.booleans(), st.sampled_from([1, 1, 0, 7, 99]), st.booleans(),
                st.lists(several, min_size=1, max_size=3),
            ),
        )  # fmt: skip

    return st.lists(st.recursive(leaf, nested, max_leaves=8), max_size=4)


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    notes = draw(st.lists(blocks(), max_size=2))
    return {"blocks": draw(blocks(len(notes))), "footnotes": notes}


def _table(rows: list[list[list[Node]]]) -> Node:
    aligned: list[Any] = ["", "left", "center", "right"]
    return {"type": "table", "align": aligned[: len(rows[0])], "head": rows[0], "rows": rows[1:]}


def _list(ordered: bool, start: int, tight: bool, items: list[list[Node]]) -> Node:
    return {"type": "list", "ordered": ordered, "start": start, "tight": tight, "items": items}
