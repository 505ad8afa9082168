"""Names in capitals, and names without any."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import icu

from app.i18n import _
from app.name import legal_forms
from app.weeding.remarks import Remark

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
_LOUD = re.compile(r"[^\W\d_a-zß-öø-ÿ]{3}")
_DOMAIN = re.compile(r"\w\.[a-z]{2,}(?!\w)")
_ACRONYM = re.compile(r"\([^\s()]+\)|^\w{2,10}(?= [-–—] )|(?<= [-–—] )\w{2,10}$")
_BRACKETS = re.compile(r"\([^()]*\)")
LONGEST_ACRONYM = 10  # letters; ADULLACT has eight
# Articles, conjunctions and prepositions in the languages of most names.
_SMALL_WORDS = (
    "a an and at by for from in of on or the to with"
    " à au aux contre d dans de des du en et l la le les ou par pour sans sur"
    " con contra del e el las los para por sin y as com da das do dos na no os sem"
    " al dei della delle di gli i il lo nel per"
    " auf das dem den der die für im mit und vom von zu zum zur het van voor av för och og på til"
    " o w z и в за на по та і з ve və"
)
_SMALL = frozenset(_SMALL_WORDS.split())
_PARTICLES = _SMALL | {"af", "bin", "bint", "dello", "ibn", "ould", "st", "ten", "ter"}
# What people write behind their names in capitals.
_BEHIND_NAMES = (
    "II III IV VI VII VIII PHD LLM LLB LLD MBA MSC BSC MPH OBE MBE CBE DBE CMG MEP QC KC SC CPA ESQ"
    " DVM DDS DPHIL JUDR MUDR ING PROF SJ OFM OSB OP"
)
_TITLES = frozenset(_BEHIND_NAMES.split())


class _Words(NamedTuple):
    """Those with capital and small letters; scripts without cannot shout."""

    all: list[str]
    capitals: list[str]

    @classmethod
    def of(cls, text: str) -> "_Words":
        cased = [word for word in _WORD.findall(text) if _has_case(word)]
        return cls(cased, [word for word in cased if word.isupper()])


def of_name(name: str, country: str) -> Iterator[Remark]:
    """An organisation's name. `country` tells in which language its letters have capitals."""
    if name[:1].isupper() and not name.isupper() and not _LOUD.search(name):
        return  # as most are
    bare = legal_forms.without(name)
    words = _Words.of(bare)
    if not words.all:
        return
    if len(words.capitals) == len(words.all):
        yield from _all_capitals(name, bare, words, country)
    elif not any(letter.isupper() for letter in bare):
        yield from _no_capitals(name, bare, country)
    else:
        yield from _shouted(name, country)
        yield from _small_at_first(name, words)


def of_role(role: str, country: str) -> Iterator[Remark]:
    """A role or an affiliation: "CEO" and "NUPI" are what they are called."""
    words = _Words.of(role)
    long = [word for word in words.capitals if len(word) >= 4]
    if words.all and len(words.capitals) == len(words.all) and sum(map(len, long)) > 8:
        yield Remark("capitals", _("It is written in capitals."), _titled(role, country))


def of_person(name: str, country: str) -> Iterator[Remark]:
    words = _Words.of(name)
    loud = [word for word in words.capitals if len(word) >= 3 and word not in _TITLES]
    if loud and len(words.all) > 1:
        suggestion = _WORD.sub(lambda found: _person(found[0], loud, country), name)
        yield Remark("capitals", _("It is written in capitals."), suggestion)
    small = [word for word in words.all if word.islower() and word not in _PARTICLES]
    if small:
        suggestion = _WORD.sub(lambda found: _person(found[0], small, country), name)
        yield Remark("small", _("A name of a person begins with a small letter."), suggestion)


def _all_capitals(name: str, bare: str, words: _Words, country: str) -> Iterator[Remark]:
    long = [word for word in words.all if len(word) >= 4]
    is_one = len(bare.split()) == 1
    if is_one and len(bare) <= LONGEST_ACRONYM:
        if len(words.all[0]) > 1:
            yield _acronym()
    elif (len(long) > 1 or is_one) and sum(map(len, long)) >= 10:
        yield Remark("capitals", _("It is written in capitals."), _titled(name, country))


def _acronym() -> Remark:
    return Remark("acronym", _("If it is an acronym, readers may not know what it stands for."))


def _no_capitals(name: str, bare: str, country: str) -> Iterator[Remark]:
    if _DOMAIN.search(bare) or any(letter.isdigit() for letter in bare):
        return
    yield Remark("small", _("It has no capital letter."), _titled(name, country))


def _shouted(name: str, country: str) -> Iterator[Remark]:
    """Two long words in capitals side by side; one alone or in brackets is an acronym."""
    loud = {
        word
        for pair in pairwise(_Words.of(_BRACKETS.sub("", name)).all)
        if all(word.isupper() and len(word) >= 4 for word in pair) and len("".join(pair)) >= 10
        for word in pair
    }
    if loud:
        suggestion = _WORD.sub(
            lambda found: _capitalised(found[0], country) if found[0] in loud else found[0], name
        )
        yield Remark("shouted", _("Some of its words are written in capitals."), suggestion)


def _small_at_first(name: str, words: _Words) -> Iterator[Remark]:
    first = words.all[0]
    if name.startswith(first) and first.islower() and len(first) > 1 and name[len(first)] == " ":
        yield Remark("small", _("It begins with a small letter."), name[0].upper() + name[1:])


def _titled(name: str, country: str) -> str:
    """With capitals where English, French or German names may have them, legal form untouched."""
    form = legal_forms.find(name)
    kept = [found.span() for found in _ACRONYM.finditer(name)]
    if form:
        kept.append((form.start, form.end))

    def titled(found: re.Match[str]) -> str:
        word, start = found[0], found.start()
        if any(begin <= start < end for begin, end in kept):
            return word
        if start and word.lower() in _SMALL:
            return word.lower()
        return word if word.isupper() and _is_initials(word) else _capitalised(word, country)

    return _WORD.sub(titled, name)


def _is_initials(word: str) -> bool:
    return len(word) <= 3 or (word.isascii() and not re.search("[AEIOUY]", word))


def _person(word: str, changed: list[str], country: str) -> str:
    if word.lower() in _PARTICLES:
        return word.lower() if word.isupper() and len(word) > 1 else word
    if word not in changed:
        return word
    return re.sub(r"[^\W\d_]+", lambda part: _capitalised(part[0], country), word)


def _capitalised(word: str, country: str) -> str:
    """ "Istanbul" from "ISTANBUL", but "İstanbul" in Turkey."""
    has_dots = country in ("TR", "AZ") or bool(re.search("[İıƏə]", word))
    locale = icu.Locale("tr" if has_dots else "en")
    elided, mark, rest = word.rpartition("’" if "’" in word else "'")
    if mark and len(elided) == 1:  # L'HOMME
        return elided.lower() + mark + _capitalised(rest, country)
    return str(icu.UnicodeString(word).toTitle(locale))


def _has_case(word: str) -> bool:
    # Georgian letters have capitals for headings only, and no name begins with one.
    return any(letter.lower() != letter.upper() and not _is_georgian(letter) for letter in word)


def _is_georgian(letter: str) -> bool:
    return "\u10a0" <= letter <= "\u10ff" or "\u1c90" <= letter <= "\u1cbf"
