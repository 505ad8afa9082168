"""The public list: as a page with search, as JSON, as CSV, and as a box for other sites."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from app import letters
from app.letters import Letter
from app.public_lists import csv_of, json_of
from app.rendering import render
from app.settings import Settings
from app.signatories import Listing, Signatory
from app.web import headers
from app.web.pages import page
from app.web.shelf import Body, Page
from app.web.site import Serving
from app.web.views import letter_view, listing_view

router = APIRouter()

PAGE_LINES = 200
JSON_LINES = 1_000
EMBED_LINES = 100
MOST_EMBED_LINES = 1_000
THEMES = ("auto", "light", "dark")
LAYOUTS = ("list", "columns", "logos")
HTML = "text/html; charset=utf-8"


@router.get("/letters/{slug}/signatories.json")
def signatories_json(request: Request, slug: str, site: Serving, after: str = "") -> Response:
    def make(shown: Page) -> Body:
        lines, following = _part(shown.listing.all, after, JSON_LINES)
        facts = json_of(shown.letter, shown.listing, site.settings, lines)
        if following:
            facts["next"] = f"{_url(site.settings, shown.letter, '.json')}?after={following}"
        return Body(orjson.dumps(facts), "application/json")

    is_shelved = not request.query_params
    return site.shelf.answer(
        request, slug, make, headers.shared(site.settings), is_shelved=is_shelved
    )


@router.get("/letters/{slug}/signatories.csv")
def signatories_csv(request: Request, slug: str, site: Serving) -> Response:
    def make(shown: Page) -> Body:
        return Body(csv_of(shown.listing).encode(), "text/csv; charset=utf-8; header=present")

    disposition = {"content-disposition": f'attachment; filename="{slug[:80]}.csv"'}
    return site.shelf.answer(
        request,
        slug,
        make,
        {**headers.shared(site.settings), **disposition},
        is_shelved=not request.query_params,
    )


@router.get("/letters/{slug}/signatories")
def signatories_page(
    request: Request, slug: str, site: Serving, q: str = "", after: str = ""
) -> Response:
    if not q and not after:
        return site.shelf.answer(
            request,
            slug,
            lambda shown: Body(_list_page(shown.letter, shown.listing, "", "", shown), HTML),
            headers.page(site.settings),
            is_shelved=not request.query_params.keys() - {"lang"},
        )
    with site.database.read() as db:
        letter = letters.public(db, slug)
        listing = site.shelf.listing(db, letter)
        return page("public/signatories.html", **_list_context(letter, listing, q, after, db.now))


@router.get("/letters/{slug}/embed")
def embed(
    request: Request,
    slug: str,
    site: Serving,
    theme: str = "auto",
    layout: str = "list",
    limit: str = "",
) -> Response:
    most = min(int(limit[:9]), MOST_EMBED_LINES) if limit.isdecimal() else EMBED_LINES

    def make(shown: Page) -> Body:
        html = render(
            "embed/list.html",
            letter=letter_view(shown.letter, shown.db.now),
            listing=listing_view(shown.listing, shown.listing.all[:most]),
            theme=theme if theme in THEMES else "auto",
            layout=layout if layout in LAYOUTS else "list",
            limit=most,
        )
        return Body(html.encode(), HTML)

    is_shelved = not request.query_params.keys() - {"theme", "layout", "limit", "lang"}
    return site.shelf.answer(
        request, slug, make, headers.embed(site.settings), is_shelved=is_shelved
    )


@router.get("/letters/{slug}/embed/demo")
def embed_demo(slug: str, site: Serving) -> Response:
    with site.database.read() as db:
        letter = letters.public(db, slug)
        title = letter.title.replace('"', "&quot;")
        snippet = (
            f'<iframe src="{_url(site.settings, letter, "", "/embed")}" title="{title}"'
            ' width="100%" height="480" loading="lazy"></iframe>'
        )
        return page(
            "embed/demo.html",
            letter=letter_view(letter, db.now),
            frame_url=f"{letter.path}/embed",
            snippet=snippet,
        )


def _list_page(letter: Letter, listing: Listing, q: str, after: str, shown: Page) -> bytes:
    context = _list_context(letter, listing, q, after, shown.db.now)
    return render("public/signatories.html", **context).encode()


def _list_context(letter: Letter, listing: Listing, q: str, after: str, now: Any) -> dict[str, Any]:
    found = listing.matching(q) if q else listing.all
    lines, following = _part(found, after, PAGE_LINES)
    before = _before(found, lines)
    path = f"{letter.path}/signatories"

    def link(after: str | None) -> str | None:
        if after is None:
            return None
        query = {key: value for key, value in (("q", q), ("after", after)) if value}
        return f"{path}?{urlencode(query)}" if query else path

    view = listing_view(listing, lines, previous=link(before), following=link(following))
    return {"letter": letter_view(letter, now), "listing": view, "q": q}


def _part(
    lines: Sequence[Signatory], after: str, size: int
) -> tuple[Sequence[Signatory], str | None]:
    """The page that follows the cursor, and the next page's cursor, None on the last."""
    start = _start(lines, after)
    part = lines[start : start + size]
    return part, _cursor(part[-1], start + size) if len(lines) > start + size else None


def _before(lines: Sequence[Signatory], part: Sequence[Signatory]) -> str | None:
    """The cursor of the page before `part`: "" for the first page, None on the first page."""
    if not part or part[0] is lines[0]:
        return None
    start = lines.index(part[0]) - PAGE_LINES
    return _cursor(lines[start - 1], start) if start > 0 else ""


def _cursor(last: Signatory, place: int) -> str:
    """Who stood last and where: the place helps when that one has gone in the meantime."""
    return f"{last.id}-{place}"


def _start(lines: Sequence[Signatory], after: str) -> int:
    last, _hyphen, place = after.partition("-")
    for number, line in enumerate(lines):
        if line.id == last:
            return number + 1
    return min(int(place), len(lines)) if place.isdecimal() and len(place) < 9 else 0


def _url(settings: Settings, letter: Letter, suffix: str, path: str = "/signatories") -> str:
    return settings.url(f"{letter.path}{path}{suffix}")
