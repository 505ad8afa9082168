"""The outbox: mails waiting to leave, written in the transaction that causes them.

A row names the mail's function and holds its facts sealed, the address and the link's secret
among them; it is emptied once the mail server has it. A worker claims rows for a lease, so that
several can work and a killed one's rows come back.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    SQLColumnExpression,
    String,
    Text,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import aliased
from sqlmodel import Field, col

from app.db import Db, Moment, Table, new_id

# Longer than a batch takes, though the clocks of two workers differ by ten minutes.
LEASE = timedelta(minutes=15)
# So long a mail about no letter is kept after it was queued; others go with their letter's data.
KEPT = timedelta(days=30)
BATCH = 100
# RFC 5321, 4.5.4.1: try for four or five days at least, and ever more seldom.
GIVE_UP_AFTER = timedelta(days=5)
MINUTE = timedelta(minutes=1)
RETRIES = tuple(MINUTE * n for n in (1, 2, 5, 10, 20, 30, 60, 120, 180, 240, 360, 480, 720))
# While no mail server answers at all: what waits must not wait on long after it is back.
OUTAGE_RETRY = 10 * MINUTE


class OutboxMail(Table, table=True):
    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_waiting", "next_attempt_at"),
        Index(None, "mailbox", "queued_at"),
        Index(None, "endorsement_id"),
        Index(None, "invitation_id"),
        Index(None, "letter_id", "queued_at"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    mail: str = Field(sa_column=Column(String(30), nullable=False))
    facts: str | None = Field(default=None, sa_column=Column(Text))
    mailbox: str = Field(sa_column=Column(String(43), nullable=False))
    letter_id: UUID | None = Field(default=None, foreign_key="letter.id", ondelete="CASCADE")
    endorsement_id: UUID | None = Field(
        default=None, foreign_key="endorsement.id", ondelete="CASCADE"
    )
    invitation_id: UUID | None = None
    link: str | None = Field(default=None, sa_column=Column(String(64)))
    # Caused by somebody whose address is not proven: counted against the mailbox's allowance.
    by_stranger: bool = False
    queued_at: datetime = Field(sa_type=Moment)
    # None once nothing is left to do: sent, failed or dropped.
    next_attempt_at: datetime | None = Field(default=None, sa_type=Moment)
    attempts: int = 0
    sent_at: datetime | None = Field(default=None, sa_type=Moment)
    failed_at: datetime | None = Field(default=None, sa_type=Moment)
    dropped_at: datetime | None = Field(default=None, sa_type=Moment)
    # The mail server's last answer, without the address.
    answer: str | None = Field(default=None, sa_column=Column(String(300)))

    @property
    def state(self) -> str:
        """waiting, sent, failed or dropped (the mailbox wants no mail)."""
        if self.sent_at:
            return "sent"
        if self.failed_at:
            return "failed"
        return "dropped" if self.dropped_at else "waiting"


class Claimed(NamedTuple):
    id: UUID
    mail: str
    facts: str
    letter_id: UUID | None
    invitation_id: UUID | None
    link: str | None
    attempts: int
    queued_at: datetime


_insert = insert(OutboxMail)
_caused_by_strangers = (
    select(col(OutboxMail.mailbox), func.count().label("number"))
    .where(
        col(OutboxMail.mailbox).in_(bindparam("mailboxes", expanding=True)),
        col(OutboxMail.queued_at) > bindparam("since", type_=Moment()),
        col(OutboxMail.by_stranger),
    )
    .group_by(col(OutboxMail.mailbox))
)


def enqueue(
    db: Db,
    mail: str,
    facts: dict[str, Any],
    *,
    mailbox: str,
    letter_id: UUID | None = None,
    endorsement_id: UUID | None = None,
    invitation_id: UUID | None = None,
    link: str | None = None,
    by_stranger: bool = False,
    after: timedelta = timedelta(),
) -> UUID:
    """Queues the mail that the function `mail` of app.mail makes of `facts` (JSON, with `to`);
    answers its key.

    It leaves after a while if `after` says so: till then `take_back` can spare it.
    """
    mail_id = new_id()
    db.insert(
        _insert,
        {
            "id": mail_id,
            "mail": mail,
            "facts": db.keys.seal(orjson.dumps(facts).decode()),
            "mailbox": mailbox,
            "letter_id": letter_id,
            "endorsement_id": endorsement_id,
            "invitation_id": invitation_id,
            "link": link,
            "by_stranger": by_stranger,
            "queued_at": db.now,
            "next_attempt_at": db.now + after,
            "attempts": 0,
        },
    )
    return mail_id


def take_back(
    db: Db, mails: Sequence[str], endorsement_id: UUID, *, due_at: datetime | None = None
) -> int:
    """Drops the mails of these kinds to a signer that wait: a newer one says all.

    With `due_at`, only one that is due then and that no worker has taken. Answers how many.
    """
    mine = and_(*_to_signer(mails, endorsement_id))
    return drop(db, and_(mine, col(OutboxMail.next_attempt_at) == due_at) if due_at else mine)


def drop(db: Db, condition: ColumnElement[bool]) -> int:
    """Those that wait and meet the condition don't leave; one on its way to the server may. How
    many they were."""
    return db.changed(
        update(OutboxMail)
        .where(condition, col(OutboxMail.next_attempt_at).is_not(None))
        .values(facts=None, next_attempt_at=None, dropped_at=db.now)
        .execution_options(synchronize_session=False)
    )


def waiting_facts(db: Db, mail: str, endorsement_id: UUID) -> list[dict[str, Any]]:
    """What the mails of this kind say that wait for a signer, the oldest first."""
    query = (
        select(col(OutboxMail.facts))
        .where(*_to_signer([mail], endorsement_id), col(OutboxMail.next_attempt_at).is_not(None))
        .order_by(col(OutboxMail.id))
    )
    return [orjson.loads(db.keys.unseal(facts)) for facts in db.scalars(query) if facts]


def reword(db: Db, mails: Sequence[str], endorsement_id: UUID, **facts: Any) -> None:
    """Sets facts of the mails of these kinds that wait for a signer, when things changed since."""
    waits = col(OutboxMail.next_attempt_at).is_not(None)
    query = select(OutboxMail).where(*_to_signer(mails, endorsement_id), waits).with_for_update()
    for mail in db.scalars(query):
        if mail.facts:
            known = orjson.loads(db.keys.unseal(mail.facts))
            mail.facts = db.keys.seal(orjson.dumps(known | facts).decode())
    db.flush()


def last_sent(db: Db, mails: Sequence[str], endorsement_id: UUID) -> str | None:
    """Which of these kinds of mail a signer was sent last."""
    query = (
        select(col(OutboxMail.mail))
        .where(*_to_signer(mails, endorsement_id), col(OutboxMail.sent_at).is_not(None))
        .order_by(col(OutboxMail.id).desc())
    )
    return db.scalars(query.limit(1)).first()


def number_of(db: Db, mails: Sequence[str], endorsement_id: UUID, period: timedelta) -> int:
    """How many of these kinds were queued for a signer in the last `period` and not dropped."""
    query = select(func.count()).where(
        *_to_signer(mails, endorsement_id),
        col(OutboxMail.queued_at) > db.now - period,
        col(OutboxMail.dropped_at).is_(None),
    )
    return db.scalar(query) or 0


def take_back_invitations(db: Db, invitation_ids: Collection[UUID], mail: str = "") -> None:
    """Drops the mails to these invitees that wait; of one kind alone if it is named."""
    waiting = update(OutboxMail).where(
        col(OutboxMail.invitation_id).in_(invitation_ids),
        col(OutboxMail.next_attempt_at).is_not(None),
    )
    if mail:
        waiting = waiting.where(col(OutboxMail.mail) == mail)
    db.execute(waiting.values(facts=None, next_attempt_at=None, dropped_at=db.now))


def caused_by_strangers(db: Db, mailboxes: list[str], period: timedelta) -> Counter[str]:
    """How many mails strangers caused to each mailbox in the last `period`, over all letters."""
    wanted = {"mailboxes": mailboxes, "since": db.now - period}
    found = db.connection().execute(_caused_by_strangers, wanted)
    return Counter({row.mailbox: row.number for row in found})


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


def refuses(mailbox: SQLColumnExpression[str]) -> ColumnElement[bool]:
    """Whether a mail to the mailbox in that column failed for good, and none left since."""
    failed_mail, later = aliased(OutboxMail), aliased(OutboxMail)
    got_through = exists().where(
        col(later.mailbox) == col(failed_mail.mailbox),
        col(later.sent_at) > col(failed_mail.failed_at),
    )
    return exists().where(
        col(failed_mail.mailbox) == mailbox, col(failed_mail.failed_at).is_not(None), ~got_through
    )


def given_back(db: Db, mails: Iterable[Claimed]) -> None:
    """Taken, but not tried: due at once."""
    untried = col(OutboxMail.id).in_([mail.id for mail in mails])
    waits = col(OutboxMail.next_attempt_at).is_not(None)
    db.execute(update(OutboxMail).where(untried, waits).values(next_attempt_at=db.now))


def waiting(db: Db, letter_id: UUID) -> int:
    return _count(db, letter_id, col(OutboxMail.next_attempt_at).is_not(None))


def failures(db: Db, letter_id: UUID) -> int:
    return _count(db, letter_id, has_failed(letter_id))


def has_failed(letter_id: UUID) -> ColumnElement[bool]:
    """The condition of a letter's mails that will never arrive."""
    return and_(col(OutboxMail.letter_id) == letter_id, col(OutboxMail.failed_at).is_not(None))


