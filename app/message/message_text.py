"""What organisers write in a message: plain paragraphs and links, nothing else.

`[words](https://…)` and a bare `https://…` are links; every other sign stands as it was typed.
Links lead to https alone: whoever reads a mail can't see where a link goes before it is opened.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.token import Token

from app.documents import targets
from app.errors import Refused
from app.i18n import _
from app.letter.clean_text import clean, clean_line

LONGEST_SUBJECT = 150
LONGEST_BODY = 20_000
MOST_LINKS = 50

_BARE = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
# What ends a sentence, or stands around an address, is no part of it.
_AFTER = ".,;:!?)]}'\"»”’…"


class Piece(NamedTuple):
    """Words; with `url` they are a link. A line break is "\\n"."""

    text: str
    url: str = ""


Paragraph = list[Piece]


def checked_subject(text: str) -> str:
    subject = clean_line(text)
    if not subject:
        raise Refused(_("Give a subject."), "subject")
    if len(subject) > LONGEST_SUBJECT:
        raise Refused(_("The subject is too long: at most 150 characters."), "subject")
    return subject


def checked_body(text: str) -> str:
    """The text as it was typed, without what nobody can see."""
    body = clean(text).strip()
    if not body:
        raise Refused(_("Write something first."), "body")
    if len(body) > LONGEST_BODY:
        raise Refused(_("The text is too long: at most 20,000 characters."), "body")
    links = [piece.url for paragraph in paragraphs(body) for piece in paragraph if piece.url]
    if len(links) > MOST_LINKS:
        raise Refused(_("There are too many links: at most 50."), "body")
    for url in links:
        if not (url.lower().startswith("https://") and targets.allowed(url)):
            sentence = _("Links lead to https addresses only; this one doesn't: %(url)s")
            raise Refused(sentence % {"url": url[:80]}, "body")
    return body


def paragraphs(body: str) -> list[Paragraph]:
    tokens = _parser().parse(body)
    return [list(_pieces(token.children or [])) for token in tokens if token.type == "inline"]


def doubts(body: str) -> list[str]:
    """Sentences about links that lead elsewhere than they say."""
    pieces = [piece for paragraph in paragraphs(body) for piece in paragraph if piece.url]
    nodes: list[dict[str, Any]] = [
        {"type": "link", "url": url, "content": [{"type": "text", "text": text}]}
        for text, url in pieces
    ]
    return targets.doubts({"blocks": nodes}, [])


def plain(parts: Sequence[Paragraph]) -> str:
    """The same for mail that shows no links: each has a number, its address stands at the end."""
    urls: list[str] = []
    written = ["".join(_plain(piece, urls) for piece in paragraph) for paragraph in parts]
    notes = [f"[{number}] {url}" for number, url in enumerate(urls, start=1)]
    return "\n\n".join([*written, "\n".join(notes)] if notes else written)


def _plain(piece: Piece, urls: list[str]) -> str:
    if not piece.url:
        return piece.text
    if piece.url not in urls:
        urls.append(piece.url)
    number = urls.index(piece.url) + 1
    return f"[{number}]" if piece.text == piece.url else f"{piece.text} [{number}]"


def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero").enable(["link", "escape", "newline"])
    # Every link is read as one, so that a forbidden one can be named.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # the parser's own hook
    return parser


def _pieces(tokens: Sequence[Token]) -> Iterator[Piece]:
    url, words = "", ""
    for token in tokens:
        match token.type:
            case "link_open":
                url, words = str(token.attrs.get("href", "")) or "#", ""
            case "link_close":
                yield Piece(words or url, url)
                url = ""
            case "softbreak" | "hardbreak":
                if url:
                    words += " "
                else:
                    yield Piece("\n")
            case _ if url:
                words += token.content
            case _:
                yield from _with_bare_links(token.content)


def _with_bare_links(text: str) -> Iterator[Piece]:
    end = 0
    for found in _BARE.finditer(text):
        url = found.group().rstrip(_AFTER)
        if found.start() > end:
            yield Piece(text[end : found.start()])
        yield Piece(url, normalizeLink(url))
        end = found.start() + len(url)
    if text[end:]:
        yield Piece(text[end:])
