"""A draft for readers who were given its private link: the text, and nothing to sign."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app.db import Db
from app.errors import NotFound
from app.letter import draft_links
from app.letter.letters import Letter
from app.web.pages import error_page, page
from app.web.site import Serving
from app.web.views import letter_view, query, text_view

router = APIRouter()

# The address is a key: it goes to no site that the letter links to, and into no index.
HEADERS = {"referrer-policy": "no-referrer", "x-robots-tag": "noindex"}


@router.get("/drafts/{token}")
def draft(token: str, site: Serving, lang: str = "") -> Response:
    with site.database.read() as db:
        try:
            letter = draft_links.letter_of(db, token)
        except NotFound as unknown:
            answer = error_page(unknown, "/drafts")
            answer.headers.update(HEADERS)
            return answer
        if letter.is_public:
            return RedirectResponse(letter.path + query(letter, lang), 303, HEADERS)
        shown = page("public/draft.html", **draft_view(db, letter, lang, f"/drafts/{token}"))
        shown.headers.update(HEADERS)
        return shown


def draft_view(db: Db, letter: Letter, lang: str, url: str) -> dict[str, Any]:
    """`url` is the page's path without a language."""
    view = letter_view(letter, db.now, lang)
    return {"letter": view, "text": text_view(db, letter, lang), "url": url}
