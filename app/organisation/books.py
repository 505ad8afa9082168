"""Address books as organisers see them: whose they are, which entries, what became of each."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, func, or_, select, update
from sqlmodel import col

from app.db import Db
from app.endorsement.endorsements import Endorsement
from app.errors import Forbidden, NotFound
from app.i18n import _
from app.invitation.invitations import Invitation
from app.letter.letters import Letter
from app.name.names import fold, latin
from app.organisation import book_entries, organisations
from app.organisation.organisations import Book, Organisation, in_book
from app.organiser.organisers import Organiser
from app.organiser.roles import Role
from app.trail import audit

MOST_WORDS = 10
LONGEST_SEARCH = 200


class Wanted(NamedTuple):
    """What a list of entries is narrowed to; "" narrows nothing."""

    words: str = ""
    country: str = ""
    category: str = ""


def book_of(
    db: Db,
    organiser: Organiser,
    book_id: UUID | None,
    *,
    changing: bool = False,
    revealing: bool = False,
) -> Book:
    """One of the organiser's books, their own without an id; another's is not there at all.

    Raises Forbidden where they may look at it but not change it, or reveal what is masked.
    """
    wanted = book_id or organiser.book_id
    book = next((one for one in organisations.books_of(db, organiser) if one.id == wanted), None)
    if book is None:
        raise NotFound(_("There is no such address book."))
    if changing and not book.may_change:
        raise Forbidden(_("You may look at this address book, but not change it."))
    if revealing and not book.may_reveal:
        raise Forbidden(_("Only an owner of one of the letters that use this book may do this."))
    return book


def entry_of(
    db: Db,
    organiser: Organiser,
    entry_id: UUID,
    *,
    changing: bool = False,
    revealing: bool = False,
    merged: bool = False,
) -> tuple[Organisation, Book]:
    """An entry among those the organiser may see, and its book; `merged`, one that stands under
    another."""
    entry = db.get(Organisation, entry_id)
    if entry is None or bool(entry.merged_into) != merged:
        raise _no_entry()
    try:
        book = book_of(db, organiser, entry.book_id, changing=changing, revealing=revealing)
    except NotFound:
        raise _no_entry() from None
    return entry, book


def may_reveal(db: Db, organiser: Organiser, letter: Letter, invitation: Invitation) -> bool:
    """Whether its address may be shown in full to an editor of the letter: inviting an entry must
    not be a way around what the book masks."""
    return not invitation.from_book or book_of(db, organiser, letter.book_id).may_reveal


def page(
    db: Db, book: Book, wanted: Wanted, *, after: UUID | None = None, limit: int | None = None
) -> Sequence[Organisation]:
    """A page of the book's entries by name; all of them without a limit."""
    query = _narrowed(in_book(book.id), wanted)
    last = db.get(Organisation, after) if after else None
    if last:
        folded, id_ = col(Organisation.folded), col(Organisation.id)
        query = query.where(or_(folded > last.folded, and_(folded == last.folded, id_ > last.id)))
    ordered = query.order_by(col(Organisation.folded), col(Organisation.id))
    return db.scalars(ordered.limit(limit)).all()


def count(db: Db, book: Book, wanted: Wanted) -> int:
    entries = _narrowed(in_book(book.id), wanted).subquery()
    return db.scalar(select(func.count()).select_from(entries)) or 0


def merged_into(db: Db, entry: Organisation) -> Sequence[Organisation]:
    """What was merged into the entry, by name."""
    under_it = select(Organisation).where(col(Organisation.merged_into) == entry.id)
    return db.scalars(under_it.order_by(col(Organisation.folded), col(Organisation.id))).all()


def categories(db: Db, book: Book) -> list[str]:
    """The categories in use."""
    return sorted(_in_use(db, book, Organisation.category), key=fold)


def countries_in_use(db: Db, book: Book) -> list[str]:
    """Their codes."""
    return _in_use(db, book, Organisation.country)


class Part(NamedTuple):
    """What an organisation has to do with a letter: its invitations, its endorsements."""

    letter: Letter
    invitations: list[Invitation]
    endorsements: list[Endorsement]


def history(db: Db, organiser: Organiser, entry: Organisation) -> list[Part]:
    """The letters it, or what was merged into it, was invited to or signed, the newest first; only
    those that this organiser may see."""
    parts: dict[UUID, Part] = {}
    family = organisations.family(db, entry)
    for table in (Invitation, Endorsement):
        query = (
            select(Letter, table)
            .join(table, col(table.letter_id) == col(Letter.id))
            .join(Role, and_(col(Role.letter_id) == col(Letter.id), _is_of(organiser)))
            .where(col(table.organisation_id).in_(family))
            .order_by(col(table.id))
        )
        for letter, one in db.execute(query):
            part = parts.setdefault(letter.id, Part(letter, [], []))
            (part.invitations if table is Invitation else part.endorsements).append(one)
    return sorted(parts.values(), key=lambda part: part.letter.created_at, reverse=True)


def remove(db: Db, entry: Organisation, *, by: audit.Actor) -> None:
    """Deletes the entry with its contact; what the organisation signed stays signed, and what was
    merged into the entry is one of its own again."""
    book_entries.record(db, "organisation deleted", entry, by=by)
    signed = col(Endorsement.organisation_id) == entry.id
    db.execute(update(Endorsement).where(signed).values(organisation_id=None))
    under_it = col(Organisation.merged_into) == entry.id
    db.execute(update(Organisation).where(under_it).values(merged_into=entry.merged_into))
    db.delete(entry)
    db.flush()


def _narrowed(query: Any, wanted: Wanted) -> Any:
    for word in fold(wanted.words[:LONGEST_SEARCH]).split()[:MOST_WORDS]:
        searched = col(Organisation.searched)
        query = query.where(
            or_(*(searched.contains(one, autoescape=True) for one in {word, latin(word)} - {""}))
        )
    if wanted.country:
        query = query.where(col(Organisation.country) == wanted.country)
    if wanted.category:
        query = query.where(col(Organisation.category) == wanted.category)
    return query


def _in_use(db: Db, book: Book, column: Any) -> list[str]:
    mine = (col(Organisation.book_id) == book.id, col(Organisation.merged_into).is_(None))
    return list(db.scalars(select(column).where(*mine, column != "").distinct()))


def _is_of(organiser: Organiser) -> Any:
    return col(Role.organiser_id) == organiser.id


def _no_entry() -> NotFound:
    return NotFound(_("There is no such entry in your address books."))
