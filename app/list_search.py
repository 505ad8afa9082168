"""Finding lines of the public list, however their names are typed.

A reader types what their keyboard has: without accents, in Latin letters, or in the script of the
name. What is searched and what is typed are both spelled in all the ways known here, and one that
they have in common is enough. Scripts that leave vowels out stay so in Latin letters: "mrkz".
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import icu  # type: ignore[import-untyped]

from app.names import fold, latin

LONGEST_SEARCH = 200
MOST_WORDS = 10

# As people write names of other scripts in Latin letters, "Kharkiv" and "Yerevan", where `latin`
# writes letter by letter; German umlauts as two letters, and traditional Chinese simplified.
_AS_SPOKEN = tuple(
    icu.Transliterator.createInstance(rules)
    for rules in (
        "Hant-Hans; Russian-Latin/BGN; Armenian-Latin/BGN; Greek-Latin/UNGEGN; de-ASCII",
        "Ukrainian-Latin/BGN",
    )
)
# One letter for readers, whatever their keyboard has: Arabic, Persian and Urdu forms, and the
# stroke that only makes a word longer.
_ONE_LETTER = str.maketrans("ىیېکةہھە", "يييكهههه") | {ord("ـ"): ""}


# Who has no Azerbaijani keyboard writes an a or an e, as the word is in Turkish: "Adalet".
_SCHWA = str.maketrans("ae", "əə")


class Wanted(NamedTuple):
    """What the list is narrowed to; "" narrows nothing. `country` is a code in capitals."""

    words: str = ""
    country: str = ""
    kind: str = ""


def key(texts: Iterable[str]) -> str:
    """What is searched for a line with these texts."""
    return "\n".join(way for text in texts if text for way in _ways(text))


def found(keys: Sequence[str], words: str) -> Sequence[int]:
    """The places of the keys in which every word stands, in whatever order."""
    places: Sequence[int] = range(len(keys))
    for word in words[:LONGEST_SEARCH].split()[:MOST_WORDS]:
        ways = {way for way in _typed(word) if way}
        if ways:  # signs alone look for nothing
            there = {place for way in ways for place in places if way in keys[place]}
            places = sorted(there)
    return places


def _ways(text: str) -> list[str]:
    """The whole text in each spelling: "anti corruption" and "anticorruption"."""
    if text.isascii() and text.replace(" ", "").isalnum():  # as most are
        return [text.lower()]
    words = [_spellings(word) for word in text.split()]
    apart = [" ".join(filter(None, way)) for way in zip(*words, strict=True)]
    joined = [" ".join(filter(None, map(_joined, way))) for way in zip(*words, strict=True)]
    schwas = [apart[0].translate(_SCHWA)] if "ə" in text.lower() else []
    return list(dict.fromkeys(apart + joined + schwas))


@lru_cache(maxsize=50_000)
def _spellings(word: str) -> tuple[str, ...]:
    """One word, always in as many ways and in the same order."""
    plain = fold(word.translate(_ONE_LETTER))
    spoken = (word if word.isascii() else way.transliterate(word) for way in _AS_SPOKEN)
    return plain, latin(plain), *map(fold, spoken)


def _typed(word: str) -> Iterator[str]:
    for way in _spellings(word):
        yield from (way, _joined(way), way.translate(_SCHWA))


def _joined(word: str) -> str:
    return word.replace(" ", "")
