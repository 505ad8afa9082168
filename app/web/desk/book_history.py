"""The history of an address book: who changed what, who saw an address, who took it out."""

from fastapi import APIRouter
from starlette.responses import Response

from app.organisation import books
from app.trail import history
from app.web.desk.access import AtDesk
from app.web.desk.organisations import BOOKS, id_of
from app.web.forms import key_of

router = APIRouter()


@router.get(BOOKS + "/history")
def history_page(desk: AtDesk, book: str = "", before: str = "") -> Response:
    with desk.reading() as (db, organiser):
        shown = books.book_of(db, organiser, id_of(book), revealing=True)
        found = history.of_book(db, shown, before=key_of(before), limit=history.PAGE + 1)
        events, more = found[: history.PAGE], len(found) > history.PAGE
        of_book = "?" if shown.is_own else f"?book={shown.id}&"
        return desk.page(
            "desk/book_history.html",
            db,
            organiser,
            book=shown,
            events=events,
            prev_url=of_book if before else None,
            next_url=f"{of_book}before={events[-1].id}" if more else None,
        )
