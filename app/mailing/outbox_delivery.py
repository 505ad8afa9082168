"""What a worker does with the outbox: it takes mails for a lease, and says what became of each."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import col

from app.db import Db
from app.mailing.outbox import OutboxMail

# Longer than a batch takes, though the clocks of two workers differ by ten minutes.
LEASE = timedelta(minutes=15)
BATCH = 100
# RFC 5321, 4.5.4.1: try for four or five days at least, and ever more seldom.
GIVE_UP_AFTER = timedelta(days=5)
MINUTE = timedelta(minutes=1)
RETRIES = tuple(MINUTE * n for n in (1, 2, 5, 10, 20, 30, 60, 120, 180, 240, 360, 480, 720))
# While no mail server answers at all: what waits must not wait on long after it is back.
OUTAGE_RETRY = 10 * MINUTE


class Claimed(NamedTuple):
    id: UUID
    mail: str
    facts: str
    letter_id: UUID | None
    invitation_id: UUID | None
    link: str | None
    attempts: int
    queued_at: datetime


def claim(db: Db) -> list[Claimed]:
    """Up to a hundred mails that are due, taken for the lease."""
    due = (
        select(col(OutboxMail.id))
        .where(col(OutboxMail.next_attempt_at) <= db.now)
        .order_by(col(OutboxMail.next_attempt_at))
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    taken = db.execute(
        update(OutboxMail)
        .where(col(OutboxMail.id).in_(due.scalar_subquery()))
        .values(next_attempt_at=db.now + LEASE)
        .returning(*(col(getattr(OutboxMail, name)) for name in Claimed._fields))
        .execution_options(synchronize_session=False)
    )
    return [Claimed(*row) for row in taken]


def sent(db: Db, mail_id: UUID) -> None:
    _done(db, mail_id, sent_at=db.now, answer=None)


def failed(db: Db, mail_id: UUID, answer: str) -> None:
    """For good: the server refused it with a 5xx, or five days were not enough."""
    _done(db, mail_id, failed_at=db.now, answer=answer[:300])


def dropped(db: Db, mail_id: UUID) -> None:
    _done(db, mail_id, dropped_at=db.now)


def postponed(db: Db, mail: Claimed, answer: str, *, at_most: timedelta = RETRIES[-1]) -> None:
    """Another attempt later, within `at_most`; after five days it has failed."""
    if gives_up(db, mail):
        failed(db, mail.id, answer)
        return
    last_attempt_at = mail.queued_at + GIVE_UP_AFTER
    pause = min(at_most, RETRIES[min(mail.attempts, len(RETRIES) - 1)])
    db.execute(
        update(OutboxMail)
        # One that was dropped meanwhile stays so: nothing of it is left to send.
        .where(col(OutboxMail.id) == mail.id, col(OutboxMail.next_attempt_at).is_not(None))
        .values(
            attempts=mail.attempts + 1,
            next_attempt_at=min(db.now + pause, last_attempt_at),
            answer=answer[:300],
        )
    )


def gives_up(db: Db, mail: Claimed) -> bool:
    """Whether its five days are over."""
    return db.now >= mail.queued_at + GIVE_UP_AFTER


def given_back(db: Db, mails: Iterable[Claimed]) -> None:
    """Taken, but not tried: due at once."""
    untried = col(OutboxMail.id).in_([mail.id for mail in mails])
    waits = col(OutboxMail.next_attempt_at).is_not(None)
    db.execute(update(OutboxMail).where(untried, waits).values(next_attempt_at=db.now))


def _done(db: Db, mail_id: UUID, **changes: Any) -> None:
    """The facts go with the mail: nothing of it is left to steal."""
    db.execute(
        update(OutboxMail)
        .where(col(OutboxMail.id) == mail_id, col(OutboxMail.sent_at).is_(None))
        .values(facts=None, next_attempt_at=None, **changes)
    )
