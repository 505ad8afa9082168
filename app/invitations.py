"""Invitations: whom a letter was sent to, and where each of them stands."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, String, Text, UniqueConstraint
from sqlmodel import Field

from app.db import Moment, Table, new_id

Status = Literal["invited", "promised", "signed", "declined", "bounced"]

STATUSES: tuple[Status, ...] = ("invited", "promised", "signed", "declined", "bounced")


class Invitation(Table, table=True):
    __table_args__ = (
        CheckConstraint(
            "status IN ('invited','promised','signed','declined','bounced')", name="status"
        ),
        UniqueConstraint("letter_id", "mailbox", "folded"),
        Index(None, "letter_id", "status", "id"),
        Index(None, "organisation_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    letter_id: UUID = Field(foreign_key="letter.id", ondelete="CASCADE")
    organisation_id: UUID | None = Field(
        default=None, foreign_key="organisation.id", ondelete="SET NULL"
    )
    status: str = Field(default="invited", sa_column=Column(String(10), nullable=False))

    # As organisers wrote it; an individual's `organisation` is empty.
    organisation: str = ""
    website: str = ""
    country: str = ""
    name: str = ""
    role: str = ""
    folded: str
    address: str
    mailbox: str = Field(sa_column=Column(String(43), nullable=False))
    language: str = Field(default="en", sa_column=Column(String(20), nullable=False))
    note: str = Field(default="", sa_column=Column(Text, nullable=False))
    # The organiser who looks after it.
    owner_id: UUID | None = Field(default=None, foreign_key="organiser.id", ondelete="SET NULL")

    # "Awaiting our board until": the day, and the reason where they declined.
    promised_until: date | None = None
    reason: str | None = Field(default=None, sa_column=Column(Text))
    endorsement_id: UUID | None = Field(
        default=None, foreign_key="endorsement.id", ondelete="SET NULL"
    )
    created_at: datetime = Field(sa_type=Moment)
    # None until the mail with the personal link is queued.
    invited_at: datetime | None = Field(default=None, sa_type=Moment)
    answered_at: datetime | None = Field(default=None, sa_type=Moment)
    # No reminders to this one any more.
    stopped_at: datetime | None = Field(default=None, sa_type=Moment)
