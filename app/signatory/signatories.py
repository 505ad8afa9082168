"""Signatories: the approved endorsements as the public sees them.

Everything public is read here and only here. Confidential, hidden, merged and undecided
endorsements are not read at all, so nothing made from a listing can tell that they exist; the one
exception is the rounded number a letter may switch on.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from itertools import groupby
from typing import Any

import orjson
from sqlalchemy import Row, func, select
from sqlmodel import col

from app.db import Db
from app.endorsement.endorsements import Endorsement
from app.errors import NotFound
from app.i18n import _
from app.letter.letters import Letter
from app.letter.versions import Version
from app.signatory import list_search, listed_rows
from app.signatory.list_memory import ListMemory, Made, Sum
from app.signatory.list_order import LEADS, ListOrder

# Confidential signatories are counted down to a multiple of this, and not at all below it: a
# number that grows by one would tell who else signed that minute.
WITHHELD_STEP = 5


@dataclass(frozen=True, slots=True)
class Signatory:
    """One line of the list. `name` and `role` of an organisation are its representative's, and
    empty unless the letter shows representatives."""

    id: str
    kind: str
    name: str
    role: str
    organisation: str
    country: str
    website: str
    logo: str
    signed_on: date
    version: int
    reported: bool
    group: str = LEADS  # as list_order.py names groups
    is_lead: bool = False  # stands first, because the letterhead names it
    # Differs wherever something above differs.
    digest: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        cells = [getattr(self, name) for name in Signatory.__slots__ if name != "digest"]
        object.__setattr__(self, "digest", sha256(orjson.dumps(cells)).digest())

    @property
    def listed_name(self) -> str:
        return self.organisation if self.kind == "organisation" else self.name


@dataclass(frozen=True)
class Listing:
    """All signatories of a letter in the chosen order; `withheld` is the rounded number of
    confidential ones, where the letter shows it and there are enough."""

    organisations: tuple[Signatory, ...]
    individuals: tuple[Signatory, ...]
    withheld: int | None
    # What stands above each group, in the language of the list.
    headings: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def all(self) -> tuple[Signatory, ...]:
        return self.organisations + self.individuals

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each id stands."""
        return {line.id: place for place, line in enumerate(self.all)}

    @cached_property
    def has_logos(self) -> bool:
        return any(line.logo for line in self.all)

    @property
    def count(self) -> dict[str, int]:
        organisations, individuals = len(self.organisations), len(self.individuals)
        return {
            "organisations": organisations,
            "individuals": individuals,
            "total": organisations + individuals,
        }

    @cached_property
    def revision(self) -> str:
        """Differs whenever something of the list differs, and only then."""
        lines = b"".join([line.digest for line in self.all])
        return sha256(orjson.dumps(self.withheld) + lines).hexdigest()[:16]

    def found(self, words: str) -> Sequence[Signatory]:
        """Those in whose public names and roles every word is found."""
        if not words:  # no keys are needed, and making them takes time
            return self.all
        return [self.all[place] for place in list_search.found(self._keys, words)]

    def groups(self, lines: Sequence[Signatory]) -> list[tuple[str, list[Signatory]]]:
        """Some lines of the list under their headings, in its order; "" heads nothing."""
        return [
            (self.headings.get(group, ""), list(under))
            for group, under in groupby(lines, lambda line: line.group)
        ]

    @cached_property
    def _keys(self) -> tuple[str, ...]:
        return tuple(
            list_search.key((line.organisation, line.name, line.role)) for line in self.all
        )


