"""A text of a letter as readers go through it: paragraph by paragraph, from title to footnotes.

For comparing two texts. A link is followed by where it leads, since that is part of what is signed.
"""

from collections.abc import Iterator

from app.documents import markdown
from app.documents.markdown import Node, Tree
from app.letter.versions import Text


def paragraphs(text: Text) -> list[str]:
    """What is read, in its order; nothing empty."""
    return [one for one in _paragraphs(text) if one]


def beginning(tree: Tree, most: int = 200) -> str:
    """The first sentences of a body as plain text, at most so many characters; "" if it has no
    paragraph. What links lead to and the numbers of notes are left out."""
    text = " ".join(_plain(tree["blocks"], most).split())
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"


def _plain(blocks: list[Node], most: int) -> str:
    said = ""
    for block in blocks:
        if block["type"] == "paragraph" and len(said) <= most:
            said += " " + "".join(map(_word, block["content"]))
    return said


def _word(node: Node) -> str:
    kind = node["type"]
    if kind in ("text", "code"):
        return str(node["text"])
    if kind in ("break", "footnote_ref"):
        return " " if kind == "break" else ""
    return "".join(map(_word, node["content"]))


def _paragraphs(text: Text) -> Iterator[str]:
    yield from (" · ".join(filter(None, (lead.name, lead.local_name))) for lead in text.letterhead)
    yield text.title
    yield text.place_and_date
    yield from text.addressees
    yield from text.cc
    yield f"{text.subject_label} {text.subject}" if text.subject else ""
    yield text.salutation
    tree = markdown.parse(text.body)
    yield from _of_blocks(tree["blocks"])
    yield text.closing
    yield text.signatories_heading
    for number, note in enumerate(tree["footnotes"], start=1):
        for place, one in enumerate(_of_blocks(note)):
            yield one if place else f"[{number}] {one}"


def _of_blocks(blocks: list[Node]) -> Iterator[str]:
    for block in blocks:
        yield from _of_block(block)


def _of_block(block: Node) -> Iterator[str]:
    kind = block["type"]
    if kind in ("heading", "paragraph"):
        yield _inline(block["content"])
    elif kind == "list":
        for number, points in enumerate(block["items"], start=block["start"]):
            mark = f"{number}." if block["ordered"] else "•"
            for place, one in enumerate(_of_blocks(points)):
                yield one if place else f"{mark} {one}"
    elif kind == "blockquote":
        yield from _of_blocks(block["blocks"])
    elif kind == "table":
        for row in (block["head"], *block["rows"]):
            yield " | ".join(_inline(cell) for cell in row)
    elif kind == "code_block":
        yield block["text"]


def _inline(content: list[Node]) -> str:
    return "".join(map(_piece, content)).strip()


def _piece(node: Node) -> str:
    kind = node["type"]
    if kind in ("text", "code"):
        return str(node["text"])
    if kind == "break":
        return "\n"
    if kind == "footnote_ref":
        return f"[{node['number']}]"
    inner = _inline(node["content"])
    return f"{inner} ({node['url']})" if kind == "link" and node["url"] != inner else inner
