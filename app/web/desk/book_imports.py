"""Bringing a list of organisations into an address book: the form, what it would do, the doing."""

from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import orjson
from fastapi import APIRouter
from starlette.responses import Response

from app import sheets
from app.db import Db
from app.errors import Refused
from app.i18n import _
from app.organisation import book_columns, book_imports, books
from app.organisation.book_imports import Planned
from app.organisation.organisations import Book
from app.organiser.organisers import Organiser
from app.sheets import Row, Sheet
from app.web.desk.access import AtDesk, Desk
from app.web.desk.organisations import BOOKS, id_of, to_book
from app.web.forms import Form, Posted
from app.web.views import form_view

router = APIRouter()

# So many rows of each kind are shown; all of them are taken in.
MOST_SHOWN = 100
# The list goes through the page in fields of this many rows, none longer than a field may be.
ROWS_A_FIELD = 100


@router.get(BOOKS + "/import")
def import_page(desk: AtDesk, book: str = "") -> Response:
    with desk.reading() as (db, organiser):
        mine = books.book_of(db, organiser, id_of(book), changing=True)
        return _form(desk, db, organiser, mine, {})


@router.post(BOOKS + "/import")
def preview(form: Form, desk: AtDesk) -> Response:
    desk.admit(form)
    try:
        sheet = _sheet(form)
        with desk.reading() as (db, organiser):
            book = books.book_of(db, organiser, id_of(form.get("book")), changing=True)
            planned = book_imports.plan(db, book, sheet)
            return _preview(desk, db, organiser, book, sheet, planned)
    except Refused as refused:
        return _form_again(desk, form, refused)


@router.post(BOOKS + "/intake/import")
def take_in(form: Form, desk: AtDesk) -> Response:
    desk.admit(form)
    try:
        sheet = _carried(form)
        with desk.reading() as (db, organiser):
            book = books.book_of(db, organiser, id_of(form.get("book")), changing=True)
            intake = book_imports.prepare(db, book, sheet)
        with desk.writing(form) as (db, organiser):
            book = books.book_of(db, organiser, book.id, changing=True)
            added, changed = book_imports.take_in(db, book, sheet, intake, by=organiser.actor)
    except Refused as refused:
        return _form_again(desk, form, refused)
    return to_book(book, added=added, changed=changed)


def _sheet(form: Posted) -> Sheet:
    content = form.files.get("file", b"")
    if content:
        return sheets.read(content, form.file_names.get("file", ""))
    if form.get("pasted").strip():
        return sheets.pasted(form.get("pasted"))
    raise Refused(_("Choose a file, or paste the list."), "file")


def _carry(sheet: Sheet) -> Iterator[str]:
    """The list as the preview's form sends it on."""
    for start in range(0, len(sheet.rows), ROWS_A_FIELD):
        rows = sheet.rows[start : start + ROWS_A_FIELD]
        yield orjson.dumps([[row.number, *row.cells] for row in rows]).decode()


def _carried(form: Posted) -> Sheet:
    try:
        rows = [row for text in form.lists.get("rows", []) for row in orjson.loads(text)]
        return Sheet(tuple(Row(int(number), tuple(map(str, cells))) for number, *cells in rows))
    except (ValueError, TypeError, OverflowError):
        raise Refused(
            _("The list was damaged on its way. Please bring it in again."), "file"
        ) from None


def _form_again(desk: Desk, form: Posted, refused: Refused) -> Response:
    with desk.reading() as (db, organiser):
        book = books.book_of(db, organiser, id_of(form.get("book")), changing=True)
        errors = {refused.field or "file": refused.sentence}
        return _form(desk, db, organiser, book, form.values, errors, code=refused.status)


def _form(
    desk: Desk,
    db: Db,
    organiser: Organiser,
    book: Book,
    values: dict[str, str],
    errors: dict[str, str] | None = None,
    **answer: Any,
) -> Response:
    return desk.page(
        "desk/organisations_import.html",
        db,
        organiser,
        book=book,
        form=form_view(values, errors),
        accept=",".join(sheets.SUFFIXES),
        **answer,
    )


def _preview(
    desk: Desk,
    db: Db,
    organiser: Organiser,
    book: Book,
    sheet: Sheet,
    planned: Sequence[Planned],
) -> Response:
    return desk.page(
        "desk/organisations_preview.html",
        db,
        organiser,
        book=book,
        rows=list(_carry(sheet)),
        columns=_columns(sheet),
        **{state: _part(planned, state) for state in ("new", "changed", "unchanged", "wrong")},
        most=MOST_SHOWN,
        fields=_field_names(),
    )


def _part(planned: Sequence[Planned], state: str) -> SimpleNamespace:
    """The rows of one kind; those with remarks come first."""
    rows = sorted((one for one in planned if one.state == state), key=lambda one: not one.remarks)
    return SimpleNamespace(number=len(rows), shown=rows[:MOST_SHOWN])


def _columns(sheet: Sheet) -> list[tuple[str, str]]:
    """Each heading of the list with what it was taken for, "" if for nothing."""
    names = _field_names()
    taken = {column: name for name, column in book_columns.columns_of(sheet).items()}
    return [
        (heading, names[taken[number].partition(".")[0]] if number in taken else "")
        for number, heading in enumerate(sheet.headings)
    ]


def _field_names() -> dict[str, str]:
    return {
        "name": _("Name"),
        "names": _("Names in other languages"),
        "aliases": _("Further names"),
        "acronym": _("Acronym"),
        "domains": _("Domains"),
        "website": _("Website"),
        "country": _("Country"),
        "category": _("Category"),
        "sort_key": _("Sorted as"),
        "contact_name": _("Contact's name"),
        "contact_role": _("Contact's role"),
        "email": _("Contact's e-mail address"),
        "language": _("Language to write in"),
    }
