"""Doubles: endorsements of one letter that may be one signer's, with what makes one think so.

They are proposed to people, never merged by themselves. Only verified and approved endorsements
that were not merged count; pairs that an organiser said are not the same are left out.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from threading import Lock
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app import distinctions, evidence
from app.db import Db
from app.distinctions import Pair
from app.endorsements import Endorsement
from app.i18n import _
from app.letters import Letter
from app.nearness import Near, Nearness, differ_in_place

# How near a common website, or an individual's equal name, makes two signers.
_SAME_SITE, _SAME_FAMILY, _NAMESAKES = 0.7, 0.4, 0.7
_BOTH = 0.98
_KEPT_LETTERS = 8
_MOST_ALIKE = 30


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
    """The doubles of each endorsement, the likeliest first; two statements, however many."""
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
        self._by_site: dict[str, list[Any]] = defaultdict(list)
        self._people: dict[str, list[Any]] = defaultdict(list)
        for row in found:
            self._add(row)
        self._index = _index_of(letter.id, self._by_name)

    def like(self, endorsement: Any) -> dict[UUID, _Why]:
        """Those like an endorsement or row, itself among them, with score and reasons."""
        if endorsement.kind == "individual":
            return {row.id: _namesakes() for row in self._people[endorsement.folded]}
        near = self._index.near(endorsement.organisation)
        found = {row.id: _named(one) for name, one in near for row in self._by_name.get(name, ())}
        site = evidence.own_domain(endorsement.website)
        for row in self._by_site[site] if site else ():
            found[row.id] = _at_one_site(endorsement, row, site or "", found.get(row.id))
        return found

    def pairs(self) -> dict[Pair, _Why]:
        found: dict[Pair, _Why] = {}
        for one, two, near in self._index.pairs():
            for pair in _each(self._by_name.get(one, ()), self._by_name.get(two, ())):
                found[pair] = _named(near)
        for rows in self._by_name.values():
            found.update(dict.fromkeys(_each(rows, rows), _named(Near(0, 1, "folded"))))
        for site, rows in self._by_site.items():
            for pair in _each(rows, rows):
                one, two = self.rows[pair[0]], self.rows[pair[1]]
                found[pair] = _at_one_site(one, two, site, found.get(pair))
        for rows in self._people.values():
            found.update(dict.fromkeys(_each(rows, rows), _namesakes()))
        return found

    def _add(self, row: Any) -> None:
        if row.kind == "individual":
            self._people[row.folded].append(row)
            return
        self._by_name[row.organisation].append(row)
        site = evidence.own_domain(row.website) if row.website else None
        if site:
            self._by_site[site].append(row)


def _listed_or_waiting(letter: Letter) -> Any:
    e = Endorsement
    columns = (e.id, e.kind, e.folded, e.organisation, e.name, e.website, e.status)
    return select(*columns).where(  # type: ignore[call-overload]  # as elsewhere: columns of tables
        col(e.letter_id) == letter.id,
        col(e.status).in_(("verified", "approved")),
        col(e.merged_into).is_(None),
    )


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
    return near.score, (_sentences()[near.how],)


def _namesakes() -> _Why:
    return _NAMESAKES, (_("Both sign with the same name; two people may have it."),)


def _at_one_site(one: Any, two: Any, site: str, named: _Why | None) -> _Why:
    same_site = _("Both have their website at %(domain)s.") % {"domain": site}
    if named:
        return max(named[0], _BOTH), (*named[1], same_site)
    if differ_in_place(one.organisation, two.organisation):
        family = _("The names give different places: perhaps two members of a family.")
        return _SAME_FAMILY, (same_site, family)
    return _SAME_SITE, (same_site,)


def _sentences() -> dict[str, str]:
    return {
        "folded": _("The names are equal but for case, accents and punctuation."),
        "core": _("The names are equal but for legal form, articles, an acronym or word order."),
        "part": _("One name is the acronym or the other name that the other one gives."),
        "slip": _("The names differ by a letter or two."),
        "words": _("The names share the words that tell organisations apart."),
        "acronym": _("One name is the acronym of the other."),
    }


class _Index:
    """The names of a letter's organisations, kept between requests: building takes time, and names
    only come. What went away is found, but nobody has it any more."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._nearness = Nearness()
        self._names: list[str] = []
        self._known: set[str] = set()
        self._pairs: list[tuple[str, str, Near]] = []
        self._paired = 0

    def take(self, names: Iterable[str]) -> None:
        with self._lock:
            for name in names:
                if name not in self._known:
                    self._known.add(name)
                    self._names.append(name)
                    self._nearness.add(name)

    def near(self, name: str) -> list[tuple[str, Near]]:
        with self._lock:
            return [(self._names[near.place], near) for near in self._nearness.near(name)]

    def pairs(self) -> list[tuple[str, str, Near]]:
        """All pairs of names that are near."""
        with self._lock:
            for place in range(self._paired, len(self._names)):
                self._pairs += [
                    (self._names[near.place], self._names[place], near)
                    for near in self._nearness.near(self._names[place])
                    if near.place < place
                ]
            self._paired = len(self._names)
            return list(self._pairs)

    def is_stale(self, number: int) -> bool:
        return len(self._names) > 2 * number + 100


_kept: dict[UUID, _Index] = {}
_keeping = Lock()


def _index_of(letter_id: UUID, names: dict[str, list[Any]]) -> _Index:
    with _keeping:
        index = _kept.pop(letter_id, None)
        if not index or index.is_stale(len(names)):
            index = _Index()
        _kept[letter_id] = index  # the last used is the last to go
        while len(_kept) > _KEPT_LETTERS:
            _kept.pop(next(iter(_kept)))
    index.take(names)
    return index
