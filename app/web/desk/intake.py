"""Taking invitees in: a list that is looked through first, and entries of the address book."""

from collections.abc import Sequence
from types import SimpleNamespace

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app.db import Db
from app.errors import Refused
from app.i18n import _
from app.invitation import circulation_lists, intake, invitation_books
from app.invitation.circulation_lists import Entry
from app.invitation.intake import Bad
from app.letter.letters import Letter
from app.mailing import mailboxes
from app.name.names import fold
from app.organiser import organisers, roles
from app.organiser.organisers import Organiser
from app.web.desk.access import AtDesk, Desk
from app.web.desk.invitations import LIST, owner_choices
from app.web.desk.inviting import owner_of, readable_ids
from app.web.forms import Form, Posted, key_of
from app.web.views import form_view, letter_view

router = APIRouter()

BOOK_LINES = 50


@router.get(LIST + "/import")
def import_page(slug: str, desk: AtDesk) -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
        return _form(desk, db, organiser, letter, {})


@router.post(LIST + "/import")
def preview(slug: str, form: Form, desk: AtDesk) -> Response:
    """The rows as they would be taken in, and those that can't be; nothing is kept yet."""
    desk.admit(form)
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
        try:
            entries = _entries(letter, form)
        except Refused as refused:
            errors = {refused.field or "pasted": refused.sentence}
            return _form(desk, db, organiser, letter, form.values, errors, code=422)
        return _preview(desk, db, organiser, letter, entries, {"owner": str(organiser.id)})


@router.post(LIST)
def take_in(slug: str, form: Form, desk: AtDesk) -> Response:
    with desk.writing(form) as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
        entries = circulation_lists.brought(form.get("rows"))
        owner_id = owner_of(db, letter, form.get("owner"))
        checked = intake.check(db, letter, entries)
        actor = organiser.actor
        number = intake.take_in(db, letter, checked.good, owner_id=owner_id, by=actor)
    if not checked.bad:
        return _to_list(slug, number)
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
        return desk.page(
            "desk/intake_done.html",
            db,
            organiser,
            letter=letter_view(letter, db.now),
            number=number,
            bad=checked.bad,
            form=_to_mend(checked.bad),
        )


@router.get(LIST + "/book")
def book_page(slug: str, desk: AtDesk, q: str = "", after: str = "") -> Response:
    return _book(slug, desk, q, after)


@router.post(LIST + "/book")
def take_from_book(slug: str, form: Form, desk: AtDesk) -> Response:
    try:
        with desk.writing(form) as (db, organiser):
            letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
            number, bad = _from_book(db, letter, form, organiser)
    except Refused as refused:
        return _book(slug, desk, form.get("q"), form.get("after"), form, refused)
    if not bad:
        return _to_list(slug, number)
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
        view = letter_view(letter, db.now)
        return desk.page(
            "desk/intake_done.html", db, organiser, letter=view, number=number, bad=bad, form=None
        )


def _book(
    slug: str,
    desk: Desk,
    q: str,
    after: str,
    form: Posted | None = None,
    refused: Refused | None = None,
) -> Response:
    """`form` is what was sent from this page and refused."""
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
        found = invitation_books.not_invited(
            db, letter, fold(q[:200]), after=key_of(after), limit=BOOK_LINES + 1
        )
        more = len(found) > BOOK_LINES
        found = found[:BOOK_LINES]
        return desk.page(
            "desk/invitation_book.html",
            db,
            organiser,
            code=refused.status if refused else 200,
            letter=letter_view(letter, db.now),
            entries=found,
            q=q,
            after=after,
            owners=owner_choices(db, letter),
            form=form_view({"owner": form.get("owner") if form else str(organiser.id)}),
            refused=refused.sentence if refused else "",
            ticked=form.lists.get("id", []) if form else [],
            following=str(found[-1].id) if more else "",
        )


def _from_book(
    db: Db, letter: Letter, form: Posted, organiser: Organiser
) -> tuple[int, list[intake.Bad]]:
    ids = readable_ids(form.lists.get("id", []))
    if not ids:
        raise Refused(_("Nobody was chosen, so nothing was done. Tick at least one line."))
    checked = intake.check(db, letter, invitation_books.entries(db, letter, ids))
    owner_id = owner_of(db, letter, form.get("owner"))
    number = intake.take_in(
        db, letter, checked.good, owner_id=owner_id, by=organiser.actor, from_book=True
    )
    # These addresses nobody has just typed: they stay masked.
    masked = [
        bad._replace(entry=bad.entry._replace(address=mailboxes.masked(bad.entry.address)))
        for bad in checked.bad
    ]
    return number, masked


def _entries(letter: Letter, form: Posted) -> list[Entry]:
    file = form.files.get("file")
    if file:
        entries = circulation_lists.read(letter, file, form.file_names.get("file", ""))
        if not entries:
            raise Refused(_("There is nothing in this file but headings."), "file")
        return entries
    if not form.get("pasted").strip():
        raise Refused(_("Paste the list here, or choose a file."), "pasted")
    return circulation_lists.pasted(letter, form.get("pasted"))


def _form(
    desk: Desk,
    db: Db,
    organiser: Organiser,
    letter: Letter,
    values: dict[str, str],
    errors: dict[str, str] | None = None,
    *,
    code: int = 200,
) -> Response:
    return desk.page(
        "desk/intake.html",
        db,
        organiser,
        code=code,
        letter=letter_view(letter, db.now),
        form=form_view(values, errors),
    )


def _preview(
    desk: Desk,
    db: Db,
    organiser: Organiser,
    letter: Letter,
    entries: list[Entry],
    values: dict[str, str],
) -> Response:
    checked = intake.check(db, letter, entries)
    return desk.page(
        "desk/intake_preview.html",
        db,
        organiser,
        letter=letter_view(letter, db.now),
        good=sorted(checked.good, key=lambda one: not one.remarks),
        doubtful=sum(bool(one.remarks) for one in checked.good),
        bad=checked.bad,
        rows=circulation_lists.carried(entries),
        owners=owner_choices(db, letter),
        form=form_view({**values, "pasted": circulation_lists.as_text(entries)}),
    )


def _to_list(slug: str, number: int) -> Response:
    path = f"/desk/letters/{slug}/invitations?done=taken-{number}&status=unmailed"
    return RedirectResponse(path, status_code=303)


def _to_mend(bad: Sequence[Bad]) -> SimpleNamespace:
    """A form with the rows that can be mended; empty where there are none."""
    entries = [one.entry for one in bad if not one.is_known]
    return form_view({"pasted": circulation_lists.as_text(entries) if entries else ""})
