"""Merging entries of an address book: one stands for both from now on.

Nothing else of them changes, so undoing it restores both: the merged one keeps its names, domains
and contact, and whoever is looked for by these is found as the one that stands. An entry that took
others in may be merged itself.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import exists, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.db import Db
from app.errors import Conflict, Refused
from app.i18n import _
from app.organisation import book_entries
from app.organisation.organisations import Organisation
from app.trail import audit


def merge(db: Db, gone: Organisation, stays: Organisation, *, by: audit.Actor) -> None:
    """`gone` stands under `stays`; raises Refused for one entry or two books, and Conflict if
    somebody was quicker."""
    if gone.id == stays.id or gone.book_id != stays.book_id:
        raise Refused(_("Choose two entries of one address book."), "entry")
    for one in sorted((gone, stays), key=lambda one: one.id):  # so no two wait for each other
        db.refresh(one, with_for_update=True)
    if db.changed(_merging(gone, stays)) != 1:
        raise Conflict(_("One of the two was merged meanwhile. Nothing was changed."))
    db.refresh(gone)
    _record(db, "entry merged", gone, stays.id, by)
    _record(db, "entry taken in", stays, gone.id, by)


def undo(db: Db, gone: Organisation, *, by: audit.Actor) -> None:
    """Both are entries of their own again; raises Conflict if they are already."""
    db.refresh(gone, with_for_update=True)
    line = gone.merged_into
    is_merged = (col(Organisation.id) == gone.id, col(Organisation.merged_into).is_not(None))
    if not line or db.changed(update(Organisation).where(*is_merged).values(merged_into=None)) != 1:
        raise Conflict(_("This is no longer merged; somebody was quicker. Nothing was changed."))
    db.refresh(gone)
    _record(db, "entry unmerged", gone, line, by)


def _merging(gone: Organisation, stays: Organisation) -> Any:
    """One conditional UPDATE decides between two who merge at once."""
    line = aliased(Organisation)
    is_there = exists().where(col(line.id) == stays.id, col(line.merged_into).is_(None))
    alone = (col(Organisation.id) == gone.id, col(Organisation.merged_into).is_(None))
    return update(Organisation).where(*alone, is_there).values(merged_into=stays.id)


def _record(db: Db, action: str, entry: Organisation, other: UUID, by: audit.Actor) -> None:
    book_entries.record(db, action, entry, by=by, other=str(other))
