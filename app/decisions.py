"""Decisions on endorsements: approve, decline, and take either back within a minute.

The mail that tells the signer waits as long as the decision can be taken back, and goes with it.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Index, String, delete, select
from sqlmodel import Field, col

from app import endorsements, notices, outbox
from app.audit import Actor
from app.db import Db, Moment, Table, new_id
from app.endorsements import Endorsement
from app.errors import Conflict
from app.i18n import _
from app.letters import Letter

KEPT = timedelta(hours=1)


class Decision(Table, table=True):
    """Kept for an hour: who decided what stands in the trail for good."""

    __table_args__ = (Index(None, "endorsement_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    endorsement_id: UUID = Field(foreign_key="endorsement.id", ondelete="CASCADE")
    status: str = Field(sa_column=Column(String(10), nullable=False))
    came_from: str = Field(sa_column=Column(String(10), nullable=False))
    # What the endorsement's columns held that the decision changed.
    before: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    decided_at: datetime = Field(sa_type=Moment)
    # When the signer's mail is to leave; None where none was queued.
    mail_due_at: datetime | None = Field(default=None, sa_type=Moment)
    undone_at: datetime | None = Field(default=None, sa_type=Moment)

    def is_undoable(self, now: datetime) -> bool:
        return self.undone_at is None and now < self.decided_at + notices.UNDO


def approve(
    db: Db, letter: Letter, endorsement: Endorsement, seen: str = "", *, by: Actor
) -> Decision:
    """`seen` is what the organiser saw (`endorsements.seen`); "" says nothing. Raises Conflict."""
    endorsements.must_be_as_seen(db, endorsement, seen)
    before = _before(endorsement)
    endorsements.approve(db, endorsement, letter, by=by)
    return _decided(db, letter, endorsement, before)


def decline(
    db: Db, letter: Letter, endorsement: Endorsement, reason: str, seen: str = "", *, by: Actor
) -> Decision:
    """The signer is told the reason. Raises Refused without one, and Conflict."""
    endorsements.must_be_as_seen(db, endorsement, seen)
    before = _before(endorsement)
    endorsements.decline(db, endorsement, reason, by=by)
    return _decided(db, letter, endorsement, before)


def undo(db: Db, letter: Letter, endorsement: Endorsement, seen: str = "", *, by: Actor) -> None:
    """Takes the last decision back, and its mail; `seen` is that decision's id, "" says nothing.

    Raises Conflict once the minute is over, the mail is on its way, or things went on.
    """
    endorsements.locked(db, endorsement)
    decision = _last(db, endorsement)
    if not decision or decision.status != endorsement.status or seen not in ("", str(decision.id)):
        raise Conflict(
            _("There is no decision to take back: it is %(status)s now. Nothing was changed.")
            % {"status": endorsement.state_name}
        )
    if not decision.is_undoable(db.now) or not _took_mail_back(db, decision):
        raise Conflict(
            _("The minute is over, and the mail to the signer has left. You can decide anew.")
        )
    decision.undone_at = db.now
    db.flush()
    endorsements.undo(db, endorsement, decision.came_from, _restored(decision.before), by=by)
    # The decision before this one may have lost its mail to it.
    if endorsement.status in notices.DECISIONS:
        notices.tell_decision(db, endorsement, letter, again=False)


def of_letter(db: Db, letter: Letter, decision_id: UUID) -> tuple[Decision, Endorsement] | None:
    """A decision of the last hour with its endorsement; None if it is not there any more."""
    decision = db.get(Decision, decision_id)
    endorsement = db.get(Endorsement, decision.endorsement_id) if decision else None
    if not decision or not endorsement or endorsement.letter_id != letter.id:
        return None
    return decision, endorsement


def tidy(db: Db) -> None:
    """Forgets what can't be taken back any more: a reason may be among what was before."""
    db.execute(delete(Decision).where(col(Decision.decided_at) < db.now - KEPT))


def _before(endorsement: Endorsement) -> dict[str, Any]:
    decided_at = endorsement.decided_at
    return {
        "status": endorsement.status,
        "reason": endorsement.reason,
        "position": endorsement.position,
        "decided_at": decided_at.isoformat() if decided_at else None,
    }


def _restored(before: dict[str, Any]) -> dict[str, Any]:
    decided_at = before["decided_at"]
    return {**before, "decided_at": datetime.fromisoformat(decided_at) if decided_at else None}


def _decided(db: Db, letter: Letter, endorsement: Endorsement, before: dict[str, Any]) -> Decision:
    decision = Decision(
        endorsement_id=endorsement.id,
        status=endorsement.status,
        came_from=before.pop("status"),
        before=before,
        decided_at=db.now,
        mail_due_at=notices.tell_decision(db, endorsement, letter),
    )
    db.add(decision)
    db.flush()
    return decision


def _last(db: Db, endorsement: Endorsement) -> Decision | None:
    query = select(Decision).where(
        col(Decision.endorsement_id) == endorsement.id, col(Decision.undone_at).is_(None)
    )
    return db.scalars(query.order_by(col(Decision.id).desc()).limit(1)).first()


def _took_mail_back(db: Db, decision: Decision) -> bool:
    """A worker whose clock is ahead may have it already, so the row itself decides."""
    due = decision.mail_due_at
    if due is None:
        return True
    return outbox.take_back(db, notices.DECISIONS, decision.endorsement_id, due_at=due) > 0
