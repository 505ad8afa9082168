"""What a letter's address book knows its signers as: two names of one entry are one signer's.

The book tells of acronyms, of names in other languages and of former ones, which nobody sees in the
names themselves. Most who sign do so under the name that their entry has, which tells nothing: only
what is signed otherwise is looked up, so that a long list in a large book takes no time.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlmodel import col

from app.db import Db
from app.endorsement.endorsements import MERGEABLE, Endorsement
from app.letter.letters import Letter
from app.name.names import fold
from app.organisation import organisations
from app.organisation.organisations import Organisation, OrganisationKey, portions

How = Literal["linked", "name", "acronym"]

# Who signs as more is not looked for among acronyms.
LONGEST_ACRONYM = 15


class Known(NamedTuple):
    """The entry that a signer is, what it is called there, and by what it was found: "linked" as
    approval or an invitation said."""

    entry_id: UUID
    name: str
    acronym: str
    country: str
    how: How


def of(db: Db, letter: Letter, rows: Mapping[UUID, Any]) -> dict[UUID, Known]:
    """The entries of these endorsements, where anybody signs otherwise than the entry is called.

    `rows` by id, with `kind`, `folded` and `country`. Some six statements, none where the letter
    has no book. What several entries are called decides nothing, nor a name from another country.
    """
    if not letter.book_id:
        return {}
    by_name: dict[str, list[UUID]] = defaultdict(list)
    for id_, row in rows.items():
        if row.kind == "organisation":
            by_name[row.folded].append(id_)
    lines = organisations.lines_of(db, letter.book_id)
    linked = dict(_linked(db, letter))
    acronyms = list(_acronyms(db, letter, by_name))
    wanted = {*_otherwise_called(db, letter), *_merged(db, lines)}
    wanted |= {fold(known.name) for known in (*linked.values(), *(one for _name, one in acronyms))}
    meant = _meant(db, letter, wanted & by_name.keys())
    for name, known in acronyms:
        meant[name].append(known)
    called = {
        id_: only
        for name, entries in meant.items()
        for id_ in by_name[name]
        if (only := _the_only(_standing(entries, lines), rows[id_]))
    }
    by_link = {id_: _standing([known], lines)[0] for id_, known in linked.items() if id_ in rows}
    return called | by_link


def _standing(entries: Sequence[Known], lines: Mapping[UUID, UUID]) -> list[Known]:
    """With those that stand for merged ones."""
    return [one._replace(entry_id=lines.get(one.entry_id, one.entry_id)) for one in entries]


def _the_only(entries: Sequence[Known], row: Any) -> Known | None:
    """The one entry among these, in the row's country as far as both say."""
    here = [one for one in entries if not _is_abroad(row, one)]
    return here[0] if len({one.entry_id for one in here}) == 1 else None


def _is_abroad(row: Any, known: Known) -> bool:
    return bool(row.country and known.country and row.country != known.country)


_entry: tuple[Any, ...] = (
    col(Organisation.id),
    col(Organisation.name),
    col(Organisation.acronym),
    col(Organisation.country),
)


def _known(entry: Sequence[Any], how: How) -> Known:
    id_, name, acronym, country = entry
    return Known(id_, name, acronym, country, how)


def _linked(db: Db, letter: Letter) -> Iterator[tuple[UUID, Known]]:
    """Those who sign under another name than the entry has that they are linked to."""
    query = (
        select(col(Endorsement.id).label("signer"), *_entry)
        .join(Organisation, col(Organisation.id) == col(Endorsement.organisation_id))
        .where(
            col(Organisation.book_id) == letter.book_id,
            col(Organisation.folded) != col(Endorsement.folded),
            _signs(letter),
        )
    )
    for signer, *entry in db.execute(query):
        yield signer, _known(entry, "linked")


def _acronyms(db: Db, letter: Letter, signed: Collection[str]) -> Iterator[tuple[str, Known]]:
    """What somebody signs as, with dots or without, and an entry whose acronym it is."""
    short: dict[str, list[str]] = defaultdict(list)
    for name in signed:
        if len(name) <= LONGEST_ACRONYM:
            short[_plain(name)].append(name)
    plain = func.lower(func.replace(col(Organisation.acronym), ".", ""))
    for some in portions(sorted(short)):
        query = select(*_entry).where(col(Organisation.book_id) == letter.book_id, plain.in_(some))
        for entry in db.execute(query):
            known = _known(entry, "acronym")
            for name in short[_plain(fold(known.acronym))]:
                yield name, known


def _plain(folded: str) -> str:
    return folded.replace(" ", "")


def _otherwise_called(db: Db, letter: Letter) -> Iterator[str]:
    """What is signed as, folded, that is a name of an entry but not its own; and its own."""
    query = (
        select(col(OrganisationKey.key), col(Organisation.folded))
        .join(Organisation, col(Organisation.id) == col(OrganisationKey.organisation_id))
        .join(Endorsement, col(OrganisationKey.key) == col(Endorsement.folded))
        .where(
            col(OrganisationKey.book_id) == letter.book_id,
            col(OrganisationKey.kind) == "name",
            col(OrganisationKey.key) != col(Organisation.folded),
            _signs(letter),
        )
    )
    for row in db.execute(query):
        yield from row


def _merged(db: Db, lines: Mapping[UUID, UUID]) -> Iterator[str]:
    """The own names of entries that were merged, and of those that stand for them."""
    for some in portions([*lines, *lines.values()]):
        yield from db.scalars(
            select(col(Organisation.folded)).where(col(Organisation.id).in_(some))
        )


def _meant(db: Db, letter: Letter, names: Collection[str]) -> dict[str, list[Known]]:
    """The entries that have each of these names."""
    meant: dict[str, list[Known]] = defaultdict(list)
    for some in portions(sorted(names)):
        query = (
            select(col(OrganisationKey.key), *_entry)
            .join(Organisation, col(Organisation.id) == col(OrganisationKey.organisation_id))
            .where(
                col(OrganisationKey.book_id) == letter.book_id,
                col(OrganisationKey.kind) == "name",
                col(OrganisationKey.key).in_(some),
            )
        )
        for name, *entry in db.execute(query):
            meant[name].append(_known(entry, "name"))
    return meant


def _signs(letter: Letter) -> Any:
    return and_(
        col(Endorsement.letter_id) == letter.id,
        col(Endorsement.kind) == "organisation",
        col(Endorsement.status).in_(MERGEABLE),
        col(Endorsement.merged_into).is_(None),
    )
