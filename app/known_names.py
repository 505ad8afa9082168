"""What a letter's address book knows its signers as: two names of one entry are one signer's.

The book tells of acronyms, of names in other languages and of former ones, which nobody sees in the
names themselves.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple
from uuid import UUID

from sqlalchemy import and_, select
from sqlmodel import col

from app import organisations
from app.db import Db
from app.endorsements import MERGEABLE, Endorsement
from app.letters import Letter
from app.names import fold
from app.organisations import Organisation, OrganisationKey


class Known(NamedTuple):
    """The entry that a signer is, what it is called there, and by what it was found: "linked" as
    approval or an invitation said."""

    entry_id: UUID
    name: str
    acronym: str
    how: Literal["linked", "name", "acronym"]


def of(db: Db, letter: Letter, rows: Mapping[UUID, Any]) -> dict[UUID, Known]:
    """The entry of each of these endorsements of the letter that has one; `rows` by their ids, with
    `kind`, `folded` and `country`. Four statements, and none where the letter has no book.

    What several entries are called decides nothing, nor does a name from another country.
    """
    if not letter.book_id:
        return {}
    lines = organisations.lines_of(db, letter.book_id)
    found: dict[UUID, dict[UUID, Known]] = defaultdict(dict)
    for id_, known, country in (*_named(db, letter), *_by_acronym(db, letter, rows)):
        if id_ in rows and not (country and rows[id_].country not in ("", country)):
            entry_id = lines.get(known.entry_id, known.entry_id)
            found[id_].setdefault(entry_id, known._replace(entry_id=entry_id))
    alone = {id_: known.popitem()[1] for id_, known in found.items() if len(known) == 1}
    linked = {id_: known for id_, known in _linked(db, letter, lines) if id_ in rows}
    return {**alone, **{id_: _told(known, alone.get(id_)) for id_, known in linked.items()}}


def _told(linked: Known, called: Known | None) -> Known:
    """As approval linked it, told with the acronym where that is what it signs as."""
    return called if called and called.entry_id == linked.entry_id else linked


_Found = Iterator[tuple[UUID, Known, str]]
_entry: tuple[Any, ...] = (
    col(Organisation.id),
    col(Organisation.name),
    col(Organisation.acronym),
    col(Organisation.country),
)


def _named(db: Db, letter: Letter) -> _Found:
    query = (
        select(col(Endorsement.id).label("signer"), *_entry)
        .join(OrganisationKey, col(OrganisationKey.key) == col(Endorsement.folded))
        .join(Organisation, col(Organisation.id) == col(OrganisationKey.organisation_id))
        .where(
            col(OrganisationKey.book_id) == letter.book_id,
            col(OrganisationKey.kind) == "name",
            _signs(letter),
        )
    )
    for row in db.execute(query):
        yield row.signer, Known(row.id, row.name, row.acronym, "name"), row.country


def _by_acronym(db: Db, letter: Letter, rows: Mapping[UUID, Any]) -> _Found:
    query = select(*_entry).where(
        col(Organisation.book_id) == letter.book_id, col(Organisation.acronym) != ""
    )
    entries: dict[str, list[Any]] = defaultdict(list)
    for entry in db.execute(query):
        entries[fold(entry.acronym)].append(entry)
    for id_, row in rows.items():
        for entry in entries.get(row.folded, ()) if row.kind == "organisation" else ():
            yield id_, Known(entry.id, entry.name, entry.acronym, "acronym"), entry.country


def _linked(db: Db, letter: Letter, lines: Mapping[UUID, UUID]) -> Iterator[tuple[UUID, Known]]:
    query = (
        select(col(Endorsement.id).label("signer"), *_entry)
        .join(Organisation, col(Organisation.id) == col(Endorsement.organisation_id))
        .where(col(Organisation.book_id) == letter.book_id, _signs(letter))
    )
    for row in db.execute(query):
        yield row.signer, Known(lines.get(row.id, row.id), row.name, row.acronym, "linked")


def _signs(letter: Letter) -> Any:
    return and_(
        col(Endorsement.letter_id) == letter.id,
        col(Endorsement.kind) == "organisation",
        col(Endorsement.status).in_(MERGEABLE),
        col(Endorsement.merged_into).is_(None),
    )
