"""What the words of organisations' names weigh, and which say the same in several languages.

Most names are made of few words: what it is (a society), of what (of nutrition), where (Spanish),
and only sometimes something of their own. What it is hardly tells two organisations apart, and is
the first thing that is translated or left out.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from babel import Locale
from babel.core import get_global

from app.name import countries
from app.name.names import fold, latin
from app.vocabulary.kinds import KINDS
from app.vocabulary.matters import MATTERS
from app.vocabulary.places import DIRECTIONS, FROM, PHRASES

KIND, MATTER, PLACE, OWN = 0.2, 0.5, 0.4, 1.0
# Letters that languages write differently in words of one root.
_SPELLED = (("ph", "f"), ("y", "i"), ("k", "c"), ("z", "s"), ("qu", "c"), ("th", "t"), ("ae", "e"))
_ROOT = 6
# Languages whose words for countries and peoples are known, from CLDR.
_LANGUAGES = (
    *("en", "fr", "es", "pt", "de", "it", "nl", "sv", "nb", "da", "fi", "pl", "cs", "hu", "ro"),
    *("hr", "tr", "az", "ru", "uk", "ca"),
)
# Spoken mainly in the country that CLDR thinks likeliest, so that its name is that of its people.
_OF_A_COUNTRY = (
    *("az", "hy", "ka", "kk", "uz", "ky", "tg", "tk", "mn", "uk", "be", "pl", "cs", "sk", "hu"),
    *("ro", "bg", "sq", "mk", "sl", "hr", "sr", "lt", "lv", "et", "fi", "sv", "da", "nb", "is"),
    *("de", "it", "fr", "tr", "ru", "ja", "ko", "th", "vi", "id", "ms", "fil", "el", "he", "km"),
)
# Endings of compounds, which other languages and other people write as words of their own.
_ENDINGS = (
    *("stiftung", "stiftelse", "stiftelsen", "verein", "verband", "gesellschaft", "institut"),
    *("universitat", "universiteit", "universitet", "akademie", "vereinigung", "hochschule"),
    *(
        "forschung",
        "schutz",
        "politik",
        "technik",
        "hilfe",
        "schule",
        "zentrum",
        "krankenhaus",
        "ministerium",
        "museum",
    ),
    *("vereniging", "stichting", "forening", "foreningen", "forbund", "forbundet", "bund"),
)


class Word(NamedTuple):
    """`key` is equal for words that say the same; a country's is its code behind an "@"."""

    key: str
    weight: float


@lru_cache(maxsize=50_000)
def word(folded: str) -> Word:
    known = _known()
    return known.get(folded) or _inflected(folded, known) or Word(_root(folded), OWN)


@lru_cache(maxsize=50_000)
def parted(folded: str) -> tuple[str, ...]:
    """A compound as its two words: "studienstiftung" is "studien" and "stiftung"."""
    for ending in _ENDINGS:
        first = folded.removesuffix(ending)
        if first != folded and len(first) >= 4:
            return first, ending
    return (folded,)


def joined(folded: list[str]) -> list[str]:
    """With the places that are called by several words as one: "southafrica"."""
    phrases, found, start = _phrases(), list[str](), 0
    while start < len(folded):
        for rest, whole in phrases.get(folded[start], ()):
            end = start + len(rest)
            if tuple(folded[start:end]) == rest:
                found.append(whole)
                start = end
                break
        else:
            found.append(folded[start])
            start += 1
    return found


def _inflected(folded: str, known: dict[str, Word]) -> Word | None:
    """Known but for its ending: "российских", "scientifiques"."""
    if len(folded) < 7:
        return None
    for cut in (1, 2, 3):
        found = _stems().get(folded[:-cut])
        if found:
            return found
    return None


def _root(folded: str) -> str:
    plain = folded
    for letters, sound in _SPELLED:
        plain = plain.replace(letters, sound)
    return "".join(a for a, b in zip(plain, plain[1:] + " ", strict=True) if a != b)[:_ROOT]


@cache
def _known() -> dict[str, Word]:
    known: dict[str, Word] = {}
    for words, weight in ((KINDS, KIND), (MATTERS, MATTER), (DIRECTIONS, OWN)):
        for plain, others in words.items():
            for one in (plain, *others.split()):
                known.setdefault(latin(fold(one)), Word(plain, weight))
    for code, others in FROM.items():
        known.update({latin(fold(one)): Word(f"@{code}", PLACE) for one in others.split()})
    for code, words_of_it in _names():
        known.setdefault("".join(words_of_it), Word(f"@{code}", PLACE))
    for code, people in _peoples():
        known.setdefault(people, Word(f"@{code}", PLACE))
    return known


@cache
def _stems() -> dict[str, Word]:
    return {
        folded[:-cut]: found
        for cut in (0, 1, 2)
        for folded, found in _known().items()
        if len(folded) - cut >= 6 and found.weight in (MATTER, PLACE)
    }


def _names() -> Iterator[tuple[str, list[str]]]:
    """Countries' codes and names, as folded words."""
    for language in _LANGUAGES:
        territories = Locale(language).territories
        for code in sorted(countries.CODES):
            name = latin(fold(territories.get(code, ""))).split()
            if name:
                yield code, name


def _peoples() -> Iterator[tuple[str, str]]:
    """Countries' codes and what their people or language is called."""
    likely = get_global("likely_subtags")
    for language in _LANGUAGES:
        called = Locale(language).languages
        for one in _OF_A_COUNTRY:
            name = latin(fold(called.get(one, "")))
            if name.isalpha():
                yield likely[one].split("_")[-1], name


@cache
def _phrases() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """By the first word: all words of a place, and the one that stands for them."""
    named = [(tuple(name), "".join(name)) for _code, name in _names()]
    for whole, phrases in PHRASES.items():
        named += [(tuple(phrase.split()), whole) for phrase in phrases.split(";")]
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for words, whole in sorted(named, key=lambda one: -len(one[0])):
        if len(words) > 1:
            found.setdefault(words[0], []).append((words, whole))
    return found
