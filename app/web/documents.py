"""The final letter as PDF, Word and HTML: public once the letter says so, else for its organisers.

Documents are made by app/signatory/renditions.py; a request waits for one, without a thread, and
not long.
"""

import asyncio
from collections.abc import AsyncIterator
from io import SEEK_END
from typing import BinaryIO

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from app.db import Db
from app.documents import html
from app.documents.press import Output
from app.errors import NotFound
from app.i18n import _
from app.letter import letters
from app.letter.letters import Letter
from app.organiser import organisers
from app.signatory.renditions import Rendition, Wanted
from app.web.desk.access import cookie_name
from app.web.pages import page
from app.web.site import Serving, Site

router = APIRouter()

PATIENCE = 8.0  # seconds; most letters take one
PIECE = 64 * 1024  # bytes
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MEDIA_TYPES = {"pdf": "application/pdf", "docx": WORD, "html": "text/html; charset=utf-8"}
# A page of ours may not be framed; this one may do nothing at all besides.
HTML_POLICY = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


@router.get("/letters/{slug}/letter.pdf")
async def letter_pdf(request: Request, slug: str, site: Serving, lang: str = "") -> Response:
    return await _document(request, slug, "pdf", lang, site)


@router.get("/letters/{slug}/letter.docx")
async def letter_docx(request: Request, slug: str, site: Serving, lang: str = "") -> Response:
    return await _document(request, slug, "docx", lang, site)


@router.get("/letters/{slug}/letter.html")
async def letter_html(request: Request, slug: str, site: Serving, lang: str = "") -> Response:
    return await _document(request, slug, "html", lang, site)


async def _document(request: Request, slug: str, output: Output, lang: str, site: Site) -> Response:
    rendition = await run_in_threadpool(_asked, request, slug, output, lang, site)
    if not await _is_done(rendition):
        return _being_made(request)
    if rendition.refusal:
        raise rendition.refusal
    try:
        return await run_in_threadpool(_answer, request, rendition, slug, output)
    except FileNotFoundError:  # the state it shows has passed in this moment
        return _being_made(request)


def _asked(request: Request, slug: str, output: Output, lang: str, site: Site) -> Rendition:
    with site.database.read() as db:
        letter = _visible(request, db, slug, site)
    language = lang if lang in letter.languages else letter.language
    return site.renditions.ask(Wanted(letter.id, letter.revision, language, output))


async def _is_done(rendition: Rendition) -> bool:
    waiting = asyncio.wrap_future(rendition.done)
    done, _pending = await asyncio.wait([waiting], timeout=PATIENCE)
    return bool(done)


def _being_made(request: Request) -> Response:
    """503, because whoever waits for a file must not take a page for it."""
    again = f"{request.url.path}?{request.url.query}".rstrip("?")
    response = page("public/being_made.html", code=503, again=again)
    response.headers["retry-after"] = "3"
    return response


def _visible(request: Request, db: Db, slug: str, site: Site) -> Letter:
    """The letter, if this visitor may have its proof."""
    letter = letters.by_slug(db, slug)
    if letter.public_proof and letter.is_public:
        return letter
    session = request.cookies.get(cookie_name(site, "desk"), "")
    organiser = organisers.of_session(db, session) if session else None
    if organiser is None:
        raise NotFound(_("There is no such letter."))
    return organisers.letter_of(db, organiser, slug)


def _answer(request: Request, rendition: Rendition, slug: str, output: Output) -> Response:
    tag = f'"{rendition.digest[:24]}"'
    # Word files are for Word: browsers can't show them.
    shown = "attachment" if output == "docx" else "inline"
    headers = {
        "cache-control": "private, no-cache",
        "etag": tag,
        "content-disposition": f'{shown}; filename="{slug}.{output}"',
    }
    file = rendition.file.open("rb")
    if output == "html":
        # With "not modified" too: browsers put its headers in place of those they kept.
        headers["content-security-policy"] = f"{html.policy(_head(file))}; {HTML_POLICY}"
    if tag in request.headers.get("if-none-match", ""):
        file.close()
        return Response(status_code=304, headers=headers)
    headers["content-length"] = str(file.seek(0, SEEK_END))
    file.seek(0)
    return StreamingResponse(_pieces(file), headers=headers, media_type=MEDIA_TYPES[output])


def _head(file: BinaryIO) -> bytes:
    """The beginning of an HTML file, with its whole style."""
    head = b""
    while b"</style>" not in head and (piece := file.read(PIECE)):
        head += piece
    return head


async def _pieces(file: BinaryIO) -> AsyncIterator[bytes]:
    """Each once the one before has left: whoever reads slowly must not keep whole files in memory.

    They come from the system's cache, faster than by way of a thread.
    """
    with file:
        while piece := file.read(PIECE):
            yield piece
