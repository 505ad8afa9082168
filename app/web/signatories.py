"""The public list: as a page with search, as JSON, as CSV, and as a feed of the newest."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from app import feeds, letters, signatories
from app.letters import Letter
from app.public_lists import csv_of, json_of
from app.rendering import render
from app.settings import Settings
from app.signatories import Signatory
from app.web import headers
from app.web.encoded import FOR_ALL, Body
from app.web.pages import page
from app.web.shelf import Page, has_only
from app.web.site import Serving
from app.web.views import letter_view, listing_view, query

router = APIRouter()

PAGE_LINES = 200
JSON_LINES = 1_000
FEED_LINES = 50
HTML = "text/html; charset=utf-8"


@router.get("/letters/{slug}/signatories.json")
def signatories_json(
    request: Request, slug: str, site: Serving, after: str = "", lang: str = ""
) -> Response:
    def make(shown: Page) -> Body:
        lines, following = _part(shown.listing.all, after, JSON_LINES)
        facts = json_of(shown.letter, shown.listing, site.settings, lines)
        facts["revision"] = shown.revision
        if following:
            more = urlencode({"after": following} | ({"lang": lang} if lang else {}))
            facts["next"] = f"{_url(site.settings, shown.letter, '.json')}?{more}"
        return Body(orjson.dumps(facts), "application/json")

    is_shelved = has_only(request, "lang")
    return site.shelf.answer(
        request,
        slug,
        make,
        {**headers.shared(site.settings), **FOR_ALL},
        asked=lang,
        is_shelved=is_shelved,
    )


@router.get("/letters/{slug}/signatories.csv")
def signatories_csv(request: Request, slug: str, site: Serving, lang: str = "") -> Response:
    def make(shown: Page) -> Body:
        return Body(csv_of(shown.listing).encode(), "text/csv; charset=utf-8; header=present")

    disposition = {"content-disposition": f'attachment; filename="{slug[:80]}.csv"'}
    return site.shelf.answer(
        request,
        slug,
        make,
        {**headers.shared(site.settings), **disposition, **FOR_ALL},
        asked=lang,
        is_shelved=has_only(request, "lang"),
    )


@router.get("/letters/{slug}/signatories.atom")
def signatories_atom(request: Request, slug: str, site: Serving, lang: str = "") -> Response:
    def make(shown: Page) -> Body:
        newest = signatories.newest(shown.db, shown.letter, FEED_LINES)
        ending = query(shown.letter, shown.asked)
        feed = feeds.atom_of(shown.letter, newest, site.settings, shown.asked, ending)
        return Body(feed, "application/atom+xml; charset=utf-8")

    return site.shelf.answer(
        request,
        slug,
        make,
        headers.shared(site.settings),
        asked=lang,
        is_shelved=has_only(request, "lang"),
    )


@router.get("/letters/{slug}/signatories")
def signatories_page(
    request: Request,
    slug: str,
    site: Serving,
    q: str = "",
    after: str = "",
    at: str = "",
    lang: str = "",
) -> Response:
    """`at` is the id of a signatory: the page on which their line stands is shown."""
    if not q and not after and not at:
        return site.shelf.answer(
            request,
            slug,
            lambda shown: Body(_list_page(shown, site.settings), HTML),
            headers.page(site.settings),
            asked=lang,
            is_shelved=has_only(request, "lang"),
        )
    with site.database.read() as db:
        shown = site.shelf.page(db, letters.public(db, slug), lang)
        after = after or _page_with(shown.listing.all, at)
        return page("public/signatories.html", **_list_context(shown, site.settings, q, after))


def _list_page(shown: Page, settings: Settings) -> bytes:
    return render("public/signatories.html", **_list_context(shown, settings)).encode()


def _list_context(shown: Page, settings: Settings, q: str = "", after: str = "") -> dict[str, Any]:
    letter, listing = shown.letter, shown.listing
    found = listing.matching(q) if q else listing.all
    lines, following = _part(found, after, PAGE_LINES)
    before = _before(found, lines)
    path = f"{letter.path}/signatories"
    lang = query(letter, shown.asked).removeprefix("?lang=")

    def link(after: str | None) -> str | None:
        if after is None:
            return None
        given = {"lang": lang, "q": q, "after": after}
        wanted = urlencode({name: value for name, value in given.items() if value})
        return f"{path}?{wanted}" if wanted else path

    return {
        "letter": letter_view(letter, shown.db.now, shown.asked),
        "home": settings.url(path),
        "feed_url": f"{path}.atom{query(letter, shown.asked)}",
        "listing": listing_view(listing, lines, previous=link(before), following=link(following)),
        "q": q,
        "kept": [("lang", lang)] if lang else [],
    }


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


def _page_with(lines: Sequence[Signatory], wanted: str) -> str:
    """The cursor of the page on which somebody's line stands; "", the first, if they have left."""
    found = next((place for place, line in enumerate(lines) if line.id == wanted), 0)
    start = found // PAGE_LINES * PAGE_LINES
    return _cursor(lines[start - 1], start) if start else ""


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
