import json
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents.dialect import MAX_COLUMNS, MAX_REFERENCES
from app.documents.markdown import MAX_LENGTH, Node, parse, strings
from app.errors import Refused
from app.letter.clean_text import clean


def text_of(source: str) -> str:
    return "".join(strings(parse(source)))


def only(source: str) -> Node:
    [block] = parse(source)["blocks"]
    return block


def inlines(source: str) -> list[Node]:
    return list(only(source)["content"])


def test_a_paragraph_with_emphasis_code_and_a_link() -> None:
    assert inlines("We *ask* **you** ~~not~~ `now` [here](https://a.example/b)") == [
        {"type": "text", "text": "We "},
        {"type": "emphasis", "content": [{"type": "text", "text": "ask"}]},
        {"type": "text", "text": " "},
        {"type": "strong", "content": [{"type": "text", "text": "you"}]},
        {"type": "text", "text": " "},
        {"type": "strike", "content": [{"type": "text", "text": "not"}]},
        {"type": "text", "text": " "},
        {"type": "code", "text": "now"},
        {"type": "text", "text": " "},
        {
            "type": "link",
            "url": "https://a.example/b",
            "content": [{"type": "text", "text": "here"}],
        },
    ]


def test_a_list_keeps_its_start_and_its_nesting() -> None:
    points = only("3. third\n4. fourth\n   - inner")
    assert (points["ordered"], points["start"], points["tight"]) == (True, 3, True)
    assert [len(blocks) for blocks in points["items"]] == [1, 2]
    assert points["items"][1][1]["ordered"] is False


def test_a_table_keeps_its_alignment() -> None:
    table = only("| a | b | c |\n|---|:-:|--:|\n| 1 | 2 | 3 |")
    assert table["align"] == ["", "center", "right"]
    assert [[cell[0]["text"] for cell in row] for row in table["rows"]] == [["1", "2", "3"]]


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\x00script:alert(1)",
        "&#106;avascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example",
        "/relative",
        "https:",
        "mailto:",
        "https://a.example/" + "x" * 3000,
        "https://amnesty.org@evil.example/",
        "https://a.example:secret@evil.example/",
        "https://a.example\\\\@evil.example",
        "<https://a b.example>",
        "<java\tscript:alert(1)>",
        "<ht\ttps://a.example>",
        "javascript&colon;alert(1)",
        "https:\\\\evil.example",
    ],
)
def test_a_link_elsewhere_becomes_its_text(target: str) -> None:
    assert inlines(f"[press]({target})") == [{"type": "text", "text": "press"}]


@pytest.mark.parametrize(
    "url", ["http://a.example", "https://a.example/?b#c", "mailto:a@b.example"]
)
def test_a_link_to_the_web_or_to_a_mailbox_stays(url: str) -> None:
    assert inlines(f"<{url}>")[0]["url"] == url


def test_an_image_becomes_its_alternative_text() -> None:
    assert text_of("![A *logo*](https://a.example/x.png)") == "A logo"


def test_html_is_text() -> None:
    source = "<script>alert(1)</script>\n\na <b onclick=x>c</b>"
    assert text_of(source) == "<script>alert(1)</script>a <b onclick=x>c</b>"


def test_headings_start_at_one_and_never_skip_a_level() -> None:
    blocks = parse("### a\n\n###### b\n\n# c\n\n#### d")["blocks"]
    assert [block["level"] for block in blocks] == [1, 2, 1, 2]


def test_headings_typed_alike_stay_alike() -> None:
    blocks = parse("## a\n\n## b\n\n### c\n\n##### d\n\n### e\n\n## f")["blocks"]
    assert [block["level"] for block in blocks] == [1, 1, 2, 3, 2, 1]


