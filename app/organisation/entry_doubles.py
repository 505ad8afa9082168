"""Entries of one address book that may be one organisation's, for people to merge."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.db import Db
from app.endorsement.evidence import readable
from app.i18n import _
from app.name import nearness
from app.name.kept_names import kept
from app.name.names import fold
from app.organisation.organisations import Organisation, OrganisationKey

MOST = 10
_ONE_NAME, _ACRONYM, _ONE_DOMAIN = 0.95, 0.9, 0.7


class EntryDouble(NamedTuple):
    """Another entry of the same book; `score` is from 0 to 1, `reasons` are sentences."""

    id: UUID
    name: str
    country: str
    score: float
    reasons: tuple[str, ...]


def of(db: Db, entry: Organisation) -> list[EntryDouble]:
    """The likeliest few, the likeliest first; none of another country."""
    rows = {row.id: row for row in db.execute(_others(entry))}
    why: dict[UUID, dict[str, float]] = defaultdict(dict)
    for id_, score, sentence in (*_named(entry, rows), *_by_acronym(entry, rows)):
        why[id_][sentence] = score
    for id_, score, sentence in _sharing(db, entry, rows):
        why[id_][sentence] = score
    found = [
        EntryDouble(id_, rows[id_].name, rows[id_].country, max(told.values()), tuple(told))
        for id_, told in why.items()
        if not (entry.country and rows[id_].country) or entry.country == rows[id_].country
    ]
    return sorted(found, key=lambda one: (-one.score, one.name, one.id))[:MOST]


def _others(entry: Organisation) -> Any:
    o = Organisation
    return select(col(o.id), col(o.name), col(o.folded), col(o.acronym), col(o.country)).where(
        col(o.book_id) == entry.book_id, col(o.merged_into).is_(None), col(o.id) != entry.id
    )


_Why = Iterator[tuple[UUID, float, str]]


def _named(entry: Organisation, rows: dict[UUID, Any]) -> _Why:
    by_name: dict[str, list[UUID]] = defaultdict(list)
    for id_, row in rows.items():
        by_name[row.name].append(id_)
    for name, near in kept(entry.book_id, by_name).near(entry.name):
        for id_ in by_name.get(name, ()):
            yield id_, near.score, nearness.sentence(near.how)


def _by_acronym(entry: Organisation, rows: dict[UUID, Any]) -> _Why:
    ours = fold(entry.acronym)
    for id_, row in rows.items():
        theirs = fold(row.acronym)
        if (ours and ours in (theirs, row.folded)) or (theirs and theirs == entry.folded):
            acronym = entry.acronym or row.acronym
            yield id_, _ACRONYM, _("Both are known as %(acronym)s.") % {"acronym": acronym}


def _sharing(db: Db, entry: Organisation, rows: dict[UUID, Any]) -> _Why:
    """By names and domains that both have, beside a canonical name that is the same."""
    ours, theirs = aliased(OrganisationKey), aliased(OrganisationKey)
    same = and_(
        col(theirs.book_id) == col(ours.book_id),
        col(theirs.kind) == col(ours.kind),
        col(theirs.key) == col(ours.key),
    )
    query = select(theirs).join(ours, same).where(col(ours.organisation_id) == entry.id)
    for key in db.scalars(query.order_by(col(theirs.kind), col(theirs.key))):
        row = rows.get(key.organisation_id)
        if row and key.kind == "domain":
            sentence = _("%(domain)s is a domain of both.") % {"domain": readable(key.key)}
            yield row.id, _ONE_DOMAIN, sentence
        elif row and not entry.folded == row.folded == key.key:
            yield row.id, _ONE_NAME, _("They have one of their names in common.")
