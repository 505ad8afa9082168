"""The final letter as PDF, Word and HTML: public once the letter says so, else for its organisers.

Documents are made by app/renditions.py; a request waits for one, without a thread, and not long.
"""

import asyncio

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from app import letters, organisers
from app.db import Db
from app.documents import html
from app.documents.press import Output
from app.errors import NotFound
from app.i18n import _
from app.letters import Letter
from app.renditions import Rendition, Wanted
from app.web.desk.access import cookie_name
from app.web.pages import page
from app.web.site import Serving, Site

router = APIRouter()

PATIENCE = 8.0  # seconds; most letters take one
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
    response = await _document(request, slug, "html", lang, site)
    if response.status_code == 200:
        response.headers["content-security-policy"] = (
            f"{html.policy(bytes(response.body))}; {HTML_POLICY}"
        )
    return response


async def _document(request: Request, slug: str, output: Output, lang: str, site: Site) -> Response:
    rendition = await run_in_threadpool(_asked, request, slug, output, lang, site)
    if not await _is_done(rendition):
        return _being_made(request)
    if rendition.refusal:
        raise rendition.refusal
    try:
        content = await run_in_threadpool(rendition.content)
    except FileNotFoundError:  # the state it shows has passed in this moment
        return _being_made(request)
    return _answer(request, content, rendition.digest, f"{slug}.{output}")


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


def _answer(request: Request, content: bytes, digest: str, name: str) -> Response:
    tag = f'"{digest[:24]}"'
    suffix = name.rpartition(".")[2]
    # Word files are for Word: browsers can't show them.
    shown = "attachment" if suffix == "docx" else "inline"
    headers = {
        "cache-control": "private, no-cache",
        "etag": tag,
        "content-disposition": f'{shown}; filename="{name}"',
    }
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=MEDIA_TYPES[suffix], headers=headers)
