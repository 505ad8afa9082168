"""Answers made of templates: pages, and the page for every refusal."""

from typing import Any

from starlette.responses import HTMLResponse, JSONResponse, Response

from app.errors import DomainError
from app.i18n import _, speaking
from app.rendering import render
from app.web import asked

PROBLEM = "application/problem+json"


def page(template: str, *, code: int = 200, **context: Any) -> HTMLResponse:
    """A page that is somebody's own: never kept by caches. `code` is the HTTP status."""
    headers = {"cache-control": "no-store"}
    return HTMLResponse(render(template, **{"asked": asked.query(), **context}), code, headers)


def raw_json(text: str) -> Response:
    """JSON that is made already, for a script of the page that asks."""
    return Response(text, headers={"cache-control": "no-store"}, media_type="application/json")


def error_page(refusal: DomainError, path: str) -> Response:
    """`path` is what was asked for: its part of the site is where the page leads back to."""
    with speaking(refusal.language):
        return _page(refusal.status, refusal.sentence, path)


def status_page(status: int, path: str) -> Response:
    """The page for a status that no DomainError stands behind."""
    return _page(status, sentence_of(status), path)


def sentence_of(status: int) -> str:
    return sentences().get(status, sentences()[400])


def problem(status: int, sentence: str) -> Response:
    """The same for programs (RFC 9457)."""
    facts = {"type": "about:blank", "title": heading(status), "status": status, "detail": sentence}
    return JSONResponse(facts, status, {"cache-control": "no-store"}, media_type=PROBLEM)


def heading(status: int) -> str:
    headings = {
        401: _("Who is it?"),
        403: _("Not allowed"),
        404: _("Not found"),
        409: _("Not possible now"),
        410: _("No longer there"),
        413: _("Too large"),
        422: _("Please look again"),
        429: _("Enough for today"),
        500: _("Something went wrong here"),
        503: _("Please try again in a minute"),
    }
    return headings.get(status, _("That did not work"))


def sentences() -> dict[int, str]:
    return {
        400: _("The request could not be understood."),
        404: _("There is nothing at this address."),
        405: _("This address can't be used that way."),
        500: _("It is our mistake, not yours, and it has been noted. Please try again later."),
    }


def refusal_view(status: int, sentence: str, *, at_desk: bool) -> dict[str, Any]:
    """What the page of a refusal says, and where it leads back to."""
    return {
        "status": status,
        "heading": heading(status),
        "sentence": sentence,
        "link_url": "/desk/letters" if at_desk else "/",
        "link_text": _("Your letters") if at_desk else _("Letters open for signature"),
    }


def _page(status: int, sentence: str, path: str) -> Response:
    headers = {"retry-after": "60"} if status == 503 else {}
    view = refusal_view(status, sentence, at_desk=path.startswith("/desk/"))
    response = page("errors/error.html", code=status, **view)
    response.headers.update(headers)
    return response
