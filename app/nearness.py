"""How near names of organisations are to one another, from 0 to 1, and by what.

Beside what app/likeness.py finds equal, names are held against each other word by word: words of
one root or meaning count once, what is common to many names counts little, and what only one of
the two says speaks against them. A place that only one names speaks against them most: that is how
members of a family differ.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from app import legal_forms, likeness
from app.i18n import _
from app.likeness import Likeness
from app.name_words import word

How = Literal["folded", "core", "part", "slip", "words"]

# What is proposed to people as perhaps the same; see docs/duplicates.md for what that finds.
PROPOSED = 0.7

_SCORES: dict[str, float] = {"folded": 1.0, "core": 0.97, "part": 0.95, "slip": 0.9}
_KIND, _OWN = 0.2, 1.0
_ONE_ROOT, _NOTHING_OWN, _BOTH_MORE, _CONTAINED = 0.75, 0.7, 0.7, 0.35
_SEAT = re.compile(r" \(\w[\w ]+\)$")
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


def sentence(how: How) -> str:
    """Why two names are thought to be one signer's."""
    return {
        "folded": _("The names are equal but for case, accents and punctuation."),
        "core": _("The names are equal but for legal form, articles, an acronym or word order."),
        "part": _("One name is the acronym or the other name that the other one gives."),
        "slip": _("The names differ by a letter or two."),
        "words": _("The names share the words that tell organisations apart."),
    }[how]


class _Words(NamedTuple):
    """`weights` by key; `typed` are the words as they stand, folded."""

    weights: dict[str, float]
    typed: dict[str, str]
    places: frozenset[str]
    total: float
    digits: frozenset[str]


@lru_cache(maxsize=20_000)
def words_of(name: str) -> _Words:
    weights: dict[str, float] = {}
    typed: dict[str, str] = {}
    for folded in likeness.words(legal_forms.without(_without_seat(name))):
        found = word(folded)
        weights.setdefault(found.key, found.weight)
        typed.setdefault(found.key, folded)
    places = frozenset(key for key in weights if key.startswith("@"))
    digits = frozenset(key for key in weights if any(map(str.isdigit, key)) and key not in places)
    return _Words(weights, typed, places, sum(weights.values()), digits)


def _without_seat(name: str) -> str:
    """A company's country in brackets behind its legal form is its seat, not its branch."""
    form = legal_forms.find(name)
    bare = _SEAT.sub("", name) if form else name
    return bare if form and name[form.end :] == name[len(bare) :] else name


def compared(one: _Words, two: _Words) -> float:
    """From 0 to 0.89: what is equal but for spelling is nearer than what shares words."""
    if one.digits != two.digits or one.places != two.places:
        return 0
    one, two = _spelled_out(one, two), _spelled_out(two, one)
    shared = one.weights.keys() & two.weights.keys()
    both = sum(one.weights[key] * _sameness(one, two, key) for key in shared)
    if not both:
        return 0
    own = any(one.weights[key] >= _OWN and one.typed[key] == two.typed[key] for key in shared)
    left = [sum(w for k, w in side.weights.items() if k not in shared) for side in (one, two)]
    score = 2 * both / (one.total + two.total)
    if not own:
        # Nothing but what many are and are about: "Institute for Information Technology".
        score *= _NOTHING_OWN
    elif min(left) <= _KIND and not _branches(one, two):
        # One says more, the other nothing else: "Rappaport Foundation".
        score = _CONTAINED + (1 - _CONTAINED) * score
    if min(left) >= _OWN:
        score *= _BOTH_MORE
    return min(score, 0.89)


def _branches(one: _Words, two: _Words) -> bool:
    """Whether one is the other with a single word behind it, as branches in towns are called."""
    shorter, longer = sorted((list(one.weights), list(two.weights)), key=len)
    return len(longer) == len(shorter) + 1 and len(shorter) > 2 and longer[:-1] == shorter


def _spelled_out(short: _Words, long: _Words) -> _Words:
    """The words with an acronym among them replaced by the other's words that it stands for."""
    keys = list(long.typed)
    initials = "".join(typed[0] for typed in long.typed.values())
    for key, typed in short.typed.items():
        start = initials.find(typed) if 3 <= len(typed) <= 6 and key not in long.typed else -1
        if start >= 0:
            meant = keys[start : start + len(typed)]
            weights = {k: w for k, w in short.weights.items() if k != key}
            weights |= {k: long.weights[k] for k in meant}
            words = short.typed | {k: long.typed[k] for k in meant}
            return short._replace(weights=weights, typed=words, total=sum(weights.values()))
    return short


def _sameness(one: _Words, two: _Words, key: str) -> float:
    """Words of one root are less sure than equal ones; known translations are as good."""
    if one.typed[key] == two.typed[key] or one.weights[key] < _OWN:
        return 1
    return _ONE_ROOT
