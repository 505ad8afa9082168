"""oEmbed (oembed.com): a content management system is given a letter's address and gets the code
of the frame with its list."""

import re
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode

import orjson
from fastapi import APIRouter, Query, Request
from lxml import etree
from starlette.responses import Response

from app.errors import NotFound
from app.i18n import _
from app.letter.letters import Letter
from app.settings import Settings
from app.web import headers
from app.web.encoded import Body
from app.web.looks import HEIGHT, WIDTH, Look, frame_code, title
from app.web.pages import problem
from app.web.shelf import Page, query_of
from app.web.site import Serving
from app.web.views import query

router = APIRouter()

FORMATS = {"json": "application/json", "xml": "text/xml; charset=utf-8"}
# Seconds for which a site may keep the answer: the frame is live, only its title is in here.
KEPT = 86_400
# Pixels of the narrowest box in which a list can be read.
LEAST = 100
LETTER = re.compile(r"/letters/([a-z0-9-]+)(?:/|/signatories|/embed)?")


def address(settings: Settings, letter: Letter, format_: str, asked: str = "") -> str:
    """Where a letter's own oEmbed stands; the page of the letter names it."""
    url = settings.url(f"{letter.path}{query(letter, asked)}")
    return settings.url(f"/oembed?{urlencode({'format': format_, 'url': url})}")


@router.get("/oembed")
def oembed(
    request: Request,
    site: Serving,
    url: str = "",
    wanted: Annotated[str, Query(alias="format")] = "json",
    maxwidth: str = "",
    maxheight: str = "",
) -> Response:
    if wanted not in FORMATS:
        return problem(501, _("There is JSON here and XML, and no other format."))
    slug, look = _named(site.settings, url)

    def make(shown: Page) -> Body:
        facts = _facts(shown.letter, look, site.settings, (maxwidth, maxheight))
        content = orjson.dumps(facts) if wanted == "json" else _xml(facts)
        return Body(content, FORMATS[wanted])

    # The address that the letter's page names is asked for again and again; others are made anew.
    plain = site.settings.url(f"/letters/{slug}")
    is_usual = url in (plain, f"{plain}?lang={look.lang}") and not (maxwidth or maxheight)
    known = query_of(request, format=wanted, url=url) if is_usual else None
    return site.shelf.answer(
        request, slug, make, headers.shared(site.settings), query=known, asked=look.lang
    )


def _named(settings: Settings, url: str) -> tuple[str, Look]:
    """The slug that an address of ours names, and how it wants the list to look."""
    path, _mark, wishes = url.partition("#")[0].removeprefix(settings.base_url).partition("?")
    found = LETTER.fullmatch(path) if url.startswith(f"{settings.base_url}/") else None
    if not found:
        raise NotFound(_("There is no such letter."))
    asked = dict(parse_qsl(wishes))
    return found[1], Look.of(
        *(asked.get(name, "") for name in ("theme", "layout", "limit", "lang"))
    )


def _facts(
    letter: Letter, look: Look, settings: Settings, most: tuple[str, str]
) -> dict[str, str | int]:
    width, height = _least(most[0], WIDTH), _least(most[1], HEIGHT)
    return {
        "type": "rich",
        "version": "1.0",
        "title": title(letter, look),
        "provider_name": "Undersigned",
        "provider_url": settings.base_url,
        "cache_age": KEPT,
        "html": frame_code(settings, letter, look, width, height),
        "width": width,
        "height": height,
    }


def _least(most: str, usual: int) -> int:
    """Pixels: what is usual, if it isn't more than the site can take; 0 is said by sites that
    don't know, and below the least there is nothing to be read."""
    room = int(most[:9]) if most.isdecimal() else 0
    return max(min(room, usual), LEAST) if room else usual


def _xml(facts: dict[str, str | int]) -> bytes:
    root = etree.Element("oembed")
    for name, value in facts.items():
        etree.SubElement(root, name).text = str(value)
    written: Any = etree.tostring(root, encoding="utf-8", xml_declaration=True, standalone=True)
    return bytes(written)
