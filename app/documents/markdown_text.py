"""Markdown from a tree: what markdown.py reads as the same tree again, and people can read too.

Nothing is escaped that doesn't need it. Where a format would not be read as one because of the
letters beside it ("Bür**ger:**innen"), such a letter is written as a character reference.
"""

import re
import string
import unicodedata
from collections.abc import Iterator

from app.documents.markdown import Node, Tree
from app.documents.tidying import can_be_tight

STRONG, STRIKE = "**", "~~"
Token = tuple[str, str]  # "text", "open" or "close", and what is written


def write(tree: Tree) -> str:
    """The Markdown of a tidy tree (see tidying.py), with a line end at its end."""
    parts = [*_blocks(tree["blocks"])]
    parts += (_footnote(number, note) for number, note in enumerate(tree["footnotes"], 1))
    return "\n\n".join(parts) + "\n"


def _footnote(number: int, blocks: list[Node]) -> str:
    parts = [_all_indented(block) for block in _blocks(blocks)]
    if blocks[0]["type"] != "paragraph":
        return "\n\n".join([f"[^{number}]:", *parts])
    parts[0] = f"[^{number}]: {parts[0].lstrip(' ')}"
    return "\n\n".join(parts)


def _blocks(blocks: list[Node]) -> Iterator[str]:
    mark = ""
    for block in blocks:
        # Two lists in a row are told apart by their marks.
        mark = _mark(block, mark) if block["type"] == "list" else ""
        yield _block(block, mark)


def _block(block: Node, mark: str) -> str:
    match block["type"]:
        case "heading":
            text = _escaped_end(_inlines(block["content"]))
            return f"{'#' * block['level']} {text}"
        case "paragraph":
            return _paragraph(block["content"])
        case "list":
            return _list(block, mark)
        case "blockquote":
            lines = "\n\n".join(_blocks(block["blocks"])).split("\n")
            return "\n".join(f"> {line}".rstrip(" ") if not line else f"> {line}" for line in lines)
        case "table":
            return _table(block)
        case "code_block":
            fence = max([2, *map(len, re.findall("`+", block["text"]))]) + 1
            return f"{'`' * fence}\n{block['text']}\n{'`' * fence}"
    return "___"


def _mark(block: Node, before: str) -> str:
    one, other = (".", ")") if block["ordered"] else ("-", "+")
    return other if before == one else one


def _list(block: Node, mark: str) -> str:
    between = "\n" if block["tight"] and can_be_tight(block["items"]) else "\n\n"
    points = []
    for number, item in enumerate(block["items"], block["start"]):
        head = f"{number}{mark} " if block["ordered"] else f"{mark} "
        points.append(head + _indented(between.join(_blocks(item)), len(head)))
    return between.join(points)


def _indented(text: str, width: int) -> str:
    first, *others = text.split("\n")
    return "\n".join([first, *(" " * width + line if line else "" for line in others)])


def _all_indented(text: str) -> str:
    return "    " + _indented(text, 4)


def _table(block: Node) -> str:
    rules = {"": "---", "left": ":--", "center": ":-:", "right": "--:"}
    rows = [_row(_cell(cell) for cell in row) for row in (block["head"], *block["rows"])]
    return "\n".join([rows[0], _row(rules[align] for align in block["align"]), *rows[1:]])


