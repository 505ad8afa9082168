"""The queue of calls to webhooks: enqueue, claim, answered, and another try where it failed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Column, Index, String, delete, select, update
from sqlmodel import Field, col

from app.db import Db, Moment, Table, new_id

BATCH = 20
# Longer than a batch takes, though the clocks of two workers differ.
LEASE = timedelta(minutes=15)
RETRIES = tuple(timedelta(minutes=n) for n in (1, 5, 30, 120, 360, 720, 1_440))
KEPT = timedelta(days=14)
LAST = 20


class WebhookCall(Table, table=True):
    __tablename__ = "webhook_call"
    __table_args__ = (Index(None, "webhook_id", "id"), Index(None, "next_attempt_at"))

    id: UUID = Field(default_factory=new_id, primary_key=True)
    webhook_id: UUID = Field(foreign_key="webhook.id", ondelete="CASCADE")
    event: str = Field(sa_column=Column(String(40), nullable=False))
    subject: str = Field(sa_column=Column(String(40), nullable=False))
    queued_at: datetime = Field(sa_type=Moment)
    # None once nothing is left to do.
    next_attempt_at: datetime | None = Field(default=None, sa_type=Moment)
    attempts: int = 0
    answered_at: datetime | None = Field(default=None, sa_type=Moment)
    failed_at: datetime | None = Field(default=None, sa_type=Moment)
    # The status that was answered, or what went wrong, without the address.
    answer: str = Field(default="", sa_column=Column(String(200), nullable=False))

    @property
    def state(self) -> str:
        """answered, failed or waiting."""
        if self.answered_at:
            return "answered"
        return "failed" if self.failed_at else "waiting"


def enqueue(db: Db, webhook_id: UUID, event: str, subject: str) -> None:
    call = WebhookCall(
        webhook_id=webhook_id,
        event=event,
        subject=subject,
        queued_at=db.now,
        next_attempt_at=db.now,
    )
    db.add(call)
    db.flush()


def are_due(db: Db) -> bool:
    query = select(col(WebhookCall.id)).where(col(WebhookCall.next_attempt_at) <= db.now)
    return db.scalars(query.limit(1)).first() is not None


def claim(db: Db) -> Sequence[WebhookCall]:
    """Some calls that are due, taken for the lease, the oldest first."""
    due = (
        select(col(WebhookCall.id))
        .where(col(WebhookCall.next_attempt_at) <= db.now)
        .order_by(col(WebhookCall.next_attempt_at))
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    ids = list(db.scalars(due))
    if not ids:
        return []
    db.execute(
        update(WebhookCall)
        .where(col(WebhookCall.id).in_(ids))
        .values(next_attempt_at=db.now + LEASE)
    )
    taken = select(WebhookCall).where(col(WebhookCall.id).in_(ids))
    return db.scalars(taken.order_by(col(WebhookCall.id))).all()


def answered(db: Db, call: WebhookCall, answer: str) -> None:
    _done(db, call, answered_at=db.now, next_attempt_at=None, answer=answer)


def postponed(db: Db, call: WebhookCall, answer: str) -> None:
    """Another attempt later; after the last one it has failed."""
    if call.attempts >= len(RETRIES):
        _done(db, call, failed_at=db.now, next_attempt_at=None, answer=answer)
    else:
        _done(db, call, next_attempt_at=db.now + RETRIES[call.attempts], answer=answer)


def repeat(db: Db, call: WebhookCall) -> None:
    """Once more, now, with all retries; the same id lets the receiver know it again."""
    changes = {"answered_at": None, "failed_at": None, "attempts": 0, "next_attempt_at": db.now}
    db.execute(update(WebhookCall).where(col(WebhookCall.id) == call.id).values(changes))


def give_up(db: Db, webhook_id: UUID) -> None:
    """Ends all calls to this webhook that still wait."""
    waits = col(WebhookCall.next_attempt_at).is_not(None)
    of_it = col(WebhookCall.webhook_id) == webhook_id
    changes = {"failed_at": db.now, "next_attempt_at": None, "answer": "The webhook was stopped."}
    db.execute(update(WebhookCall).where(of_it, waits).values(changes))


def last(db: Db, webhook_ids: Sequence[UUID]) -> list[WebhookCall]:
    """The newest calls to these webhooks, the newest first."""
    query = select(WebhookCall).where(col(WebhookCall.webhook_id).in_(webhook_ids))
    return list(db.scalars(query.order_by(col(WebhookCall.id).desc()).limit(LAST)))


def tidy(db: Db) -> None:
    """Forgets calls that were done with long ago."""
    db.execute(
        delete(WebhookCall).where(
            col(WebhookCall.queued_at) < db.now - KEPT, col(WebhookCall.next_attempt_at).is_(None)
        )
    )


def _done(db: Db, call: WebhookCall, *, answer: str, **changes: object) -> None:
    values = {"attempts": call.attempts + 1, "answer": answer[:200], **changes}
    db.execute(update(WebhookCall).where(col(WebhookCall.id) == call.id).values(values))
