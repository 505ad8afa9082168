"""The list on other sites: in a frame, by a script, and both shown on a page of ours."""

from functools import cache

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.letter import letters
from app.rendering import STATIC, render
from app.web import headers, oembed
from app.web.encoded import Body, Encoded
from app.web.looks import Look, element_code, frame_code
from app.web.pages import page
from app.web.shelf import Page, query_of
from app.web.site import Serving
from app.web.views import letter_view, listing_view

router = APIRouter()

# Partner sites get a changed script within the hour, and ask no more often.
SCRIPT_CACHING = "public, max-age=3600, stale-while-revalidate=86400"


@router.get("/embed.js")
async def script(request: Request) -> Response:
    return _script().response(request.headers)


@router.get("/letters/{slug}/embed")
def embed(
    request: Request,
    slug: str,
    site: Serving,
    theme: str = "auto",
    layout: str = "list",
    limit: str = "",
    lang: str = "",
) -> Response:
    look = Look.of(theme, layout, limit, lang)

    def make(shown: Page) -> Body:
        lines = shown.listing.all[: look.limit]
        html = render(
            "embed/list.html",
            letter=letter_view(shown.letter, shown.db.now, lang),
            home=site.settings.url(shown.letter.path),
            listing=listing_view(shown.listing, lines, revision=shown.revision),
            theme=look.theme,
            layout=look.layout,
        )
        return Body(html.encode(), "text/html; charset=utf-8")

    known = query_of(request, **look.wishes)
    return site.shelf.answer(
        request, slug, make, headers.embed(site.settings), query=known, asked=lang
    )


@router.get("/letters/{slug}/embed/demo")
def embed_demo(slug: str, site: Serving) -> Response:
    looks = [Look(theme="light", layout="columns"), Look(theme="dark", layout="logos")]
    with site.database.read() as db:
        letter = letters.public(db, slug)
        settings = site.settings
        return page(
            "embed/demo.html",
            letter=letter_view(letter, db.now),
            frame_code=frame_code(settings, letter, Look()),
            elements=[(look, element_code(settings, letter, look)) for look in looks],
            oembed_url=oembed.address(settings, letter, "json"),
            list_url=settings.url(f"{letter.path}/signatories"),
            site_url=settings.base_url,
        )


@cache
def _script() -> Encoded:
    body = Body((STATIC / "embed.js").read_bytes(), "text/javascript; charset=utf-8")
    return Encoded(body, {"cache-control": SCRIPT_CACHING, "vary": "accept-encoding"})
