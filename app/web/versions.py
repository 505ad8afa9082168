"""A version of a letter as visitors could read and sign it, at an address that stays."""

from types import SimpleNamespace
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from app import i18n
from app.db import Db
from app.letter import public_versions
from app.letter.letters import Letter
from app.letter.public_versions import PublicVersion
from app.letter.versions import Version
from app.rendering import render
from app.settings import Settings
from app.web import headers
from app.web.encoded import Body
from app.web.shelf import Page, query_of
from app.web.site import Serving
from app.web.views import comparison_view, letter_view, readable_in, version_text_view

router = APIRouter()

# Spelled one way, so that a page has one address; no longer than a column of numbers holds.
Number = Annotated[str, Path(pattern="^[1-9][0-9]{0,8}$")]


@router.get("/letters/{slug}/versions/{number}")
def version_page(
    request: Request, slug: str, number: Number, site: Serving, lang: str = ""
) -> Response:
    def make(shown: Page) -> Body:
        public = public_versions.numbered(shown.db, shown.letter, int(number))
        html = render("public/version.html", **_context(shown, public, site.settings))
        return Body(html.encode(), "text/html; charset=utf-8")

    known = query_of(request, lang=lang)
    return site.shelf.answer(
        request, slug, make, headers.page(site.settings), query=known, asked=lang
    )


def _context(shown: Page, public: PublicVersion, settings: Settings) -> dict[str, Any]:
    letter, version = shown.letter, public.version
    return {
        "letter": letter_view(letter, shown.db.now, shown.asked),
        "number": version.number,
        "sha256": version.sha256,
        "since": public.since.astimezone(letter.zone),
        "until": public.until and public.until.astimezone(letter.zone),
        "previous": public.previous,
        "following": public.following,
        "noindex": public.until is not None,
        **({"withheld": True} if version.withheld_at else _read(shown, public, settings)),
    }


def _read(shown: Page, public: PublicVersion, settings: Settings) -> dict[str, Any]:
    """What there is to read of it, with the letter's title as it was."""
    letter, version = shown.letter, public.version
    language = i18n.readable(shown.asked, version.languages)
    url = f"{letter.path}/versions/{version.number}"
    in_language = letter.path_in(language)
    return {
        "letter": readable_in(letter_view(letter, shown.db.now, shown.asked), version, language),
        "text": version_text_view(shown.db, version, language),
        "current": letter.version,
        "changes": _changes(shown.db, letter, public, language) if public.until else [],
        "url": url,
        "address": settings.url(url + in_language.removeprefix(letter.path)),
        "home": settings.url(in_language),
        "withheld": False,
    }


def _changes(db: Db, letter: Letter, public: PublicVersion, language: str) -> list[SimpleNamespace]:
    """What changed until now, in the language that is read; nothing where that text is the same."""
    current = db.get_one(Version, letter.version_id)
    stretches = comparison_view(public.version.text(language), current.text(language))
    is_same = all(one.is_same for stretch in stretches for one in stretch.paragraphs)
    return [] if is_same else stretches
