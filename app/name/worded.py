"""A name as the words it is made of, whatever language or script they are written in."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from app.name import legal_forms, likeness
from app.name.name_words import KIND, OWN, joined, parted, word
from app.name.names import fold, latin

# Of so few and so many letters are acronyms that stand for some of the words of a name.
SHORTEST, _LONGEST = 3, 6
_SEAT = re.compile(r" \(\w[\w ]+\)$")
_TYPED = re.compile(r"[^\W_]+")


class Worded(NamedTuple):
    """By key: `weights`, and `typed`, the words as they stand, folded. `acronyms` are those among
    them; `initials` what the words would be called for short, with the keys of its letters."""

    weights: dict[str, float]
    typed: dict[str, str]
    places: frozenset[str]
    digits: frozenset[str]
    acronyms: tuple[str, ...]
    initials: tuple[tuple[str, tuple[str, ...]], ...]

    def meant_by(self, acronym: str) -> tuple[str, ...]:
        """The keys of successive words that it stands for, if any."""
        for letters, keys in self.initials:
            start = letters.find(acronym)
            if start >= 0:
                return keys[start : start + len(acronym)]
        return ()

    def spelled_out(self, acronym: str, meant: Iterable[str], by: "Worded") -> "Worded":
        """With the other's words instead of an acronym that stands for them."""
        key = word(acronym).key
        weights = {k: weight for k, weight in self.weights.items() if k != key}
        typed = {k: as_typed for k, as_typed in self.typed.items() if k != key}
        weights |= {k: by.weights[k] for k in meant}
        typed |= {k: by.typed[k] for k in meant}
        return self._replace(weights=weights, typed=typed, places=_places(weights))


@lru_cache(maxsize=20_000)
def worded(name: str) -> Worded:
    weights: dict[str, float] = {}
    typed: dict[str, str] = {}
    for folded in _said(name):
        found = word(folded)
        # A single letter is somebody's first name, or a slip.
        weights.setdefault(found.key, found.weight if len(folded) > 1 else KIND)
        typed.setdefault(found.key, folded)
    short = _acronyms(name)
    acronyms = tuple(
        as_typed
        for key, as_typed in typed.items()
        if as_typed in short and SHORTEST <= len(as_typed) <= _LONGEST and weights[key] >= OWN
    )
    places = _places(weights)
    digits = frozenset(key for key in weights if any(map(str.isdigit, key)) and key not in places)
    return Worded(weights, typed, places, digits, acronyms, _initials(typed))


def _places(keys: Iterable[str]) -> frozenset[str]:
    return frozenset(key for key in keys if key[0] == "@")


def _acronyms(name: str) -> set[str]:
    """Words of capitals, folded; none where all of several are, as some people type."""
    if name.isupper() and " " in name:
        return set()
    return {fold(one) for one in _TYPED.findall(name) if likeness.is_acronym(one)}


def _said(name: str) -> Iterator[str]:
    """The words that count, folded and in Latin letters."""
    folded = latin(fold(legal_forms.without(_without_seat(name))))
    for one in likeness.words(" ".join(joined(folded.split()))):
        yield from parted(one)


def _without_seat(name: str) -> str:
    """A company's country in brackets behind its legal form is its seat, not its branch."""
    form = legal_forms.find(name)
    bare = _SEAT.sub("", name) if form else name
    return bare if form and name[form.end :] == name[len(bare) :] else name


def _initials(typed: dict[str, str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Of all words, and of all but "for" and its like."""
    ways = (tuple(typed), tuple(key for key in typed if key != "for"))
    return tuple(
        ("".join(typed[key][0] for key in keys), keys)
        for keys in (ways if "for" in typed else ways[:1])
        if len(keys) >= SHORTEST
    )
