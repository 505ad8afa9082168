"""Finding lines of the public list, however their names are typed.

A reader types what their keyboard has: without accents, in Latin letters, or in the script of the
name. What is searched and what is typed are both spelled in all the ways known here, and one that
they have in common is enough. Words of Arabic and Hebrew, which leave most vowels out, are compared
with Latin ones by their consonants: "markaz" finds "مركز".
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import icu

from app.name.names import fold, latin

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
_VOWELLESS = re.compile(r"[\u05d0-\u05ea\u0621-\u06d3]")
_BEGINS = "\x01"  # before consonants in a key, which are found from their beginning alone
_LEAST_CONSONANTS = 3
_VOWELS = str.maketrans("", "", "aeiouwy' ")
_DOUBLED = re.compile(r"(.)\1")
# One letter there, written with an h in Latin letters, while `latin` writes it without.
_WITH_H = re.compile(r"([sktdgc])h")


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
    consonants = [_BEGINS + one for word in words for one in _consonants(word[0])]
    return list(dict.fromkeys(apart + joined + schwas + consonants))


def _spelled(word: str) -> tuple[str, ...]:
    """One word, always in as many ways and in the same order."""
    plain = fold(word.translate(_ONE_LETTER))
    spoken = (word if word.isascii() else way.transliterate(word) for way in _AS_SPOKEN)
    return plain, latin(plain), *map(fold, spoken)


# Many names share their words, and a list that has changed is nearly the same; what somebody types
# is spelled anew, or made-up words would fill the memory.
_spellings = lru_cache(maxsize=50_000)(_spelled)


def _typed(word: str) -> Iterator[str]:
    for way in _spelled(word):
        yield from (way, _joined(way), way.translate(_SCHWA))
    if word.isascii():
        plain = _joined(fold(word))
        for way in (plain, _WITH_H.sub(_without_h, plain)):
            if len(_bare(way)) >= _LEAST_CONSONANTS:
                yield _BEGINS + _bare(way)


def _consonants(word: str) -> Iterator[str]:
    """Those of a folded word that is written without vowels, the Arabic article aside too."""
    if _VOWELLESS.search(word):
        yield _bare(latin(word))
        if word.startswith("ال"):
            yield _bare(latin(word[2:]))


def _bare(letters: str) -> str:
    return _DOUBLED.sub(r"\1", letters).translate(_VOWELS)


def _without_h(found: re.Match[str]) -> str:
    return {"k": "h", "c": "h"}.get(found[1], found[1])


def _joined(word: str) -> str:
    return word.replace(" ", "")
