"""How near names of organisations are to one another, from 0 to 1, and by what.

Beside what likeness.py finds equal, names are held against each other word by word: words of
one root or meaning count once, what is common to many names counts little, and what only one of
the two says speaks against them. A place that only one names speaks against them most: that is how
members of a family differ.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import lru_cache
from itertools import combinations
from math import log
from typing import Literal, NamedTuple

from app.i18n import _
from app.name.likeness import Likeness
from app.name.name_words import KIND, OWN, PLACE, word
from app.name.worded import SHORTEST, Worded, worded

How = Literal["folded", "core", "part", "slip", "words"]
# What a word that is somebody's own counts, by its key.
Rarity = Callable[[str], float]

# What is proposed to people as perhaps the same; see docs/duplicates.md for what that finds.
PROPOSED = 0.7

_SCORES: dict[str, float] = {"folded": 1.0, "core": 0.97, "part": 0.95, "slip": 0.9}
_ONE_ROOT, _NOTHING_OWN, _BOTH_MORE, _CONTAINED = 0.75, 0.7, 0.7, 0.4
# Who is equal to another name is less likely a third one, of which it only has some words.
_OVERSHADOWED = 0.8
# Different things of one name: a university and its foundation, a society and an institute.
_OTHER_KIND = 0.8
_KINDS = frozenset(("university", "institute", "foundation", "association", "ministry", "company"))
# Roots at least so long are as telling as equal words.
_LONG_ROOT = 6
# A word that more names have finds nobody by itself.
_FREQUENT = 150
# A list says what is rare from so many names; a rare word counts more, a frequent one less.
_TELLING, _USUAL, _LEAST, _MOST = 100, 0.8, 0.6, 1.3


class Near(NamedTuple):
    """`place` of a name in the list, how near it is from 0 to 1, and how it was found."""

    place: int
    score: float
    how: How


class Nearness:
    """The names of a list, to be asked which of them are near a name. It grows by `add`."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._likeness = Likeness()
        self._words: list[Worded] = []
        self._places: dict[str, list[int]] = defaultdict(list)
        self._initials: dict[str, set[int]] = defaultdict(set)
        self._acronyms: dict[str, str] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """The name stands at the next place."""
        words, place = worded(name), len(self._words)
        self._likeness.add(name)
        self._words.append(words)
        for key in words.weights:
            self._places[key].append(place)
        self._acronyms.update((acronym, word(acronym).key) for acronym in words.acronyms)
        for three in _threes(words):
            self._initials[three].add(place)

    def near(self, name: str, at_least: float = PROPOSED) -> list[Near]:
        """The names near this one, the nearest first; the name itself is among them if listed."""
        found = {place: Near(place, _SCORES[how], how) for place, how in self._likeness.like(name)}
        factor = _OVERSHADOWED if found else 1
        words = worded(name)
        for place in self._candidates(words) - found.keys():
            score = factor * compared(words, self._words[place], self._rarity)
            if score >= at_least:
                found[place] = Near(place, score, "words")
        return sorted(found.values(), key=lambda near: (-near.score, near.place))

    def _candidates(self, words: Worded) -> set[int]:
        """Those that have a rare word of it, or an acronym of it, or are what it has one of."""
        keys = {*words.weights, *self._acronyms_of(words)}
        found: list[Collection[int]] = [self._places.get(key, ()) for key in keys]
        found += [self._spelled(acronym) for acronym in words.acronyms]
        return {place for places in found if len(places) <= _FREQUENT for place in places}

    def _acronyms_of(self, words: Worded) -> Iterator[str]:
        for letters, _keys in words.initials:
            for start, end in combinations(range(len(letters) + 1), 2):
                key = self._acronyms.get(letters[start:end])
                if key:
                    yield key

    def _spelled(self, acronym: str) -> set[int]:
        """Those that have all threes of its letters: what holds it has them."""
        return set.intersection(
            *(self._initials.get(three, set()) for three in _threes_of(acronym))
        )

    def _rarity(self, key: str) -> float:
        return _rarity(len(self._words), len(self._places.get(key, ())))


@lru_cache(maxsize=20_000)
def _rarity(number: int, often: int) -> float:
    """Of a word that so many of a number of names have."""
    if number < _TELLING or not often:
        return 1
    return min(max(1 - _USUAL + log(number / often) / log(number), _LEAST), _MOST)


