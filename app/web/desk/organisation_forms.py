"""Writing an organisation into an address book by hand, and changing what stands there."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app import i18n, logos
from app.db import Db
from app.errors import Refused
from app.name import countries
from app.organisation import book_entries, book_fields, books
from app.organisation.book_fields import FieldsRefused
from app.organisation.organisations import Book, Organisation
from app.organiser.organisers import Organiser
from app.web.desk.access import AtDesk, Desk
from app.web.desk.organisation_views import entry_view, typed_of
from app.web.desk.organisations import BOOKS, ONE, id_of
from app.web.forms import Form, Posted
from app.web.views import form_view

router = APIRouter()


@router.get(BOOKS + "/new")
def new_page(desk: AtDesk, book: str = "") -> Response:
    with desk.reading() as (db, organiser):
        mine = books.book_of(db, organiser, id_of(book), changing=True)
        return _page(desk, db, organiser, mine, None, {"language": organiser.language})


@router.post(BOOKS)
def add_entry(form: Form, desk: AtDesk) -> Response:
    desk.admit(form)
    try:
        logo = _logo(desk, form)
        with desk.writing(form) as (db, organiser):
            book = books.book_of(db, organiser, id_of(form.get("book")), changing=True)
            fields = book_fields.checked(db, form.values)
            book_fields.must_be_new(db, book, fields)
            entry = Organisation(
                book_id=book.id, logo=logo, created_at=db.now, changed_at=db.now, **fields
            )
            book_entries.add(db, entry, by=organiser.actor)
    except FieldsRefused as refused:
        return _new_again(desk, form, refused)
    return RedirectResponse(f"{BOOKS}/{entry.id}", status_code=303)


@router.get(ONE + "/change")
def change_page(organisation_id: UUID, desk: AtDesk) -> Response:
    with desk.reading() as (db, organiser):
        entry, book = books.entry_of(db, organiser, organisation_id, changing=True)
        return _page(desk, db, organiser, book, entry, typed_of(entry))


@router.post(ONE + "/change")
def change_entry(organisation_id: UUID, form: Form, desk: AtDesk) -> Response:
    desk.admit(form)
    try:
        logo = _logo(desk, form)
        with desk.writing(form) as (db, organiser):
            entry, _book = books.entry_of(db, organiser, organisation_id, changing=True)
            book_fields.must_be_as_seen(db, entry, form.get("seen"))
            fields = book_fields.checked(db, form.values)
            if logo or form.get("remove_logo"):
                fields["logo"] = logo
            book_entries.change(db, entry, fields, by=organiser.actor)
    except FieldsRefused as refused:
        return _change_again(desk, form, organisation_id, refused)
    return RedirectResponse(f"{BOOKS}/{organisation_id}", status_code=303)


def _logo(desk: Desk, form: Posted) -> str:
    """The name of the uploaded logo's file; "" without one."""
    upload = form.files.get("logo", b"")
    if not upload:
        return ""
    try:
        return logos.keep(desk.site.settings.logos_dir, logos.accept(upload))
    except Refused as refused:
        raise FieldsRefused({"logo": refused.sentence}) from None


def _new_again(desk: Desk, form: Posted, refused: FieldsRefused) -> Response:
    with desk.reading() as (db, organiser):
        book = books.book_of(db, organiser, id_of(form.get("book")), changing=True)
        return _page(desk, db, organiser, book, None, form.values, refused.errors)


def _change_again(
    desk: Desk, form: Posted, organisation_id: UUID, refused: FieldsRefused
) -> Response:
    with desk.reading() as (db, organiser):
        entry, book = books.entry_of(db, organiser, organisation_id, changing=True)
        # Whoever was told of the other change may go on.
        values = {**form.values, "seen": entry.changed_at.isoformat()}
        return _page(desk, db, organiser, book, entry, values, refused.errors)


def _page(
    desk: Desk,
    db: Db,
    organiser: Organiser,
    book: Book,
    entry: Organisation | None,
    values: dict[str, str],
    errors: dict[str, str] | None = None,
) -> Response:
    view: dict[str, Any] = {
        "book": book,
        "entry": entry_view(db, entry) if entry else None,
        "form_url": f"{BOOKS}/{entry.id}/change" if entry else BOOKS,
        "form": form_view(values, errors),
        "countries": countries.choices(i18n.language()),
        "categories": books.categories(db, book),
        "languages": i18n.language_choices(),
    }
    code = 422 if errors else 200
    return desk.page("desk/organisation_form.html", db, organiser, code=code, **view)
