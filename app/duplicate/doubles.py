"""Doubles: endorsements of one letter that may be one signer's, with what makes one think so.

They are proposed to people, never merged by themselves. Only verified and approved endorsements
that were not merged count; pairs that an organiser said are not the same are left out.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.db import Db
from app.duplicate import distinctions, known_names, name_pairs
from app.duplicate.distinctions import Pair
from app.duplicate.known_names import Known
from app.endorsement import evidence
from app.endorsement.endorsements import Endorsement
from app.i18n import _
from app.letter.letters import Letter
from app.name import nearness
from app.name.kept_names import kept
from app.name.nearness import Near, differ_in_place

# How near a common website, an individual's equal name, or one entry of the address book makes
# two signers.
_SAME_SITE, _SAME_FAMILY, _NAMESAKES = 0.7, 0.4, 0.7
_SAME_ENTRY = 0.95
_BOTH = 0.98
_MOST_ALIKE = 30
# In a longer list, what is new waits for the worker, which compares it in a few seconds.
COMPARED_AT_ONCE = 500


class Double(NamedTuple):
    """Another endorsement of the same letter; `score` is from 0 to 1, `reasons` are sentences."""

    id: UUID
    listed_name: str
    status: str
    score: float
    reasons: tuple[str, ...]


class Twins(NamedTuple):
    """Two endorsements, the earlier first, that are perhaps one signer's."""

    one: UUID
    two: UUID
    score: float
    reasons: tuple[str, ...]


def of(db: Db, letter: Letter, endorsements: Sequence[Endorsement]) -> dict[UUID, list[Double]]:
    """The doubles of each endorsement, the likeliest first; some eight statements, however many.

    They are compared as what they sign as; those that wait or are listed also as what the letter's
    address book knows them as.
    """
    signed = _Signed(db, letter)
    apart = distinctions.pairs(db, letter)
    return {one.id: list(_of_one(signed, one, apart)) for one in endorsements}


def all_of(db: Db, letter: Letter) -> list[Twins]:
    """All pairs of a letter that are perhaps the same, the likeliest first, then the earliest."""
    signed = _Signed(db, letter)
    apart = distinctions.pairs(db, letter)
    found = [
        Twins(*pair, score, reasons)
        for pair, (score, reasons) in signed.pairs().items()
        if pair not in apart
    ]
    return sorted(found, key=lambda twins: (-twins.score, twins.one, twins.two))


def _of_one(signed: "_Signed", endorsement: Endorsement, apart: set[Pair]) -> Iterator[Double]:
    found = signed.like(endorsement)
    for id_, (score, reasons) in sorted(found.items(), key=lambda one: (-one[1][0], one[0])):
        other = signed.rows[id_]
        if id_ != endorsement.id and distinctions.pair(id_, endorsement.id) not in apart:
            yield Double(id_, _name(other), other.status, score, reasons)


_Why = tuple[float, tuple[str, ...]]


