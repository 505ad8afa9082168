"""Mailboxes that asked for no more mail, about one letter or about all; of a letter perhaps only
for no more messages, so that mails about their own signature still arrive."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    SQLColumnExpression,
    String,
    and_,
    exists,
    or_,
    select,
)
from sqlmodel import Field, col

from app.db import Db, Moment, Table, new_id

Scope = Literal["everything", "messages"]


class Suppression(Table, table=True):
    __table_args__ = (Index(None, "mailbox"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    mailbox: str = Field(sa_column=Column(String(43), nullable=False))
    # None: no mail about any letter, ever.
    letter_id: UUID | None = Field(default=None, foreign_key="letter.id", ondelete="CASCADE")
    scope: str = Field(
        default="everything",
        sa_column=Column(String(10), nullable=False, server_default="everything"),
    )
    created_at: datetime = Field(sa_type=Moment)


def add(db: Db, mailbox: str, letter_id: UUID | None, scope: Scope = "everything") -> None:
    db.add(Suppression(mailbox=mailbox, letter_id=letter_id, scope=scope, created_at=db.now))
    db.flush()


def unwanted(
    mailbox: SQLColumnExpression[str], letter_id: UUID, scope: Scope = "everything"
) -> ColumnElement[bool]:
    """Whether the mailbox in that column wants no mail of this kind about the letter."""
    return exists().where(col(Suppression.mailbox) == mailbox, of_letter(letter_id, scope))


def covers(
    db: Db, mailboxes: list[str], letter_id: UUID | None, scope: Scope = "everything"
) -> bool:
    """Whether any of these spellings of a mailbox wants no mail of this kind about the letter."""
    about = of_letter(letter_id, scope)
    query = select(col(Suppression.id)).where(col(Suppression.mailbox).in_(mailboxes), about)
    return db.scalars(query.limit(1)).first() is not None


def of_letter(letter_id: UUID | None, scope: Scope = "everything") -> ColumnElement[bool]:
    """The condition of those that stop mail of this kind about the letter."""
    return and_(
        or_(col(Suppression.letter_id).is_(None), col(Suppression.letter_id) == letter_id),
        col(Suppression.scope).in_(("everything", scope)),
    )
