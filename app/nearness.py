"""How near names of organisations are to one another, from 0 to 1, and by what.

Beside what app/likeness.py finds equal, names are held against each other word by word: words of
one root or meaning count once, what is common to many names counts little, and what only one of
the two says speaks against them. A place that only one names speaks against them most: that is how
members of a family differ.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from app import legal_forms, likeness
from app.likeness import Likeness
from app.name_words import word

How = Literal["folded", "core", "part", "slip", "words"]

# What is proposed to people as perhaps the same; see docs/duplicates.md for what that finds.
PROPOSED = 0.6

_SCORES: dict[str, float] = {"folded": 1.0, "core": 0.97, "part": 0.95, "slip": 0.9}
_OWN = 1.0
# A word that more names have finds nobody by itself.
_FREQUENT = 150


class Near(NamedTuple):
    """`place` of a name in the list, how near it is from 0 to 1, and how it was found."""

    place: int
    score: float
    how: How


class Nearness:
    """The names of a list, to be asked which of them are near a name. It grows by `add`."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._likeness = Likeness()
        self._words: list[_Words] = []
        self._places: dict[str, list[int]] = defaultdict(list)
        self._acronyms: dict[str, list[int]] = defaultdict(list)
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """The name stands at the next place."""
        words, place = words_of(name), len(self._words)
        self._likeness.add(name)
        self._words.append(words)
        for key in words.weights:
            self._places[key].append(place)

    def near(self, name: str, at_least: float = PROPOSED) -> list[Near]:
        """The names near this one, the nearest first; the name itself is among them if listed."""
        found = {place: Near(place, _SCORES[how], how) for place, how in self._likeness.like(name)}
        words = words_of(name)
        for place in self._candidates(words):
            score = compared(words, self._words[place])
            if place not in found and score >= at_least:
                found[place] = Near(place, score, "words")
        return sorted(found.values(), key=lambda near: (-near.score, near.place))

    def _candidates(self, words: "_Words") -> Iterator[int]:
        rare = [self._places[key] for key in words.weights if key in self._places]
        yield from {place for places in rare if len(places) <= _FREQUENT for place in places}


def differ_in_place(one: str, two: str) -> bool:
    """Whether the names give different countries, or only one gives any."""
    return words_of(one).places != words_of(two).places


class _Words(NamedTuple):
    weights: dict[str, float]
    places: frozenset[str]
    total: float
    digits: frozenset[str]


@lru_cache(maxsize=20_000)
def words_of(name: str) -> _Words:
    weights: dict[str, float] = {}
    for folded in likeness.words(legal_forms.without(name)):
        found = word(folded)
        weights[found.key] = max(found.weight, weights.get(found.key, 0))
    places = frozenset(key for key in weights if key.startswith("@"))
    digits = frozenset(key for key in weights if any(map(str.isdigit, key)))
    return _Words(weights, places, sum(weights.values()), digits)


def compared(one: _Words, two: _Words) -> float:
    shared = one.weights.keys() & two.weights.keys()
    both = sum(one.weights[key] for key in shared)
    if not both or one.digits != two.digits or one.places != two.places:
        return 0
    score = 2 * both / (one.total + two.total)
    own = sum(one.weights[key] >= _OWN for key in shared)
    if not own:
        score *= 0.8
    return min(score, 0.89)
