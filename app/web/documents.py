"""The final letter as PDF and HTML: public once the letter says so, else for its organisers."""

import hashlib
import threading

from fastapi import APIRouter, Request
from starlette.responses import Response

from app import final_letter, letters, organisers
from app.db import Db
from app.documents import html
from app.errors import NotFound
from app.i18n import _
from app.letters import Letter
from app.web.desk.access import cookie_name
from app.web.site import Serving, Site

router = APIRouter()

MOST_KEPT = 32
# Typst takes hundreds of megabytes for a long list: one document at a time.
_rendering = threading.Lock()


@router.get("/letters/{slug}/letter.pdf")
def letter_pdf(request: Request, slug: str, site: Serving) -> Response:
    content = _rendered(request, slug, "pdf", site)
    return _answer(content, "application/pdf", slug, "pdf")


@router.get("/letters/{slug}/letter.html")
def letter_html(request: Request, slug: str, site: Serving) -> Response:
    content = _rendered(request, slug, "html", site)
    response = _answer(content, "text/html; charset=utf-8", slug, "html")
    own = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    response.headers["content-security-policy"] = f"{html.policy()}; {own}"
    return response


def _rendered(request: Request, slug: str, output: str, site: Site) -> bytes:
    with site.database.read() as db:
        letter = _visible(request, db, slug, site)
        key = (slug, output, letter.revision)
        with _rendering:
            if key not in site.proofs:
                document = final_letter.document(db, letter, site.shelf.listing(db, letter))
                site.proofs[key] = final_letter.render(document, output)
                while len(site.proofs) > MOST_KEPT:
                    site.proofs.popitem(last=False)
            return site.proofs[key]


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


def _answer(content: bytes, media_type: str, slug: str, suffix: str) -> Response:
    headers = {
        "cache-control": "private, no-cache",
        "etag": f'"{hashlib.sha256(content).hexdigest()[:24]}"',
        "content-disposition": f'inline; filename="{slug}.{suffix}"',
    }
    return Response(content, media_type=media_type, headers=headers)