def listing(
    db: Db, letter: Letter, language: str = "", memory: ListMemory[Signatory] | None = None
) -> Listing:
    """The list in its order for readers of `language`: the letter's own without one.

    With a `memory` that is kept for this list lines that are as they were are not made again.
    """
    order = order_of(db, letter, language)
    rules = (*order.rules, letter.show_representatives)
    lines = (memory or ListMemory()).lines(_Source(db, letter, order), rules)
    first_individual = bisect_left(lines, True, key=_is_individual)
    return Listing(
        organisations=tuple(lines[:first_individual]),
        individuals=tuple(lines[first_individual:]),
        withheld=_withheld(db, letter) if letter.withheld_count else None,
        headings={group: order.heading(group) for group in {line.group for line in lines}},
    )


def newest(db: Db, letter: Letter, number: int) -> list[tuple[datetime, Signatory]]:
    """Those who were listed last, with the instants at which they were, the newest first."""
    e, order = Endorsement, order_of(db, letter)
    listed_at = func.coalesce(col(e.decided_at), col(e.created_at)).label("listed_at")
    query = (
        listed_rows.query(letter)
        .add_columns(listed_at)
        .order_by(listed_at.desc(), col(e.public_id))
    )
    rows = db.execute(query.limit(number)).all()
    return [(row.listed_at, _line(row, order, letter.show_representatives)) for row in rows]


def listed(db: Db, letter: Letter, public_id: str) -> Endorsement:
    """One line of the list by its public id; whatever is not listed is not there."""
    query = select(Endorsement).where(
        col(Endorsement.public_id) == public_id, *listed_rows.are_listed(letter)
    )
    found = db.scalars(query).first()
    if found is None:
        raise NotFound(_("There is no such signatory."))
    return found


def order_of(db: Db, letter: Letter, language: str = "") -> ListOrder:
    """What the list is sorted by, for readers of `language`: the letter's own without one."""
    return ListOrder(letter, language or letter.language, _leads(db, letter))


@dataclass(frozen=True)
class _Source:
    """A letter's list for its memory: organisations first, then individuals."""

    db: Db
    letter: Letter
    order: ListOrder

    def sums(self) -> Mapping[str, Sum]:
        return listed_rows.sums(self.db, self.letter)

    def stamps(self, parts: Collection[str]) -> Mapping[str, int]:
        return listed_rows.stamps(self.db, self.letter, parts)

    def made(self, ids: Collection[str]) -> Iterator[Made[Signatory]]:
        for row in listed_rows.named(self.db, self.letter, ids):
            line = _line(row, self.order, self.letter.show_representatives)
            key = _is_individual(line), self.order.key(row)
            yield Made(row.public_id, row.stamp, key, line)


def _is_individual(line: Signatory) -> bool:
    return line.kind == "individual"


def _leads(db: Db, letter: Letter) -> list[str]:
    """The lead organisations' names, in all languages of the letter, where they come first."""
    if not letter.leads_first:
        return []
    texts = db.get_one(Version, letter.version_id).whole().texts.values()
    leads = [lead for text in texts for lead in text.letterhead]
    return [name for lead in leads for name in (lead.name, lead.local_name) if name]


def _line(row: Row[Any], order: ListOrder, shows_representatives: bool) -> Signatory:
    is_individual = row.kind == "individual"
    shown = is_individual or shows_representatives
    return Signatory(
        id=row.public_id,
        kind=row.kind,
        name=row.name if shown else "",
        role=row.role if shown else "",
        organisation=row.organisation,
        country=row.country,
        website=row.website,
        logo=f"/logos/{row.logo}" if row.logo else "",
        signed_on=(row.verified_at or row.created_at).date(),
        version=row.version,
        reported=row.origin == "reported" and row.verified_at is None,
        group=order.group(row),
        is_lead=order.is_lead(row),
    )


def _withheld(db: Db, letter: Letter) -> int | None:
    number = db.scalar(
        select(func.count()).where(
            col(Endorsement.letter_id) == letter.id,
            col(Endorsement.status) == "approved",
            col(Endorsement.visibility) == "confidential",
            col(Endorsement.merged_into).is_(None),
        )
    )
    return (number or 0) // WITHHELD_STEP * WITHHELD_STEP or None
