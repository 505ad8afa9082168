"""Decisions on endorsements: approve, decline, and take either back within a minute.

The mail that tells the signer waits as long as the decision can be taken back, and goes with it.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Index, String, delete, insert, select
from sqlmodel import Field, col

from app.db import Db, Moment, Table, new_id
from app.dispute import dispute_outcomes
from app.endorsement import endorsement_states, endorsements
from app.endorsement.endorsement_states import Overtaken
from app.endorsement.endorsements import Endorsement
from app.errors import Conflict, Refused
from app.i18n import _
from app.letter.letters import Letter
from app.mailing import outbox
from app.organisation import regulars
from app.organiser import as_seen
from app.signatory import hand_order
from app.signer import notices
from app.trail import audit
from app.trail.audit import Actor

KEPT = timedelta(hours=1)
LONGEST_REASON = 1_000


class Decision(Table, table=True):
    """Kept for an hour: who decided what stands in the trail for good."""

    __table_args__ = (Index(None, "endorsement_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    endorsement_id: UUID = Field(foreign_key="endorsement.id", ondelete="CASCADE")
    status: str = Field(sa_column=Column(String(10), nullable=False))
    came_from: str = Field(sa_column=Column(String(10), nullable=False))
    # What the endorsement's columns held that the decision changed, and what the address book lent
    # and was taught.
    before: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    decided_at: datetime = Field(sa_type=Moment)
    # When the signer's mail is to leave; None where none was queued.
    mail_due_at: datetime | None = Field(default=None, sa_type=Moment)
    undone_at: datetime | None = Field(default=None, sa_type=Moment)

    def is_undoable(self, now: datetime) -> bool:
        return self.undone_at is None and now < self.decided_at + notices.UNDO


_insert = insert(Decision)


def approve(
    db: Db, letter: Letter, endorsement: Endorsement, seen: str = "", *, by: Actor
) -> Decision:
    """`seen` is what the organiser saw (`as_seen.seen`); "" says nothing. Raises Conflict."""
    as_seen.must_be_as_seen(db, endorsement, seen)
    before = _before(endorsement)
    _must_be_decidable(endorsement, "approved")
    lesson = regulars.at_approval(db, endorsement, letter, by=by)
    endorsement_states.move(
        db,
        endorsement,
        "approved",
        by=by,
        decided_at=db.now,
        reason=None,
        # Declined while it was disputed, and now listed after all; what was erased stays hidden.
        hidden_at=None if endorsement.folded else endorsement.hidden_at,
        position=hand_order.next_position(db, letter, endorsement),
        **lesson.changes,
    )
    dispute_outcomes.take_back(db, endorsement)
    lent = {name: lesson.changes[name] for name in regulars.LENT if name in lesson.changes}
    return _decided(db, letter, endorsement, {**before, "lent": lent, "taught": lesson.taught})


def decline(
    db: Db, letter: Letter, endorsement: Endorsement, reason: str, seen: str = "", *, by: Actor
) -> Decision:
    """The signer is told the reason. Raises Refused without one, and Conflict."""
    reason = checked_reason(reason)
    as_seen.must_be_as_seen(db, endorsement, seen)
    before = _before(endorsement)
    _must_be_decidable(endorsement, "declined")
    endorsement_states.move(
        db, endorsement, "declined", by=by, why=reason, decided_at=db.now, reason=reason
    )
    open_ones = dispute_outcomes.open_ones(db, endorsement)
    dispute_outcomes.tell(db, letter, endorsement, open_ones, after=notices.UNDO)
    return _decided(db, letter, endorsement, before)


def undo(db: Db, letter: Letter, endorsement: Endorsement, seen: str = "", *, by: Actor) -> None:
    """Takes the last decision back, and its mail; `seen` is that decision's id, "" says nothing.

    Raises Conflict once the minute is over, the mail is on its way, or things went on.
    """
    endorsements.locked(db, endorsement)
    decision = _last(db, endorsement)
    if not decision or decision.status != endorsement.status or seen not in ("", str(decision.id)):
        raise Overtaken(
            _("There is no decision to take back: it is %(status)s now. Nothing was changed.")
            % {"status": endorsement.state_name}
        )
    if not decision.is_undoable(db.now) or not _took_mail_back(db, decision):
        raise Conflict(
            _("The minute is over, and the mail to the signer has left. You can decide anew.")
        )
    decision.undone_at = db.now
    db.flush()
    _must_stand_alone(endorsement)
    to = decision.came_from
    if not endorsement.may_go_back(to):
        raise endorsement_states.overtaken(endorsement)
    restored, lent, taught = _restored(decision.before)
    # What was edited since stays.
    as_lent = [name for name, value in lent.items() if getattr(endorsement, name) == value]
    restored |= {name: None if name == "sort_key" else "" for name in as_lent}
    endorsement_states.move(db, endorsement, to, by=by, action="decision undone", **restored)
    regulars.unlearn(db, endorsement, taught, by=by)
    dispute_outcomes.take_back(db, endorsement)
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


def checked_reason(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why: the signer is told the reason."), "reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(_("The reason is too long: at most 1,000 characters."), "reason")
    return reason


def record_late(db: Db, letter_id: UUID, endorsement_id: UUID, *, by: Actor) -> None:
    """Somebody decided what another had decided already: nothing changed, but the trail has it."""
    audit.record(
        db, "decision came too late", by=by, letter_id=letter_id, subject_id=endorsement_id
    )


def tidy(db: Db) -> None:
    """Forgets what can't be taken back any more: a reason may be among what was before."""
    db.execute(delete(Decision).where(col(Decision.decided_at) < db.now - KEPT))


def _must_be_decidable(endorsement: Endorsement, to: endorsements.Status) -> None:
    if not endorsement.may_become(to):
        raise endorsement_states.overtaken(endorsement)
    _must_stand_alone(endorsement)


def _must_stand_alone(endorsement: Endorsement) -> None:
    if endorsement.merged_into:
        raise Conflict(
            _("This endorsement was merged into another line. Undo that first, if it was wrong.")
        )


def _before(endorsement: Endorsement) -> dict[str, Any]:
    decided_at, entry_id = endorsement.decided_at, endorsement.organisation_id
    hidden_at = endorsement.hidden_at
    return {
        **{name: getattr(endorsement, name) for name in ("status", "reason", "position")},
        "organisation_id": str(entry_id) if entry_id else None,
        "decided_at": decided_at.isoformat() if decided_at else None,
        "hidden_at": hidden_at.isoformat() if hidden_at else None,
    }


def _restored(
    before: dict[str, Any],
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """The columns as they were, what the address book lent, and what it learnt."""
    columns = dict(before)
    lent, taught = columns.pop("lent", {}), columns.pop("taught", {})
    entry_id = columns["organisation_id"]
    for name in ("decided_at", "hidden_at"):
        iso = columns.get(name)
        columns[name] = datetime.fromisoformat(iso) if iso else None
    columns["organisation_id"] = UUID(entry_id) if entry_id else None
    return columns, lent, taught


def _decided(db: Db, letter: Letter, endorsement: Endorsement, before: dict[str, Any]) -> Decision:
    decision = Decision(
        endorsement_id=endorsement.id,
        status=endorsement.status,
        came_from=before.pop("status"),
        before=before,
        decided_at=db.now,
        mail_due_at=notices.tell_decision(db, endorsement, letter),
    )
    db.insert(_insert, decision.model_dump())
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
