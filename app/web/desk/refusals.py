"""Refusals in the desk's own look, for somebody who is signed in."""

from collections.abc import Callable

from fastapi import Request
from starlette.responses import Response

from app.errors import DomainError
from app.web.desk.access import Desk
from app.web.pages import refusal_view


def refusal_page(request: Request, status: int, sentence: Callable[[], str]) -> Response | None:
    """None for a page that is not the desk's, for somebody who isn't signed in, and where there is
    no reading now."""
    desk = Desk(request)
    if not request.url.path.startswith("/desk/") or not desk.secret or status >= 500:
        return None
    try:
        with desk.reading() as (db, organiser):
            view = refusal_view(status, sentence(), at_desk=True)
            return desk.page("errors/desk.html", db, organiser, code=status, **view)
    except DomainError:
        return None
