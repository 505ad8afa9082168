"""Proposals: what one organiser wants done and another has to agree to, frozen as it was proposed.

A proposal waits seven days at most and ends once: agreed, rejected, taken back by its proposer,
void or expired.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import JSON, Column, ColumnElement, Index, String, Text, func, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, col

from app.db import Db, Moment, Table, new_id
from app.errors import Conflict, NotFound
from app.i18n import _
from app.letter.letters import Letter
from app.organiser.organisers import Organiser
from app.trail import audit

LIFE = timedelta(days=7)
MOST_WAITING = 20
WAITING = text("status = 'waiting'")

Facts = dict[str, Any]
"""What was proposed, as JSON: ids and states, and a `reason` where the action has one."""

Ended = Literal["agreed", "rejected", "taken back", "void", "expired"]

ENDS: tuple[Ended, ...] = ("agreed", "rejected", "taken back", "void", "expired")


class Proposal(Table, table=True):
    __table_args__ = (
        # The same can't wait twice.
        Index(
            "ix_proposal_waiting",
            "letter_id",
            "action",
            "about",
            unique=True,
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        ),
        Index(None, "letter_id", "id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    letter_id: UUID = Field(foreign_key="letter.id", ondelete="CASCADE")
    action: str = Field(sa_column=Column(String(20), nullable=False))
    facts: Facts = Field(sa_column=Column(JSON, nullable=False))
    # Digest of what it was about.
    about: str = Field(sa_column=Column(String(64), nullable=False))
    status: str = Field(default="waiting", sa_column=Column(String(10), nullable=False))
    proposed_by: UUID = Field(foreign_key="organiser.id", ondelete="CASCADE")
    proposed_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    ended_by: UUID | None = None
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    # Why it was rejected.
    reason: str | None = Field(default=None, sa_column=Column(Text))

    @property
    def path(self) -> str:
        """The last part of its address, below its letter's."""
        return f"agreements/{self.id}"


def make(
    db: Db, letter: Letter, organiser: Organiser, action: str, facts: Facts, about: str
) -> Proposal:
    """Raises Conflict if the same waits already, or too much else does."""
    expire_due(db)
    if waiting_counts(db, [letter.id])[letter.id] >= MOST_WAITING:
        raise Conflict(_("Too much waits for a second organiser already. Decide about that first."))
    proposal = Proposal(
        letter_id=letter.id,
        action=action,
        facts=facts,
        about=digest(about),
        proposed_by=organiser.id,
        proposed_at=db.now,
        expires_at=db.now + LIFE,
    )
    db.add(proposal)
    try:
        db.flush()
    except IntegrityError:  # also when somebody else is faster
        raise Conflict(_("This waits for a second organiser already.")) from None
    audit.record_about(
        db,
        "proposal made",
        proposal,
        by=organiser.actor,
        reason=facts.get("reason") or None,
        proposed=action,
    )
    return proposal


def end(
    db: Db, proposal: Proposal, to: Ended, *, by: audit.Actor, reason: str | None = None
) -> Ended:
    """The only door to a proposal's status: from waiting to one of the others."""
    is_in_time = db.now < proposal.expires_at
    moved = db.changed(
        update(Proposal)
        .where(col(Proposal.id) == proposal.id, col(Proposal.status) == "waiting")
        .values(status=to, ended_by=by.id, ended_at=db.now, reason=reason)
    )
    if moved != 1 or is_in_time == (to == "expired"):
        raise Conflict(_("This waits for a second organiser no longer. Nothing was changed."))
    db.refresh(proposal)
    audit.record_about(
        db,
        f"proposal {to}",
        proposal,
        by=by,
        reason=reason,
        proposed=proposal.action,
        proposed_by=str(proposal.proposed_by),
    )
    return to


def of_letter(db: Db, letter: Letter, proposal_id: UUID) -> Proposal:
    proposal = db.get(Proposal, proposal_id)
    if not proposal or proposal.letter_id != letter.id:
        raise NotFound(_("There is no such proposal."))
    return proposal


def waiting(db: Db, letter: Letter) -> list[Proposal]:
    """What waits for a second organiser, the oldest first; MOST_WAITING at most."""
    return list(db.scalars(select(Proposal).where(_waits(db, letter)).order_by(col(Proposal.id))))


def waiting_counts(db: Db, letter_ids: Sequence[UUID]) -> Counter[UUID]:
    """How much waits on each letter."""
    query = (
        select(col(Proposal.letter_id), func.count())
        .where(col(Proposal.letter_id).in_(letter_ids), _waits_at(db.now))
        .group_by(col(Proposal.letter_id))
    )
    return Counter({row[0]: row[1] for row in db.execute(query)})


def ended(db: Db, letter: Letter, *, before: UUID | None, limit: int) -> list[Proposal]:
    """What waits no longer, the newest first."""
    query = select(Proposal).where(col(Proposal.letter_id) == letter.id, ~_waits(db, letter))
    if before:
        query = query.where(col(Proposal.id) < before)
    return list(db.scalars(query.order_by(col(Proposal.id).desc()).limit(limit)))


def state(proposal: Proposal, now: datetime) -> str:
    """Its status; that of one that nobody ended in time is "expired"."""
    is_over = proposal.status == "waiting" and now >= proposal.expires_at
    return "expired" if is_over else proposal.status


def state_name(state: str) -> str:
    names = {
        "waiting": _("Waits for a second organiser"),
        "agreed": _("Agreed, and done"),
        "rejected": _("Rejected"),
        "taken back": _("Taken back"),
        "void": _("Void: what it was about had changed"),
        "expired": _("Expired: nobody agreed within seven days"),
    }
    return names[state]


def digest(about: str) -> str:
    return hashlib.sha256(about.encode()).hexdigest()


def expire_due(db: Db) -> None:
    """Ends what nobody agreed to in time, so that the trail says so."""
    due = select(Proposal).where(
        col(Proposal.status) == "waiting", col(Proposal.expires_at) <= db.now
    )
    # Each by one of several workers only.
    locked = due.order_by(col(Proposal.id)).with_for_update(skip_locked=True)
    for proposal in db.scalars(locked).all():
        end(db, proposal, "expired", by=audit.WORKER)


def _waits(db: Db, letter: Letter) -> ColumnElement[bool]:
    return (col(Proposal.letter_id) == letter.id) & _waits_at(db.now)


def _waits_at(now: datetime) -> ColumnElement[bool]:
    return (col(Proposal.status) == "waiting") & (col(Proposal.expires_at) > now)
