"""Organisations: the address book from which regulars are known again.

A letter's book is the one its first owner had begun, and belongs to all who work on the letters
that use it, each as their role says; whoever works on none of them is out. It holds what
organisations say of themselves in public, and the contact an organiser wrote in.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import JSON, Column, Index, String, Text, select
from sqlmodel import Field, col

from app.db import Db, Moment, Table, new_id
from app.letter.letters import Letter
from app.name.names import fold
from app.organiser import roles
from app.organiser.organisers import Organiser, shown_names
from app.organiser.roles import Ability, Role

_AT_ONCE = 5_000


class Organisation(Table, table=True):
    __table_args__ = (Index(None, "book_id", "folded"), Index(None, "mailbox"))

    id: UUID = Field(default_factory=new_id, primary_key=True)
    book_id: UUID
    # The canonical name, as lists show it; `folded` finds and sorts it, `searched` is everything a
    # search goes through, folded, and in Latin letters where it isn't.
    name: str
    folded: str
    searched: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
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
    # The endorsement whose approval made it; None where organisers wrote it in.
    made_by: UUID | None = None

    @property
    def all_names(self) -> list[str]:
        """The canonical name and all others, without the acronym."""
        return [self.name, *self.names.values(), *self.aliases]


class OrganisationKey(Table, table=True):
    """What an entry is found by: a folded name, or a domain that is nobody else's."""

    __tablename__ = "organisation_key"
    __table_args__ = (Index(None, "book_id", "kind", "key"),)

    organisation_id: UUID = Field(
        primary_key=True, foreign_key="organisation.id", ondelete="CASCADE"
    )
    kind: str = Field(sa_column=Column(String(6), primary_key=True))
    key: str = Field(primary_key=True)
    book_id: UUID


class Book(NamedTuple):
    """An address book that an organiser may look at; `owner_name` is what whoever began it is
    called, or else who has owned one of its letters longest.

    `is_own`: the letters they begin use it. `may_change`: look up, add and change entries, and see
    addresses masked. `may_reveal`: see addresses in full, take the book out, read its history.
    """

    id: UUID
    owner_name: str
    is_own: bool
    may_change: bool
    may_reveal: bool


def offered(entry: Organisation) -> dict[str, str]:
    """What an invited regular finds filled in, by the names of an endorsement's fields."""
    return {
        "organisation": entry.name,
        "website": entry.website,
        "country": entry.country,
        "logo": entry.logo,
        "sort_key": entry.sort_key or "",
        "category": entry.category,
    }


def books_of(db: Db, organiser: Organiser) -> list[Book]:
    """The organiser's own book first, then those of the letters they work on.

    What they may do on one of a book's letters they may do with the book: who edits one changes
    it, who owns one may take it out. One's own is in no letter's use, or they own one of these.
    """
    may: dict[UUID, set[Ability]] = {organiser.book_id: {*roles.ABILITIES[roles.OWNER]}}
    worked_on = (
        select(col(Letter.book_id), col(Role.role))
        .join(Role, col(Role.letter_id) == col(Letter.id))
        .where(col(Role.organiser_id) == organiser.id, col(Letter.book_id).is_not(None))
    )
    for book_id, role in db.execute(worked_on):
        may.setdefault(book_id, set()).update(roles.ABILITIES[role])
    names = _owner_names(db, may)
    books = [
        Book(
            id_,
            names.get(id_, ""),
            is_own=id_ == organiser.book_id,
            may_change=roles.EDIT in abilities,
            may_reveal=roles.OWN in abilities,
        )
        for id_, abilities in may.items()
    ]
    return sorted(books, key=lambda book: (not book.is_own, fold(book.owner_name), book.id))


def _owner_names(db: Db, book_ids: Collection[UUID]) -> dict[UUID, str]:
    """What the books are called after: see Book."""
    began = select(Organiser).where(col(Organiser.book_id).in_(book_ids))
    people = {one.book_id: one for one in db.scalars(began)}
    gone = [id_ for id_ in book_ids if id_ not in people]
    owners = (
        select(col(Letter.book_id), Organiser)
        .join(Role, col(Role.letter_id) == col(Letter.id))
        .join(Organiser, col(Organiser.id) == col(Role.organiser_id))
        .where(col(Letter.book_id).in_(gone), col(Role.role) == roles.OWNER)
        .order_by(col(Role.id))
    )
    for book_id, owner in db.execute(owners) if gone else ():
        people.setdefault(book_id, owner)
    names = shown_names(db, people.values())
    return {book_id: names[one.id] for book_id, one in people.items()}


def of_letter(db: Db, letter: Letter) -> list[Organisation]:
    """All entries of the letter's address book, by name."""
    return list(db.scalars(in_book(letter.book_id).order_by(col(Organisation.folded))))


def in_book(book_id: UUID | None) -> Any:
    """The query of a book's entries that were not merged into others."""
    mine = col(Organisation.book_id) == book_id
    return select(Organisation).where(mine, col(Organisation.merged_into).is_(None))


def lines_of(db: Db, book_id: UUID | None) -> dict[UUID, UUID]:
    """Of each entry that was merged, the one that stands for it now."""
    query = select(col(Organisation.id), col(Organisation.merged_into)).where(
        col(Organisation.book_id) == book_id, col(Organisation.merged_into).is_not(None)
    )
    into = {row.id: row.merged_into for row in db.execute(query)}
    return {id_: _last(into, id_) for id_ in into}


def standing(db: Db, entry_id: UUID | None) -> Organisation | None:
    """The entry, or the one it was merged into."""
    entry = db.get(Organisation, entry_id) if entry_id else None
    while entry and entry.merged_into:
        entry = db.get(Organisation, entry.merged_into)
    return entry


def family(db: Db, entry: Organisation) -> list[UUID]:
    """The entry and all that stand under it."""
    lines = lines_of(db, entry.book_id)
    return [entry.id, *(gone for gone, line in lines.items() if line == entry.id)]


def _last(into: dict[UUID, UUID], id_: UUID) -> UUID:
    while id_ in into:
        id_ = into[id_]
    return id_


def portions(all_: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """A statement takes some tens of thousands of parameters, so much is asked for in parts."""
    for start in range(0, len(all_), _AT_ONCE):
        yield all_[start : start + _AT_ONCE]
