"""The entry of an address book for somebody who signs or is invited: regulars are known again."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Literal, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.db import Db
from app.endorsement import evidence
from app.name.names import fold
from app.organisation.organisations import (
    Organisation,
    OrganisationKey,
    in_book,
    lines_of,
    portions,
)

How = Literal["name", "domain"]


class Sought(NamedTuple):
    """Who is looked for; anything may be "". `domain` is a host, a website or a mail domain."""

    name: str = ""
    domain: str = ""
    country: str = ""


class Match(NamedTuple):
    """An entry, and by what it was found."""

    entry: Organisation
    how: How


def match(
    db: Db, book_id: UUID | None, *, name: str = "", domain: str = "", country: str = ""
) -> Organisation | None:
    """The entry for somebody who signs or is invited, or None: see `matches`."""
    found = matches(db, book_id, [Sought(name, domain, country)])[0]
    return found.entry if found else None


def matches(db: Db, book_id: UUID | None, sought: Sequence[Sought]) -> list[Match | None]:
    """The entry of the book for each, by few statements however many are asked for.

    Found by its name, a name in another language or an alias, however these are typed, or else by
    a domain that is no shared site and no mail provider's. What several entries have in common
    decides nothing, and a name found in another country is another organisation's, unless the
    domain is the same too. A match is no proof that the signer belongs there.
    """
    asked = [_Asked.of(one) for one in sought]
    found = _Found(db, book_id, asked) if book_id else None
    return [found.of(one) if found else None for one in asked]


class _Asked(NamedTuple):
    name: str
    domain: str
    country: str

    @classmethod
    def of(cls, sought: Sought) -> "_Asked":
        domain = evidence.own_domain(sought.domain) if sought.domain else None
        return cls(fold(sought.name), domain or "", sought.country)


class _Found:
    """The entries that have one of the names or domains that were asked for."""

    def __init__(self, db: Db, book_id: UUID, asked: Sequence[_Asked]) -> None:
        self._ids: dict[tuple[str, str], list[UUID]] = defaultdict(list)
        wanted = {(kind, getattr(one, kind)) for one in asked for kind in ("name", "domain")}
        for some in portions(sorted({key for _kind, key in wanted} - {""})):
            self._look_up(db, book_id, some)
        lines = lines_of(db, book_id) if self._ids else {}
        for key, found in self._ids.items():
            self._ids[key] = list(dict.fromkeys(lines.get(id_, id_) for id_ in found))
        ids = list({id_ for found in self._ids.values() for id_ in found})
        self._entries: dict[UUID, Organisation] = {}
        for some_ids in portions(ids):
            entries = db.scalars(in_book(book_id).where(col(Organisation.id).in_(some_ids)))
            self._entries |= {entry.id: entry for entry in entries}

    def of(self, asked: _Asked) -> Match | None:
        by_domain = self._with("domain", asked.domain)
        named = self._with("name", asked.name)
        by_name = [one for one in named if one in by_domain or not _is_abroad(one, asked.country)]
        both = [entry for entry in by_name if entry in by_domain]
        at_home = [entry for entry in by_name if entry.country == asked.country]
        named_alone = next((some[0] for some in (both, at_home, by_name) if len(some) == 1), None)
        if named_alone:
            return Match(named_alone, "name")
        return Match(by_domain[0], "domain") if len(by_domain) == 1 else None

    def _look_up(self, db: Db, book_id: UUID, keys: Sequence[str]) -> None:
        k = OrganisationKey
        query = select(col(k.kind), col(k.key), col(k.organisation_id)).where(
            col(k.book_id) == book_id,
            col(k.kind).in_(("name", "domain")),
            col(k.key).in_(keys),
        )
        for kind, key, id_ in db.execute(query):
            self._ids[kind, key].append(id_)

    def _with(self, kind: How, key: str) -> list[Organisation]:
        ids = self._ids.get((kind, key), []) if key else []
        return [self._entries[id_] for id_ in ids if id_ in self._entries]


def _is_abroad(entry: Organisation, country: str) -> bool:
    return bool(entry.country and country and entry.country != country)