def _row(cells: Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(content: list[Node]) -> str:
    return _inlines(content).replace("|", "\\|")


def _paragraph(content: list[Node]) -> str:
    first, *others = _inlines(content).split("\n")
    lines = [_line_start(first), *(_later_line(line) for line in others)]
    return "\n".join(lines)


_LIST_MARK = re.compile(r"(?:[-+]|(?P<number>[0-9]{1,9})[.)])(?=\s|$)")
_HEADING = re.compile(r"#{1,6}(?=\s|$)")
_UNDERLINE = re.compile(r"[-=:|][-=:| ]*$")


def _line_start(line: str) -> str:
    """The line with a backslash where it would be read as more than text."""
    mark = _LIST_MARK.match(line)
    if mark and mark["number"]:
        return f"{mark['number']}\\{line[len(mark['number']) :]}"
    if mark or line.startswith(">") or _HEADING.match(line) or re.match("-+ *$", line):
        return f"\\{line}"
    return re.sub(r"^(\[\^[0-9]+\]):", r"\1\\:", line)


def _later_line(line: str) -> str:
    return f"\\{line}" if _UNDERLINE.match(line) else _line_start(line)


def _escaped_end(heading: str) -> str:
    """Number signs at a heading's end are its own."""
    return re.sub(r"(?:^|(?<=\s))(#+)$", r"\\\1", heading)


def _inlines(nodes: list[Node]) -> str:
    written = ""
    tokens = list(_tokens(nodes, ""))
    for at, (kind, token) in enumerate(tokens):
        text = token
        if kind == "open" and not _may_open(written[-1:], tokens[at + 1][1][:1], text):
            written = written[:-1] + _reference(written[-1])
        before = tokens[at - 1] if at else ("text", "")
        if before[0] == "close" and not _may_close(written, before[1], text[:1]):
            text = _reference(text[0]) + text[1:]
        if text.startswith("[") and written.endswith("!"):
            written = written[:-1] + "\\!"
        if text.startswith("(") and re.search(r"\[\^[0-9]+\]$", written):
            text = f"\\{text}"
        written += text
    return written


def _tokens(nodes: list[Node], parent: str) -> Iterator[Token]:
    for at, node in enumerate(nodes):
        match node["type"]:
            case "text":
                yield "text", _escaped(node["text"])
            case "code":
                yield "text", _code(node["text"])
            case "break":
                yield "text", "\\\n"
            case "footnote_ref":
                yield "text", f"[^{node['number']}]"
            case "link" if _names_itself(node):
                yield "text", f"<{node['url']}>"
            case "link":
                yield "text", "["
                yield from _tokens(node["content"], "link")
                yield "text", f"]({_address(node['url'])})"
            case format_:
                mark = _format_mark(nodes, at, parent)
                yield "open", mark
                yield from _tokens(node["content"], format_)
                yield "close", mark


def _format_mark(nodes: list[Node], at: int, parent: str) -> str:
    """Emphasis is written with _ where it touches the ** of something strong."""
    node = nodes[at]
    if node["type"] != "emphasis":
        return STRONG if node["type"] == "strong" else STRIKE
    at_edge = parent == "strong" and at in (0, len(nodes) - 1)
    beside = (*nodes[max(at - 1, 0) : at], *nodes[at + 1 : at + 2])
    within = (node["content"][0], node["content"][-1])
    touches = at_edge or any(one["type"] == "strong" for one in (*beside, *within))
    return "_" if touches else "*"


def _may_open(before: str, after: str, mark: str) -> bool:
    """CommonMark 6.2: a left-flanking run, and for _ no letter before it."""
    if not before or before.isspace() or _is_punctuation(before):
        return True
    return mark != "_" and not _may_be_punctuation(after)


def _may_close(written: str, mark: str, after: str) -> bool:
    if not after or after.isspace() or _is_punctuation(after):
        return True
    inside = written.removesuffix(mark)[-1:]
    return mark != "_" and not _may_be_punctuation(inside)


def _is_punctuation(character: str) -> bool:
    return character in string.punctuation or unicodedata.category(character).startswith("P")


def _may_be_punctuation(character: str) -> bool:
    """Readers of different age disagree whether symbols are."""
    return unicodedata.category(character)[0] in "PS"


def _reference(character: str) -> str:
    return f"&#{ord(character)};"


_SPECIAL = re.compile(
    r"[*`\[\]<]"
    r"|(?<![^\W_]{2})_|_(?![^\W_]{2})"  # not deep inside a word
    r"|~(?=~|$)|(?<=~)~|^~"
    r"|\\(?=[!-/:-@\[-`{-~]|.?$)"
    r"|&(?=#?\w+;)"
)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)


def _code(text: str) -> str:
    ticks = "`" * (max([0, *map(len, re.findall("`+", text))]) + 1)
    padded = text.startswith("`") or text.endswith("`") or text[0] == text[-1] == " "
    return f"{ticks} {text} {ticks}" if padded else f"{ticks}{text}{ticks}"


def _names_itself(link: Node) -> bool:
    """Whether the text is the address, in signs that no reader changes."""
    is_same = link["content"] == [{"type": "text", "text": link["url"]}]
    return is_same and bool(
        re.fullmatch(r"https?://[a-z0-9.-]+(/[\w./?=#~+,;@!$-]*)?", link["url"])
    )


def _address(url: str) -> str:
    escaped = re.sub(r"[\\<>]|&(?=#?\w+;)", r"\\\g<0>", url)
    if re.search(r"[()\s]", url):
        return f"<{escaped}>"
    return escaped
