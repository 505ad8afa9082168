"""Organisations: the address book from which regulars are known again.

A letter's book is that of the organiser who owned the letter first, shared with all who work on
it. It holds what organisations say of themselves in public, and the contact an organiser wrote in.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Index, String, select
from sqlmodel import Field, col

from app.db import Db, Moment, Table, new_id
from app.letters import Letter


class Organisation(Table, table=True):
    __table_args__ = (Index(None, "book_id", "folded"), Index(None, "mailbox"))

    id: UUID = Field(default_factory=new_id, primary_key=True)
    book_id: UUID = Field(foreign_key="organiser.id", ondelete="CASCADE")
    # The canonical name, as lists show it; `folded` finds it.
    name: str
    folded: str
    # Its names in other languages by their tags, and other names it is known by.
    names: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    aliases: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    acronym: str = ""
    # Registrable domains (public suffix and one label) of its website and its mail.
    domains: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    website: str = ""
    country: str = ""
    category: str = ""
    logo: str = ""
    sort_key: str | None = None

    # Who is written to; the address is sealed, the index finds equal mailboxes.
    contact_name: str = ""
    contact_role: str = ""
    address: str = ""
    mailbox: str | None = Field(default=None, sa_column=Column(String(43)))
    language: str = Field(default="en", sa_column=Column(String(20), nullable=False))

    created_at: datetime = Field(sa_type=Moment)
    changed_at: datetime = Field(sa_type=Moment)
    merged_into: UUID | None = None


def of_letter(db: Db, letter: Letter) -> list[Organisation]:
    """All entries of the letter's address book, by name."""
    return list(db.scalars(in_book(letter.book_id).order_by(col(Organisation.folded))))


def in_book(book_id: UUID | None) -> Any:
    """The query of a book's entries that were not merged into others."""
    mine = col(Organisation.book_id) == book_id
    return select(Organisation).where(mine, col(Organisation.merged_into).is_(None))
