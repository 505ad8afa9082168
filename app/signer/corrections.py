"""Corrections: a signer's changes to their line, beside it until an organiser accepts them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, ColumnElement, Index, String, exists, func, select, update
from sqlmodel import Field, col

from app.db import Db, Moment, Table, new_id
from app.endorsement import endorsements
from app.endorsement.endorsements import Endorsement
from app.errors import Conflict, Refused
from app.i18n import _
from app.letter import letters
from app.letter.letters import Letter
from app.signer.submissions import LINE_FIELDS, Line
from app.trail import audit

CORRECTABLE = ("verified", "approved")


class Correction(Table, table=True):
    __table_args__ = (Index(None, "endorsement_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    endorsement_id: UUID = Field(foreign_key="endorsement.id", ondelete="CASCADE")
    # Only the fields that differ, with their new values.
    changes: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(sa_type=Moment)
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    decision: str | None = Field(default=None, sa_column=Column(String(10)))


def propose(db: Db, endorsement: Endorsement, line: Line) -> bool:
    """Keeps the correction for review; one not yet reviewed endorsement is corrected at once.

    Returns whether it waits. A newer correction takes the place of one that still waits.
    """
    endorsements.locked(db, endorsement)
    changes = changes_of(endorsement, line)
    if not changes:
        raise Refused(_("Nothing is different from what you signed with."))
    if endorsement.status not in CORRECTABLE:
        raise Conflict(_("This endorsement can no longer be corrected."))
    _decide_open(db, endorsement, "replaced")
    if endorsement.status == "verified":
        endorsements.change_line(db, endorsement, changes)
        _record(db, "corrected", endorsement, audit.SIGNER, changes)
        return False
    db.add(Correction(endorsement_id=endorsement.id, changes=changes, created_at=db.now))
    db.flush()
    _record(db, "correction proposed", endorsement, audit.SIGNER, changes)
    return True


def changes_of(endorsement: Endorsement, line: Line) -> dict[str, str]:
    """The fields in which the line is written otherwise, with their new values."""
    return {
        field: getattr(line, field)
        for field in LINE_FIELDS
        if getattr(line, field) != getattr(endorsement, field)
    }


def accept(db: Db, endorsement: Endorsement, seen: str, *, by: audit.Actor) -> None:
    """`seen` is the id of the correction that was read; "" says nothing."""
    changes = _open_changes(db, endorsement, seen)
    _decide_open(db, endorsement, "accepted")
    endorsements.change_line(db, endorsement, changes)
    _record(db, "correction accepted", endorsement, by, changes)
    if endorsement.is_listed:
        letters.revise(db, endorsement.letter_id)


def refuse(db: Db, endorsement: Endorsement, seen: str, *, by: audit.Actor) -> None:
    changes = _open_changes(db, endorsement, seen)
    _decide_open(db, endorsement, "refused")
    _record(db, "correction refused", endorsement, by, changes)


def waiting(db: Db, endorsement_ids: Sequence[UUID]) -> dict[UUID, Correction]:
    query = select(Correction).where(
        col(Correction.endorsement_id).in_(endorsement_ids), col(Correction.decided_at).is_(None)
    )
    return {correction.endorsement_id: correction for correction in db.scalars(query)}


def count(db: Db, letter: Letter) -> int:
    query = select(func.count()).where(col(Endorsement.letter_id) == letter.id, waits())
    return db.scalar(query) or 0


def waits() -> ColumnElement[bool]:
    """Of an endorsement: its signer's correction has yet to be decided."""
    return exists().where(
        col(Correction.endorsement_id) == col(Endorsement.id),
        col(Correction.decided_at).is_(None),
        col(Endorsement.status).in_(CORRECTABLE),
    )


def _open_changes(db: Db, endorsement: Endorsement, seen: str) -> dict[str, Any]:
    # The endorsement's row lock makes two organisers decide one after the other.
    db.refresh(endorsement, with_for_update=True)
    correction = waiting(db, [endorsement.id]).get(endorsement.id)
    if not correction:
        raise Conflict(_("There is no correction waiting; perhaps somebody decided it already."))
    if seen and seen != str(correction.id):
        raise Conflict(_("The signer has sent another correction since you opened the page."))
    if endorsement.status not in CORRECTABLE:
        raise Conflict(_("This endorsement can no longer be corrected."))
    return correction.changes


def _decide_open(db: Db, endorsement: Endorsement, decision: str) -> None:
    db.execute(
        update(Correction)
        .where(
            col(Correction.endorsement_id) == endorsement.id, col(Correction.decided_at).is_(None)
        )
        .values(decided_at=db.now, decision=decision)
    )


def _record(
    db: Db, action: str, endorsement: Endorsement, by: audit.Actor, changes: dict[str, Any]
) -> None:
    audit.record_about(db, action, endorsement, by=by, fields=", ".join(sorted(changes)))
