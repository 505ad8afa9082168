"""The final letter as one HTML file: no script, nothing fetched, made to be printed too."""

import base64
import hashlib
import re
from functools import cache

from markupsafe import Markup

from app import rendering
from app.documents import html_logos, qr, sentences, words
from app.documents.document import FEW, Document, groups
from app.documents.html_body import parts

__all__ = ["page", "parts", "policy"]


def page(document: Document) -> str:
    with words.writing(document.language):
        text, notes = parts(document.body)
        style = _style() + _foot(document)
        return rendering.render(
            "document/letter.html",
            letter=document,
            text=text,
            notes=notes,
            letterhead=html_logos.letterhead(document.letterhead),
            wall=html_logos.wall(document.wall),
            few=_lines(document) <= FEW,
            groups=groups,
            sentences=sentences,
            code=html_logos.data_url(qr.svg(document.check_url).encode(), "image/svg+xml"),
            style=Markup(style),  # noqa: S704 - a file of ours, and a text escaped for CSS
            policy=_policy(style),
        )


def _lines(document: Document) -> int:
    """How many lines the names take in one column, with who signed for them and what they stand
    under, which takes two."""
    named = (*document.organisations, *document.individuals)
    beneath = sum(bool(sentences.beneath(line, document.language)) for line in named)
    return len(named) + beneath + 2 * sum(bool(heading) for heading, _under in groups(named))


def policy(page: bytes) -> str:
    """The Content-Security-Policy that such a page says of itself: it shows what it holds."""
    style = page.partition(b"<style>")[2].partition(b"</style>")[0]
    return _policy(style.decode())


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:"


def _foot(document: Document) -> str:
    """What stands at the foot of every printed page, as in the PDF.

    It has to be said in the style: no element of the page is repeated by all that print.
    """
    said = " · ".join(filter(None, (document.mark, sentences.provenance(document))))
    start, end = ("left", "right") if document.direction == "ltr" else ("right", "left")
    pages = 'counter(page) " / " counter(pages)'
    return (
        f"@page {{ @bottom-{start} {{ content: {_css_string(said)}; width: 85% }}"
        f" @bottom-{end} {{ content: {pages} }} }}\n"
    )


def _css_string(text: str) -> str:
    # Whatever could end the string or the style becomes its number.
    return '"' + re.sub(r'["\\<>&\x00-\x1f]', lambda sign: f"\\{ord(sign[0]):x} ", text) + '"'


@cache
def _style() -> str:
    return (rendering.TEMPLATES / "document" / "letter.css").read_text(encoding="utf-8")