def test_footnotes_are_numbered_as_they_are_referred_to() -> None:
    tree = parse("a[^z] b[^y] c[^z]\n\n[^y]: why\n[^x]: nobody refers to me\n[^z]: zed")
    references = [node for node in tree["blocks"][0]["content"] if node["type"] == "footnote_ref"]
    assert [(node["number"], node["occurrence"]) for node in references] == [(1, 1), (2, 1), (1, 2)]
    assert [text_of_note(note) for note in tree["footnotes"]] == ["zed", "why"]


def test_a_reference_within_a_footnote_stays_as_typed() -> None:
    tree = parse("a[^1]\n\n[^1]: see [^1] and [^2]\n[^2]: other")
    assert [text_of_note(note) for note in tree["footnotes"]] == ["see [^1] and [^2]"]


def text_of_note(blocks: list[Node]) -> str:
    return "".join(strings({"blocks": blocks, "footnotes": []}))


@pytest.mark.parametrize(
    "character", ["\u202e", "\u2066", "\u200f", "\x07", "\x1b", "\ufeff", "\x9b"]
)
def test_direction_overrides_and_control_characters_go(character: str) -> None:
    assert text_of(f"a{character}b &#{ord(character)};c") in ("ab c", "ab \ufffdc")


def test_code_has_no_line_end_of_its_own() -> None:
    assert inlines("`a&#8232;b` `c\u2028d`")[-1]["text"] == "c d"


def test_joiners_stay_because_scripts_need_them() -> None:
    assert text_of("می\u200cخواهم क\u200dष") == "می\u200cخواهم क\u200dष"


def test_a_line_end_is_a_space_but_not_between_chinese_characters() -> None:
    assert text_of("one\ntwo") == "one two"
    assert text_of("我們\n要求") == "我們要求"
    assert text_of("한국\n인권") == "한국 인권"


def test_what_is_nested_too_deeply_is_kept_as_text() -> None:
    assert text_of("> " * 60 + "deep").endswith("> deep")
    assert depth(parse("> " * 60 + "deep")) < 50
    assert text_of("*a " * 500 + "b*" * 500).count("a") == 500


