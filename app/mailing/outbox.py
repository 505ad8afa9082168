"""The outbox: mails waiting to leave, written in the transaction that causes them.

A row names the mail's function and holds its facts sealed, the address and the link's secret
among them; it is emptied once the mail server has it. A worker claims rows for a lease, so that
several can work and a killed one's rows come back.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    String,
    Text,
    and_,
    delete,
    insert,
    select,
    update,
)
from sqlmodel import Field, col

from app.db import Db, Moment, Table, new_id

# So long a mail about no letter is kept after it was queued; others go with their letter's data.
KEPT = timedelta(days=30)


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


_insert = insert(OutboxMail)


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
    """Queues the mail that the function `mail` of mail.py makes of `facts` (JSON, with `to`);
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
    mine = and_(*to_signer(mails, endorsement_id))
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
        .where(*to_signer([mail], endorsement_id), col(OutboxMail.next_attempt_at).is_not(None))
        .order_by(col(OutboxMail.id))
    )
    return [orjson.loads(db.keys.unseal(facts)) for facts in db.scalars(query) if facts]


def reword(db: Db, endorsement_id: UUID, **facts: Any) -> None:
    """Sets facts of all mails that wait for a signer, when things changed since."""
    waits = col(OutboxMail.next_attempt_at).is_not(None)
    mine = col(OutboxMail.endorsement_id) == endorsement_id
    query = select(OutboxMail).where(mine, waits).with_for_update()
    for mail in db.scalars(query):
        if mail.facts:
            known = orjson.loads(db.keys.unseal(mail.facts))
            mail.facts = db.keys.seal(orjson.dumps(known | facts).decode())
    db.flush()


def take_back_invitations(db: Db, invitation_ids: Collection[UUID], mail: str = "") -> None:
    """Drops the mails to these invitees that wait; of one kind alone if it is named."""
    theirs = col(OutboxMail.invitation_id).in_(invitation_ids)
    drop(db, and_(theirs, col(OutboxMail.mail) == mail) if mail else theirs)


def tidy(db: Db) -> None:
    """Forgets mails about no letter, such as those to sign in, that were done with long ago."""
    is_done = col(OutboxMail.next_attempt_at).is_(None)
    is_old = col(OutboxMail.queued_at) < db.now - KEPT
    db.execute(delete(OutboxMail).where(col(OutboxMail.letter_id).is_(None), is_done, is_old))


def to_signer(mails: Sequence[str], endorsement_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (col(OutboxMail.endorsement_id) == endorsement_id, col(OutboxMail.mail).in_(mails))