def tidy(db: Db) -> None:
    """Forgets mails about no letter, such as those to sign in, that were done with long ago."""
    is_done = col(OutboxMail.next_attempt_at).is_(None)
    is_old = col(OutboxMail.queued_at) < db.now - KEPT
    db.execute(delete(OutboxMail).where(col(OutboxMail.letter_id).is_(None), is_done, is_old))


def oldest_due(db: Db) -> datetime | None:
    """Since when a mail has been due that nobody took; None if there is none."""
    return db.scalar(
        select(func.min(OutboxMail.next_attempt_at)).where(
            col(OutboxMail.next_attempt_at) <= db.now
        )
    )


def latest_of(db: Db, endorsement_ids: list[UUID]) -> dict[UUID, OutboxMail]:
    """The newest mail of each endorsement."""
    query = (
        select(OutboxMail)
        .where(col(OutboxMail.endorsement_id).in_(endorsement_ids))
        .order_by(col(OutboxMail.id))
    )
    return {mail.endorsement_id: mail for mail in db.scalars(query) if mail.endorsement_id}


def latest_to_invitee(db: Db, invitation_id: UUID, mailbox: str) -> OutboxMail | None:
    """The newest mail to the mailbox they are invited by."""
    query = select(OutboxMail).where(
        col(OutboxMail.invitation_id) == invitation_id, col(OutboxMail.mailbox) == mailbox
    )
    return db.scalars(query.order_by(col(OutboxMail.id).desc()).limit(1)).first()


def _count(db: Db, letter_id: UUID, condition: Any) -> int:
    about = and_(col(OutboxMail.letter_id) == letter_id, condition)
    return db.scalar(select(func.count()).select_from(OutboxMail).where(about)) or 0


def _to_signer(mails: Sequence[str], endorsement_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (col(OutboxMail.endorsement_id) == endorsement_id, col(OutboxMail.mail).in_(mails))


def _done(db: Db, mail_id: UUID, **changes: Any) -> None:
    """The facts go with the mail: nothing of it is left to steal."""
    db.execute(
        update(OutboxMail)
        .where(col(OutboxMail.id) == mail_id, col(OutboxMail.sent_at).is_(None))
        .values(facts=None, next_attempt_at=None, **changes)
    )
