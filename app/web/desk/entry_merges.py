"""Entries of an address book that are one organisation's: merged, and taken apart again."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app.errors import Refused
from app.i18n import _
from app.organisation import books, entry_merges
from app.web.desk.access import AtDesk
from app.web.desk.organisations import BOOKS, ONE
from app.web.forms import Form

router = APIRouter()


@router.post(ONE + "/merge")
def merge(organisation_id: UUID, form: Form, desk: AtDesk) -> Response:
    """It stands under `entry` from now on."""
    with desk.writing(form) as (db, organiser):
        gone, _book = books.entry_of(db, organiser, organisation_id, changing=True)
        stays, _book = books.entry_of(db, organiser, _id(form.get("entry")), changing=True)
        entry_merges.merge(db, gone, stays, by=organiser.actor)
        line = stays.id
    return RedirectResponse(f"{BOOKS}/{line}", status_code=303)


@router.post(ONE + "/separation")
def separate(organisation_id: UUID, form: Form, desk: AtDesk) -> Response:
    with desk.writing(form) as (db, organiser):
        gone, _book = books.entry_of(db, organiser, organisation_id, changing=True, merged=True)
        line = gone.merged_into
        entry_merges.undo(db, gone, by=organiser.actor)
    return RedirectResponse(f"{BOOKS}/{line}", status_code=303)


def _id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        raise Refused(_("Choose the other entry."), "entry") from None
