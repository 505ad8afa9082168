"""The audit trail: who changed what, when and why. It holds ids and states, never names.

`record` is called by the verbs that change a state, in their transaction.
"""

from datetime import datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from sqlalchemy import JSON, Column, Index, String, Text, insert, select
from sqlmodel import Field, col

from app.db import Db, Moment, Table, new_id


class Actor(NamedTuple):
    """Who acts: `kind` is signer, visitor (who neither signed nor works on the letter), organiser,
    operator (the command line) or worker; `via` is what they act through, where that is no page:
    api."""

    kind: str
    id: UUID | None = None
    via: str = ""

    def through(self, via: str) -> "Actor":
        return self._replace(via=via)

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else self.kind


SIGNER = Actor("signer")
VISITOR = Actor("visitor")
OPERATOR = Actor("operator")
WORKER = Actor("worker")


class AuditEntry(Table, table=True):
    __tablename__ = "audit_entry"
    __table_args__ = (
        Index(None, "letter_id", "id"),
        Index(None, "book_id", "id"),
        Index(None, "subject_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    at: datetime = Field(sa_type=Moment)
    letter_id: UUID | None
    # The address book, where it is about that or an entry of it.
    book_id: UUID | None = None
    subject_id: UUID | None
    actor: str = Field(sa_column=Column(String(60), nullable=False))
    action: str = Field(sa_column=Column(String(40), nullable=False))
    reason: str | None = Field(default=None, sa_column=Column(Text))
    facts: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class OfLetter(Protocol):
    id: UUID
    letter_id: UUID


_insert = insert(AuditEntry)


def record(
    db: Db,
    action: str,
    *,
    by: Actor,
    letter_id: UUID | None,
    subject_id: UUID | None = None,
    reason: str | None = None,
    **facts: str | int | bool | None,
) -> None:
    """Writes one entry; `facts` are ids, states and field names, never names or addresses."""
    about = {"letter_id": letter_id, "book_id": None, "subject_id": subject_id}
    _write(db, action, by, about, reason, facts)


def record_about(
    db: Db,
    action: str,
    subject: OfLetter,
    *,
    by: Actor,
    reason: str | None = None,
    **facts: str | int | bool | None,
) -> None:
    """The same about something of a letter: an endorsement, an invitation, a message."""
    about = {"letter_id": subject.letter_id, "book_id": None, "subject_id": subject.id}
    _write(db, action, by, about, reason, facts)


def record_of_book(
    db: Db,
    action: str,
    *,
    by: Actor,
    book_id: UUID,
    subject_id: UUID | None,
    **facts: str | int | bool | None,
) -> None:
    """The same about an address book, or the entry of it that is the subject."""
    about = {"letter_id": None, "book_id": book_id, "subject_id": subject_id}
    _write(db, action, by, about, None, facts)


def _write(
    db: Db,
    action: str,
    by: Actor,
    about: dict[str, UUID | None],
    reason: str | None,
    facts: dict[str, Any],
) -> None:
    db.insert(
        _insert,
        {
            "id": new_id(),
            "at": db.now,
            **about,
            "actor": str(by),
            "action": action,
            "reason": reason,
            "facts": {**facts, "via": by.via} if by.via else facts,
        },
    )


def history(db: Db, *, subject_id: UUID) -> list[AuditEntry]:
    """All entries about one subject, the oldest first."""
    query = select(AuditEntry).where(col(AuditEntry.subject_id) == subject_id)
    return list(db.scalars(query.order_by(col(AuditEntry.id))))
