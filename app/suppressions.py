"""Mailboxes that asked for no more mail, about one letter or about all."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    SQLColumnExpression,
    String,
    exists,
    or_,
    select,
)
from sqlmodel import Field, col

from app.db import Db, Moment, Table, new_id


class Suppression(Table, table=True):
    __table_args__ = (Index(None, "mailbox"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    mailbox: str = Field(sa_column=Column(String(43), nullable=False))
    # None: no mail about any letter, ever.
    letter_id: UUID | None = Field(default=None, foreign_key="letter.id", ondelete="CASCADE")
    created_at: datetime = Field(sa_type=Moment)


def add(db: Db, mailbox: str, letter_id: UUID | None) -> None:
    db.add(Suppression(mailbox=mailbox, letter_id=letter_id, created_at=db.now))
    db.flush()


def unwanted(mailbox: SQLColumnExpression[str], letter_id: UUID) -> ColumnElement[bool]:
    """Whether the mailbox in that column wants no mail about the letter."""
    about = or_(col(Suppression.letter_id).is_(None), col(Suppression.letter_id) == letter_id)
    return exists().where(col(Suppression.mailbox) == mailbox, about)


def covers(db: Db, mailboxes: list[str], letter_id: UUID | None) -> bool:
    """Whether any of these spellings of a mailbox wants no mail about the letter."""
    about = or_(col(Suppression.letter_id).is_(None), col(Suppression.letter_id) == letter_id)
    query = select(col(Suppression.id)).where(col(Suppression.mailbox).in_(mailboxes), about)
    return db.scalars(query.limit(1)).first() is not None
