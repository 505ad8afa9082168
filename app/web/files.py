"""Logos, and the small files browsers and crawlers ask for."""

from fastapi import APIRouter
from starlette.responses import FileResponse, PlainTextResponse, Response

from app import logos
from app.errors import NotFound
from app.i18n import _
from app.rendering import STATIC
from app.web.site import Serving

router = APIRouter()

FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}


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
    private = ("/confirm/", "/manage/", "/drafts/", "/desk", "/mailbox")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in private)]
    return PlainTextResponse("\n".join(lines) + "\n")