class _Signed:
    """The letter's endorsements that are or may be listed."""

    def __init__(self, db: Db, letter: Letter) -> None:
        found = db.execute(_listed_or_waiting(letter)).all()
        self.rows: dict[UUID, Any] = {row.id: row for row in found}
        self._by_name: dict[str, list[Any]] = defaultdict(list)
        self._by_ending: dict[str, list[Any]] = defaultdict(list)
        self._people: dict[str, list[Any]] = defaultdict(list)
        for row in found:
            self._add(row)
        self._known = known_names.of(db, letter, self.rows)
        self._by_entry: dict[UUID, list[Any]] = defaultdict(list)
        for id_, known in self._known.items():
            self._by_entry[known.entry_id].append(self.rows[id_])
        self._db, self._letter = db, letter

    def like(self, endorsement: Any) -> dict[UUID, _Why]:
        """Those like an endorsement or row, itself among them, with score and reasons."""
        if endorsement.kind == "individual":
            return {row.id: _namesakes() for row in self._people[endorsement.folded]}
        near = kept(self._letter.id, self._by_name).near(endorsement.organisation)
        found = {row.id: _named(one) for name, one in near for row in self._by_name.get(name, ())}
        own = self._known.get(endorsement.id)
        for row in self._by_entry[own.entry_id] if own else ():
            found[row.id] = self._in_the_book(endorsement, row, found.get(row.id))
        site = evidence.own_domain(endorsement.website)
        for row in self._by_site(_ending(endorsement.website)).get(site, ()) if site else ():
            found[row.id] = _at_one_site(endorsement, row, site or "", found.get(row.id))
        return found

    def pairs(self) -> dict[Pair, _Why]:
        found: dict[Pair, _Why] = {}
        for one_id, two_id, near in self._near():
            found[distinctions.pair(one_id, two_id)] = _named(near)
        for rows in filter(_several, self._by_name.values()):
            found.update(dict.fromkeys(_each(rows, rows), _named(Near(0, 1, "folded"))))
        for rows in self._by_entry.values():
            for pair in _each(rows, rows):
                one, two = self.rows[pair[0]], self.rows[pair[1]]
                found[pair] = self._in_the_book(one, two, found.get(pair))
        # Looking up who owns a host takes its time: not for one that is alone with its ending.
        for ending in [one for one, rows in self._by_ending.items() if _several(rows)]:
            for site, rows in self._by_site(ending).items():
                for pair in _each(rows, rows):
                    one, two = self.rows[pair[0]], self.rows[pair[1]]
                    found[pair] = _at_one_site(one, two, site, found.get(pair))
        for rows in self._people.values():
            found.update(dict.fromkeys(_each(rows, rows), _namesakes()))
        return found

    def _near(self) -> Iterator[tuple[UUID, UUID, Near]]:
        """Those found before; in a short list also those of names that are not compared yet."""
        named = [row for row in self.rows.values() if row.kind == "organisation"]
        due = {row.id: row for row in named if row.compared_at is None}
        found = [
            one
            for one in name_pairs.of_letter(self._db, self._letter.id)
            if due.keys().isdisjoint(one[:2])
        ]
        if due and len(named) <= COMPARED_AT_ONCE:
            found += name_pairs.pairs(self._letter.id, named, due.values())
        for one in found:
            if one.one_id in self.rows and one.two_id in self.rows:
                yield one.one_id, one.two_id, Near(0, one.score, one.how)

    def _in_the_book(self, one: Any, two: Any, named: _Why | None) -> _Why:
        if one.folded == two.folded and named:
            return named  # that says it all
        both = (self._known[one.id], self._known[two.id])
        told = _known_as(min(both, key=lambda known: known.how != "acronym"))
        return (max(named[0], _BOTH), (*named[1], told)) if named else (_SAME_ENTRY, (told,))

    def _add(self, row: Any) -> None:
        if row.kind == "individual":
            self._people[row.folded].append(row)
            return
        self._by_name[row.organisation].append(row)
        if row.website:
            self._by_ending[_ending(row.website)].append(row)

    def _by_site(self, ending: str) -> dict[str, list[Any]]:
        """By their own domain those whose host has that ending."""
        found: dict[str, list[Any]] = defaultdict(list)
        for row in self._by_ending.get(ending, ()):
            site = evidence.own_domain(row.website)
            if site:
                found[site].append(row)
        return found


def _listed_or_waiting(letter: Letter) -> Any:
    e = Endorsement
    columns = (e.id, e.kind, e.folded, e.organisation, e.name, e.website, e.status, e.country)
    return select(*map(col, (*columns, e.compared_at))).where(
        col(e.letter_id) == letter.id,
        col(e.status).in_(("verified", "approved")),
        col(e.merged_into).is_(None),
    )


def _several(rows: Sequence[Any]) -> bool:
    return len(rows) > 1


def _ending(website: str) -> str:
    """The last two parts of its host, which all of one domain have."""
    host = website.partition("//")[2].partition("/")[0].partition(":")[0]
    return ".".join(host.rsplit(".", 2)[-2:])


def _name(row: Any) -> str:
    return str(row.name if row.kind == "individual" else row.organisation)


def _each(ones: Sequence[Any], twos: Sequence[Any]) -> set[Pair]:
    """Every pair of one of each; of very many alike, only those with the first."""
    many = len(ones) * len(twos) > _MOST_ALIKE**2
    return {
        distinctions.pair(one.id, two.id)
        for one in (ones[:1] if many else ones)
        for two in twos
        if one.id != two.id
    }


def _named(near: Near) -> _Why:
    return near.score, (nearness.sentence(near.how),)


def _namesakes() -> _Why:
    return _NAMESAKES, (_("Both sign with the same name; two people may have it."),)


def _known_as(one: Known) -> str:
    if one.how == "acronym":
        sentence = _("In the address book, %(acronym)s is the acronym of %(name)s.")
        return sentence % {"acronym": one.acronym, "name": one.name}
    return _("The address book knows both names as those of %(name)s.") % {"name": one.name}


def _at_one_site(one: Any, two: Any, site: str, named: _Why | None) -> _Why:
    same_site = _("Both have their website at %(domain)s.") % {"domain": site}
    if named:
        return max(named[0], _BOTH), (*named[1], same_site)
    if differ_in_place(one.organisation, two.organisation):
        family = _("The names give different places: perhaps two members of a family.")
        return _SAME_FAMILY, (same_site, family)
    return _SAME_SITE, (same_site,)
