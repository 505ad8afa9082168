"""The address books: their lists, and what is known of each organisation."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app import i18n
from app.db import Db
from app.errors import NotFound
from app.i18n import _
from app.name import countries
from app.organisation import (
    book_entries,
    book_exports,
    books,
    entry_doubles,
    organisations,
)
from app.organisation.books import Wanted
from app.organisation.organisations import Book
from app.organiser.organisers import Organiser
from app.web.desk.access import AtDesk
from app.web.desk.organisation_views import entry_view, history_views, line_view
from app.web.forms import Form

router = APIRouter()

PAGE_LINES = 100
BOOKS = "/desk/organisations"
ONE = BOOKS + "/{organisation_id}"


@router.get(BOOKS)
def book_page(
    desk: AtDesk,
    book: str = "",
    q: str = "",
    country: str = "",
    category: str = "",
    after: str = "",
    added: str = "",
    changed: str = "",
) -> Response:
    with desk.reading() as (db, organiser):
        shown = books.book_of(db, organiser, id_of(book))
        wanted = Wanted(q, country, category)
        found = books.page(db, shown, wanted, after=_place(after), limit=PAGE_LINES + 1)
        entries = found[:PAGE_LINES]
        query = {"book": book, "q": q, "country": country, "category": category}
        last = str(entries[-1].id) if len(found) > PAGE_LINES else ""
        return desk.page(
            "desk/organisations.html",
            db,
            organiser,
            **_book_facts(db, organiser, shown),
            entries=[line_view(entry) for entry in entries],
            number=books.count(db, shown, wanted),
            wanted=wanted,
            is_narrowed=any(wanted),
            countries=_countries_in_use(db, shown),
            categories=books.categories(db, shown),
            taken_in=[int(n) if n.isdecimal() else None for n in (added[:6], changed[:6])],
            prev_url=_asking(query) if after else None,
            next_url=_asking({**query, "after": last}) if last else None,
        )


@router.post(BOOKS + "/export")
def export_book(form: Form, desk: AtDesk) -> Response:
    wanted = id_of(form.get("book"))
    back = BOOKS + _asking({"book": wanted or ""})
    with desk.writing(form, fresh_for=back) as (db, organiser):
        book = books.book_of(db, organiser, wanted, revealing=True)
        csv = book_exports.csv_of(db, book, by=organiser.actor)
        day = datetime.date(db.now).isoformat()
    headers = {
        "content-disposition": f'attachment; filename="organisations-{day}.csv"',
        "cache-control": "no-store",
    }
    return Response(csv, media_type="text/csv; charset=utf-8", headers=headers)


@router.get(ONE)
def entry_page(organisation_id: UUID, desk: AtDesk) -> Response:
    with desk.reading() as (db, organiser):
        entry, book = books.entry_of(db, organiser, organisation_id)
        return desk.page(
            "desk/organisation.html",
            db,
            organiser,
            book=book,
            entry=entry_view(db, entry),
            history=history_views(db, organiser, entry),
            doubles=entry_doubles.of(db, entry) if book.may_change else (),
            merged=books.merged_into(db, entry),
        )


@router.post(ONE + "/deletion")
def delete_entry(organisation_id: UUID, form: Form, desk: AtDesk) -> Response:
    with desk.writing(form) as (db, organiser):
        entry, book = books.entry_of(db, organiser, organisation_id, changing=True)
        books.remove(db, entry, by=organiser.actor)
    return to_book(book)


@router.post(ONE + "/contact/erasure")
def erase_contact(organisation_id: UUID, form: Form, desk: AtDesk) -> Response:
    with desk.writing(form) as (db, organiser):
        entry, _book = books.entry_of(db, organiser, organisation_id, changing=True)
        book_entries.erase_contact(db, entry, by=organiser.actor)
    return RedirectResponse(f"{BOOKS}/{organisation_id}", status_code=303)


@router.get(ONE + "/address")
def address_page(organisation_id: UUID, desk: AtDesk) -> Response:
    with desk.reading() as (db, organiser):
        entry, _book = books.entry_of(db, organiser, organisation_id, revealing=True)
        view = entry_view(db, entry)
        return desk.page("desk/organisation_address.html", db, organiser, entry=view, address="")


@router.post(ONE + "/address")
def reveal_address(organisation_id: UUID, form: Form, desk: AtDesk) -> Response:
    page = ONE.format(organisation_id=organisation_id) + "/address"
    with desk.writing(form, fresh_for=page) as (db, organiser):
        entry, _book = books.entry_of(db, organiser, organisation_id, revealing=True)
        address = book_entries.reveal_address(db, entry, by=organiser.actor)
        view = entry_view(db, entry)
        return desk.page(
            "desk/organisation_address.html", db, organiser, entry=view, address=address
        )


def id_of(typed: str) -> UUID | None:
    """The id of the book that an address or a form names; None for one's own."""
    try:
        return UUID(typed) if typed else None
    except ValueError:
        raise NotFound(_("There is no such address book.")) from None


def to_book(book: Book, **told: int) -> Response:
    """Back to its list; `told` is what became of an import."""
    named = {} if book.is_own else {"book": str(book.id)}
    return RedirectResponse(BOOKS + _asking({**named, **told}), status_code=303)


def _place(after: str) -> UUID | None:
    try:
        return UUID(after) if after else None
    except ValueError:
        return None


def _book_facts(db: Db, organiser: Organiser, book: Book) -> dict[str, Any]:
    return {"book": book, "books": organisations.books_of(db, organiser)}


def _countries_in_use(db: Db, book: Book) -> list[tuple[str, str]]:
    used = set(books.countries_in_use(db, book))
    return [choice for choice in countries.choices(i18n.language()) if choice[0] in used]


def _asking(query: dict[str, Any]) -> str:
    given = {name: value for name, value in query.items() if value != ""}
    return f"?{urlencode(given)}" if given else ""
