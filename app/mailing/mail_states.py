"""What became of mails: how many wait or failed, and whether a mailbox takes any."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, bindparam, exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.db import Db, Moment
from app.mailing.outbox import OutboxMail, to_signer

_caused_by_strangers = (
    select(col(OutboxMail.mailbox), func.count().label("number"))
    .where(
        col(OutboxMail.mailbox).in_(bindparam("mailboxes", expanding=True)),
        col(OutboxMail.queued_at) > bindparam("since", type_=Moment()),
        col(OutboxMail.by_stranger),
    )
    .group_by(col(OutboxMail.mailbox))
)


def last_sent(db: Db, mails: Sequence[str], endorsement_id: UUID) -> str | None:
    """Which of these kinds of mail a signer was sent last."""
    query = (
        select(col(OutboxMail.mail))
        .where(*to_signer(mails, endorsement_id), col(OutboxMail.sent_at).is_not(None))
        .order_by(col(OutboxMail.id).desc())
    )
    return db.scalars(query.limit(1)).first()


def number_of(db: Db, mails: Sequence[str], endorsement_id: UUID, period: timedelta) -> int:
    """How many of these kinds were queued for a signer in the last `period` and not dropped."""
    query = select(func.count()).where(
        *to_signer(mails, endorsement_id),
        col(OutboxMail.queued_at) > db.now - period,
        col(OutboxMail.dropped_at).is_(None),
    )
    return db.scalar(query) or 0


def caused_by_strangers(db: Db, mailboxes: list[str], period: timedelta) -> Counter[str]:
    """How many mails strangers caused to each mailbox in the last `period`, over all letters."""
    wanted = {"mailboxes": mailboxes, "since": db.now - period}
    found = db.connection().execute(_caused_by_strangers, wanted)
    return Counter({row.mailbox: row.number for row in found})


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


def waiting(db: Db, letter_id: UUID) -> int:
    return _count(db, letter_id, col(OutboxMail.next_attempt_at).is_not(None))


def failures(db: Db, letter_id: UUID) -> int:
    return _count(db, letter_id, has_failed(letter_id))


def has_failed(letter_id: UUID) -> ColumnElement[bool]:
    """The condition of a letter's mails that will never arrive."""
    return and_(col(OutboxMail.letter_id) == letter_id, col(OutboxMail.failed_at).is_not(None))


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
