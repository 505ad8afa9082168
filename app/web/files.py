"""Styles, scripts, logos, and the small files browsers and crawlers ask for."""

import mimetypes
from functools import cache

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from app import logos
from app.errors import NotFound
from app.i18n import _
from app.rendering import STATIC
from app.web.encoded import FOR_ALL, Body, Encoded
from app.web.site import Serving

router = APIRouter()

MAILED = ("confirm", "manage", "invitations", "reported", "unsubscribe", "dispute")
PRIVATE = (*(f"/{link}/" for link in MAILED), "/drafts/", "/desk", "/mailbox")
FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}


@router.get("/static/{name}")
async def static(request: Request, name: str) -> Response:
    """Its address holds its digest (`app.rendering.asset`), so that browsers may keep it."""
    ready = _static().get(name)
    if ready is None:
        raise NotFound(_("There is no such file."))
    return ready.response(request.headers)


@router.get("/logos/{name}")
def logo(name: str, site: Serving) -> Response:
    path = logos.path(site.settings.logos_dir, name)
    if path is None:
        raise NotFound(_("There is no such picture."))
    return FileResponse(path, media_type="image/png", headers=FOR_EVER)


@router.get("/favicon.ico")
def favicon() -> Response:
    """Browsers ask for it beside files that are no pages."""
    return FileResponse(STATIC / "favicon.svg", media_type="image/svg+xml", headers=FOR_EVER)


@router.get("/robots.txt")
def robots() -> Response:
    """Pages behind mailed links and the desk are nobody's search result."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE)]
    return PlainTextResponse("\n".join(lines) + "\n")


@cache
def _static() -> dict[str, Encoded]:
    """All of them, compressed once: a first visit waits for styles and scripts."""
    ready = {}
    for path in STATIC.iterdir():
        media_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
        if media_type.startswith("text/"):
            media_type += "; charset=utf-8"
        ready[path.name] = Encoded(Body(path.read_bytes(), media_type), {**FOR_EVER, **FOR_ALL})
    return ready