def _threes(words: Worded) -> Iterator[str]:
    for letters, _keys in words.initials:
        yield from _threes_of(letters)


def _threes_of(letters: str) -> Iterator[str]:
    return (letters[start : start + SHORTEST] for start in range(len(letters) - SHORTEST + 1))


def differ_in_place(one: str, two: str) -> bool:
    """Whether the names give different countries, or only one gives any."""
    return worded(one).places != worded(two).places


def sentence(how: How) -> str:
    """Why two names are thought to be one signer's."""
    return {
        "folded": _("The names are equal but for case, accents and punctuation."),
        "core": _("The names are equal but for legal form, articles, an acronym or word order."),
        "part": _("One name is the acronym or the other name that the other one gives."),
        "slip": _("The names differ by a letter or two."),
        "words": _("The names share the words that tell organisations apart."),
    }[how]


def compared(one: Worded, two: Worded, rarity: Rarity = lambda _key: 1) -> float:
    """From 0 to 0.89: what is equal but for spelling is nearer than what shares words."""
    has_acronyms = one.acronyms or two.acronyms
    if one.digits != two.digits or (one.places != two.places and not has_acronyms):
        return 0
    one, of_one = _spelled_out(one, two)
    two, of_two = _spelled_out(two, one)
    shared = one.weights.keys() & two.weights.keys()
    if not shared or one.places != two.places:
        return 0
    left = [_weight(side, side.weights.keys() - shared, rarity) for side in (one, two)]
    by_acronym = {*of_one, *of_two}
    if by_acronym and not _bears_out(one, shared - by_acronym, max(left)):
        return 0
    both = sum(_weight(one, (key,), rarity) * _sameness(one, two, key) for key in shared)
    score = both / (_weight(one, shared, rarity) + sum(left) / 2)
    if not (by_acronym or any(_is_own(one, two, key) for key in shared)):
        # Nothing but what many are and are about: "Institute for Information Technology".
        score *= _NOTHING_OWN
    elif min(left) <= KIND and not _branches(one, two):
        # One says more, the other nothing else: "Rappaport Foundation".
        score = _CONTAINED + (1 - _CONTAINED) * score
    if min(left) >= OWN:
        score *= _BOTH_MORE
    if _are_other_kinds(one, two):
        score *= _OTHER_KIND
    return min(score, 0.89)


def _weight(side: Worded, keys: Iterable[str], rarity: Rarity) -> float:
    found = 0.0
    for key in keys:
        weight = side.weights[key]
        found += weight * rarity(key) if weight >= OWN else weight
    return found


def _spelled_out(short: Worded, long: Worded) -> tuple[Worded, tuple[str, ...]]:
    """With the other's words for an acronym among its own, and which those are."""
    for acronym in short.acronyms:
        meant = long.meant_by(acronym)
        is_known = word(acronym).key in long.weights or any(key in short.weights for key in meant)
        if meant and not is_known:
            return short.spelled_out(acronym, meant, long), meant
    return short, ()


def _bears_out(one: Worded, shared: set[str], left: float) -> bool:
    """Whether what both say beside the acronym makes it likely: the letters alone are many's."""
    most = max((one.weights[key] for key in shared), default=0)
    return most >= PLACE or (most > 0 and left <= KIND)


def _is_own(one: Worded, two: Worded, key: str) -> bool:
    is_same = one.typed[key] == two.typed[key] or len(key) >= _LONG_ROOT
    return is_same and one.weights[key] >= OWN


def _branches(one: Worded, two: Worded) -> bool:
    """Whether one is the other with a single word behind it, as branches in towns are called."""
    shorter, longer = sorted((list(one.weights), list(two.weights)), key=len)
    return len(longer) == len(shorter) + 1 and len(shorter) > 2 and longer[:-1] == shorter


def _are_other_kinds(one: Worded, two: Worded) -> bool:
    kinds, others = one.weights.keys() & _KINDS, two.weights.keys() & _KINDS
    if not kinds or not others:
        return False
    return kinds.isdisjoint(others) or "foundation" in kinds ^ others


def _sameness(one: Worded, two: Worded, key: str) -> float:
    """Words of one root are less sure than equal ones; known translations are as good."""
    if one.typed[key] == two.typed[key] or one.weights[key] < OWN:
        return 1
    return _ONE_ROOT