HOSTILE: dict[str, Callable[[int], str]] = {
    "brackets": lambda n: "[" * n,
    "images": lambda n: "![" * (n // 2),
    "footnotes": lambda n: "[^" * (n // 2),
    "references": lambda n: "[x][" * (n // 4),
    "links": lambda n: "[a](<b" * (n // 6),
    "emphasis": lambda n: "*a **a " * (n // 7),
    "crossed emphasis": lambda n: "*a_" * (n // 3),
    "emphasis in emphasis": lambda n: "*a " * (n // 6) + "a* " * (n // 6),
    "code": lambda n: "`a " * (n // 3),
    "code of all lengths": lambda n: " ".join("`" * each for each in range(int((2 * n) ** 0.5))),
    "tags": lambda n: "<a " * (n // 3),
    "quotations": lambda n: "> " * (n // 2),
    "lists": lambda n: "- " * (n // 2),
    "lazy lines": lambda n: "> " * 30 + "a\n" + "b\n" * (n // 2),
    "a wide table": lambda n: f"|{'a|' * (n // 8)}\n|{'-|' * (n // 8)}\n" + "|a\n" * (n // 6),
    "a long table": lambda n: f"|{'a|' * 20}\n|{'-|' * 20}\n" + "|a\n" * (n // 3),
    "entities": lambda n: "&#x" * (n // 3),
    "one note": lambda n: "[^a]" * (n // 4) + "\n\n[^a]: x",
    "notes in notes": lambda n: "- [^1]: " * (n // 8),
    "notes": lambda n: "".join(f"[^{i}]: a\n" for i in range(n // 9)),
    "titles": lambda n: "[a]: b '" + "a\n" * (n // 2),
}


def calls(text: str) -> int:
    """How much work it is to read a text, whatever else the machine does meanwhile."""
    count = 0

    def tell(_frame: Any, event: str, _value: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(tell)
    try:
        parse(text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_is_inert_and_its_work_grows_with_its_length_only(kind: str) -> None:
    assert depth(parse(HOSTILE[kind](10_000))) < 60
    assert calls(HOSTILE[kind](10_000)) < 2.5 * calls(HOSTILE[kind](5_000)) + 10_000


def test_a_megabyte_of_brackets_is_refused_unread() -> None:
    with pytest.raises(Refused, match="longer than 100,000 characters"):
        parse("[" * 1_000_000)
    parse("a" * MAX_LENGTH)


def test_a_note_is_not_defined_within_another() -> None:
    tree = parse("a[^1]\n\n[^1]: one\n\n    - [^2]: two\n\n[^3]: three")
    assert [text_of_note(note) for note in tree["footnotes"]] == ["one"]
    assert text_of("[^1]: * > [^1]: a\n[^2]: b\n\nc[^2]") == "cb"


def test_so_many_references_are_enough() -> None:
    source = "a[^1] " * (MAX_REFERENCES + 3) + "\n\n[^1]: note"
    [block] = parse(source)["blocks"]
    kinds = [node["type"] for node in block["content"]]
    assert kinds.count("footnote_ref") == MAX_REFERENCES
    assert block["content"][-1]["text"] == " a[^1]" * 3


def test_a_table_too_wide_for_paper_stays_as_typed() -> None:
    def table(columns: int) -> str:
        return f"|{'a|' * columns}\n|{'-|' * columns}\n"

    assert only(table(MAX_COLUMNS))["type"] == "table"
    assert only(table(MAX_COLUMNS + 1))["type"] == "paragraph"


def test_what_word_and_its_like_paste_survives() -> None:
    source = "“Smart” – 100\u00a0% of non\u2011breaking hy\u00adphens…\u200b"
    assert text_of(source) == source.rstrip()


SIGNS = st.sampled_from(
    [*"*_`[]()!<>#|\n\u202e\x00a", "~~", "- ", "1. ", "    ", "[^1]", "\n[^1]: ", "&#8238;"]
)


@given(st.one_of(st.text(), st.lists(SIGNS, max_size=60).map("".join)))
def test_whatever_comes_in_only_allowed_nodes_go_out(source: str) -> None:
    tree = parse(source)
    assert json.loads(json.dumps(tree)) == tree
    for blocks in (tree["blocks"], *tree["footnotes"]):
        for block in blocks:
            check_block(block)
    for text in strings(tree):
        assert clean(text) == text


def check_block(node: Node) -> None:
    keys = {
        "heading": {"level", "content"},
        "paragraph": {"content"},
        "list": {"ordered", "start", "tight", "items"},
        "blockquote": {"blocks"},
        "table": {"align", "head", "rows"},
        "code_block": {"text"},
        "rule": set(),
    }
    assert set(node) - {"type"} == keys[node["type"]]
    for block in [
        *node.get("blocks", []),
        *(each for item in node.get("items", []) for each in item),
    ]:
        check_block(block)
    for row in (node.get("head", []), *node.get("rows", [])):
        assert len(row) == len(node.get("align", []))
        check_inlines([inline for cell in row for inline in cell])
    check_inlines(node.get("content", []))


def check_inlines(nodes: list[Node]) -> None:
    keys = {
        "text": {"text"},
        "code": {"text"},
        "emphasis": {"content"},
        "strong": {"content"},
        "strike": {"content"},
        "link": {"url", "content"},
        "break": set(),
        "footnote_ref": {"number", "occurrence"},
    }
    for node in nodes:
        assert set(node) - {"type"} == keys[node["type"]]
        assert node.get("url", "http:").partition(":")[0] in ("http", "https", "mailto")
        check_inlines(node.get("content", []))


def depth(tree: Any) -> int:
    if isinstance(tree, dict):
        return max((depth(child) for child in tree.values()), default=0)
    if isinstance(tree, list):
        return 1 + max((depth(child) for child in tree), default=0)
    return 0
