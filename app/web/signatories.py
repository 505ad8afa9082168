"""The public list: as a page with search, as JSON, as CSV, and as a feed of the newest."""

from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from app.letter import letters
from app.letter.letters import Letter
from app.rendering import render
from app.settings import Settings
from app.signatory import feeds, paging, signatories
from app.signatory.public_lists import csv_of, json_of
from app.web import headers, list_page
from app.web.encoded import FOR_ALL, Body
from app.web.list_page import Asked
from app.web.pages import page
from app.web.shelf import Page, query_of
from app.web.site import Serving
from app.web.views import query

router = APIRouter()

JSON_LINES = 1_000
FEED_LINES = 50
HTML = "text/html; charset=utf-8"
LIST = "public/signatories.html"


@router.get("/letters/{slug}/signatories.json")
def signatories_json(
    request: Request, slug: str, site: Serving, after: str = "", lang: str = ""
) -> Response:
    def make(shown: Page) -> Body:
        listing = shown.listing
        part = paging.part(listing.all, listing.places, JSON_LINES, after)
        facts = json_of(shown.letter, listing, site.settings, part.lines)
        facts["revision"] = shown.revision
        if part.following:
            more = urlencode({"after": part.following} | ({"lang": lang} if lang else {}))
            facts["next"] = f"{_url(site.settings, shown.letter, '.json')}?{more}"
        return Body(orjson.dumps(facts), "application/json")

    known = None if after else query_of(request, lang=lang)
    return site.shelf.answer(
        request,
        slug,
        make,
        {**headers.shared(site.settings), **FOR_ALL},
        query=known,
        asked=lang,
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
        query=query_of(request, lang=lang),
        asked=lang,
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
        query=query_of(request, lang=lang),
        asked=lang,
    )


@router.get("/letters/{slug}/signatories")
def signatories_page(
    request: Request,
    slug: str,
    site: Serving,
    q: str = "",
    country: str = "",
    kind: str = "",
    layout: str = "",
    after: str = "",
    at: str = "",
    lang: str = "",
) -> Response:
    """`at` is the id of a signatory: the page on which their line stands is shown."""
    asked = Asked.of(q, country, kind, layout, after, at)

    def make(shown: Page) -> Body:
        return Body(render(LIST, **list_page.context(shown, site.settings, asked)).encode(), HTML)

    if asked.is_whole:
        return site.shelf.answer(
            request,
            slug,
            make,
            headers.page(site.settings),
            query=query_of(request, lang=lang, layout=layout if layout == "logos" else ""),
            asked=lang,
        )
    with site.database.read() as db:
        shown = site.shelf.page(db, letters.public(db, slug), lang)
        return page(LIST, **list_page.context(shown, site.settings, asked))


def _url(settings: Settings, letter: Letter, suffix: str, path: str = "/signatories") -> str:
    return settings.url(f"{letter.path}{path}{suffix}")
