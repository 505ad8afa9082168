"""The picture that links to a letter are shown with by networks and messengers."""

import asyncio
from datetime import datetime

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from app.documents.card import Card
from app.letter import letters
from app.letter.letters import Letter
from app.signatory import cards
from app.web import headers
from app.web.encoded import CACHING, FOR_ALL, Body
from app.web.shelf import query_of
from app.web.site import Serving, Site

router = APIRouter()

# An address that names the content shows the same as long as anybody links to it.
LASTING = "public, max-age=86400"


@router.get("/letters/{slug}/card.png")
async def card(request: Request, slug: str, site: Serving, lang: str = "", v: str = "") -> Response:
    """`v` names the content, so that networks fetch it anew when that changes."""
    letter, now, wanted = await run_in_threadpool(_wanted, slug, lang, site)
    # Who gives up waiting must not end a drawing that others wait for.
    png = await asyncio.shield(asyncio.wrap_future(site.cards.drawn(wanted)))
    caching = {"cache-control": LASTING if v == wanted.digest else CACHING}
    return await run_in_threadpool(
        site.shelf.keep,
        request,
        Body(png, "image/png"),
        {**headers.page(site.settings), **caching, **FOR_ALL},
        letter,
        now,
        asked=lang,
        query=query_of(request, lang=lang, v=v) if v in ("", wanted.digest) else None,
    )


def _wanted(slug: str, lang: str, site: Site) -> tuple[Letter, datetime, Card]:
    with site.database.read_public() as db:
        letter = letters.public(db, slug)
        return letter, db.now, cards.of(db, letter, site.shelf.listing(db, letter), lang)
