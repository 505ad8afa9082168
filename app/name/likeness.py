"""Names of organisations that may be one organisation's: proposed to people, never merged.

Names are first brought to what tells organisations apart: no case, accents, legal form, article,
small words or acronym in brackets, and abbreviations written out. What is equal then is found by
looking it up, so one name is compared with a hundred thousand in less than a millisecond, and only
names that are equal but for one word are held against each other letter by letter. A name that
says more is another organisation: "Human Rights Network Uganda", "ActionAid Ghana".
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Literal, NamedTuple

from babel import Locale
from rapidfuzz.distance import OSA

from app.name import collation, countries, legal_forms
from app.name.names import fold

How = Literal["folded", "core", "part", "slip"]
Places = dict[str, list[int]]

# Words that say the same: abbreviations, spellings, and what most names are in other languages.
_SAME = {
    word: plain
    for plain, words in {
        "international": "intl int",
        "national": "natl",
        "association": "assn assoc asso asociacion associacao associazione associacio asociatia",
        "organization": "org organisation",
        "organizations": "orgs organisations",
        "university": "univ universite universidad universidade universita universitat"
        " universiteit universitas univerzita universitatea uniwersytet univerzitet",
        "institute": "inst institut instituto istituto instytut institutul institutt",
        "foundation": "fondation fundacion fundacao fondazione stiftung stiftelse stiftelsen"
        " fonden stichting fundacja nadace",
        "department": "dept",
        "government": "govt",
        "society": "soc",
        "federation": "fed",
        "development": "dev",
        "center": "ctr centre",
        "centers": "centres",
        "labor": "labour",
        "defense": "defence",
        "program": "programme",
        "programs": "programmes",
    }.items()
    for word in words.split()
}
_AND_OF_THE = (
    "and und et y e en og och i ja ve va of de du des da do dos das di del della dei degli d"
    " der des die das the la le les l el los las il lo gli os as het al"
)
_SMALL = frozenset(_AND_OF_THE.split())
_ARTICLES = frozenset(
    article
    for articles in collation.ARTICLES.values()
    for article in fold(articles).split()
    if len(article) > 1
)
_PARTS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]| [-–—|] | -- |/|: ")
_PARTING = re.compile(r"[(\[/|–—:-]")
_BRACKETS = re.compile(r" *[(\[]([^()\[\]]+)[)\]]")
_ACRONYM = re.compile(r"[^\W\d_][\w&.\-]{1,14}")
# As many names that differ in one word alone are a family, not slips of the pen.
_FAMILY = 200


class Match(NamedTuple):
    """`place` of a name in the list, and how it is alike: "folded" but for case, accents and
    punctuation; "core" but for legal form, article, small words, acronym or the order of words;
    "part": one is the acronym, or the name in another language, that the other gives; "slip": but
    for a letter or two of one word."""

    place: int
    how: How


class Likeness:
    """The names of a list, to be asked which of them are like a name.

    It takes some 20 µs and 1 kB a name to build, and grows by `add`.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._forms: list[_Form] = []
        self._folded: Places = defaultdict(list)
        self._cores: Places = defaultdict(list)
        self._bags: Places = defaultdict(list)
        self._wholes: Places = defaultdict(list)
        self._parts: Places = defaultdict(list)
        self._holes: dict[int, list[int]] = defaultdict(list)
        self._often: Counter[str] = Counter()
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """The name stands at the next place."""
        form, place = _Form(name), len(self._forms)
        self._forms.append(form)
        self._often.update(form.words)
        for places, key in (
            (self._folded, form.folded),
            (self._cores, form.core),
            (self._bags, form.bag),
            (self._wholes, form.acronym or form.core),
            *((self._parts, part) for part in form.parts),
        ):
            if key:
                places[key].append(place)
        for hole in form.holes():
            self._holes[hole].append(place)

    def like(self, name: str) -> list[Match]:
        """The names like this one, the surest first; the name itself is among them if listed."""
        form = _Form(name)
        found: dict[int, How] = {}
        for how, places in self._alike(form):
            for place in places:
                found.setdefault(place, how)
        return [Match(place, how) for place, how in found.items()]

    def before(self, place: int) -> Match | None:
        """The surest of the names that stand before that one and are like it."""
        for how, places in self._alike(self._forms[place]):
            earlier = next((other for other in places if other < place), None)
            if earlier is not None:
                return Match(earlier, how)
        return None

    def _alike(self, form: "_Form") -> Iterator[tuple[How, Iterable[int]]]:
        yield "folded", self._folded.get(form.folded, ())
        yield "core", self._cores.get(form.core, ())
        yield "core", self._bags.get(form.bag, ())
        yield "part", self._parts.get(form.acronym or form.core, ())
        for part in form.parts:
            yield "part", self._wholes.get(part, ())
        yield "slip", self._slips(form)

    def _slips(self, form: "_Form") -> Iterator[int]:
        for hole in form.holes():
            family = self._holes.get(hole, ())
            if len(family) <= _FAMILY:
                yield from (place for place in family if self._is_slip(form, self._forms[place]))

    def _is_slip(self, one: "_Form", two: "_Form") -> bool:
        if len(one.words) != len(two.words):
            return False
        differing = [pair for pair in zip(one.words, two.words, strict=True) if pair[0] != pair[1]]
        if len(differing) != 1:
            return False
        (pair,) = differing
        # A word that several names have is spelled as it should be.
        return is_slip(*pair) and min(self._often[word] for word in pair) <= 2


class _Form:
    """What a name is looked up by."""

    __slots__ = ("acronym", "bag", "core", "folded", "parts", "words")

    def __init__(self, name: str) -> None:
        self.folded = fold(name)
        has_parts = bool(_PARTING.search(name))  # most have none
        bare = legal_forms.without(name)
        bare = _without_acronym(bare) if has_parts else bare
        self.words = _words(self.folded if bare == name else fold(bare))
        self.core = "".join(self.words)
        self.bag = " ".join(sorted(self.words))
        self.acronym = f"!{self.core}" if is_acronym(bare) else ""
        self.parts = _parts(name) if has_parts else ()

    def holes(self) -> Iterator[int]:
        """The name without one of its words, for each word that may hold a slip."""
        for place, word in enumerate(self.words):
            if len(word) >= 6 and word.isalpha():
                rest = (*self.words[:place], word[0], *self.words[place + 1 :])
                yield hash((place, rest))


def words(name: str) -> tuple[str, ...]:
    """The words that tell the name apart, folded; all of them if none would be left."""
    return _words(fold(name))


def _words(folded: str) -> tuple[str, ...]:
    joined = _joined(folded.split())
    if joined and joined[0] in _ARTICLES:
        joined = joined[1:]
    kept = tuple(_plain(word) for word in joined if word not in _SMALL)
    return kept or tuple(folded.split())


def is_slip(one: str, two: str) -> bool:
    """Whether a letter or two went wrong between two words: too few letters can't tell."""
    shorter = min(len(one), len(two))
    if shorter < 6 or one[0] != two[0] or not (one.isalpha() and two.isalpha()):
        return False
    slips = 2 if shorter >= 10 else 1
    is_near = OSA.distance(one, two, score_cutoff=slips) <= slips
    return is_near and not (one in _places() and two in _places())


def is_acronym(text: str) -> bool:
    """ "NRC", "N.R.C.", "ILGA-Europe" is none: one word, mostly of capitals."""
    if not _ACRONYM.fullmatch(text):
        return False
    capitals = sum(letter.isupper() for letter in text)
    return capitals >= 2 and 2 * capitals > sum(letter.isalpha() for letter in text)


def _joined(folded: list[str]) -> list[str]:
    """Single letters belong together: "S. O. S." is "sos", and "women's" is "womens"."""
    joined: list[str] = []
    was_single = False
    for word in folded:
        is_single = len(word) == 1
        if joined and is_single and (was_single or word == "s"):
            joined[-1] += word
        else:
            joined.append(word)
        was_single = is_single
    return joined


def _plain(word: str) -> str:
    return _SAME.get(word) or word.replace("isation", "ization")


def _without_acronym(name: str) -> str:
    """Without an acronym in brackets, or before or behind a dash, that is this name's own."""
    return _BRACKETS.sub(lambda found: "" if _is_own(found[1], name) else found[0], name)


def _is_own(acronym: str, name: str) -> bool:
    """ "(ICJ)" is the International Commission of Jurists', "(Japan)" and "(UK)" nobody's."""
    if not is_acronym(acronym) or acronym.upper() in _codes():
        return False
    initials = "".join(word[0] for word in fold(name.replace(acronym, " ")).split())
    letters = fold(acronym).replace(" ", "")
    return bool(initials) and letters[0] in initials and _is_within(letters[:2], initials)


def _is_within(letters: str, text: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)


def _parts(name: str) -> tuple[str, ...]:
    """The cores of what a name of several parts gives as its acronym or its other name."""
    split = [part for part in _PARTS.split(legal_forms.without(name)) if part and part.strip()]
    keys = [_part(part.strip()) for part in split]
    # "Human Rights Network (Uganda)" is not the Human Rights Network, nor is it with a longer
    # addition in brackets; a dash or a stroke stands between two names.
    is_two_names = not _BRACKETS.search(name) or any(key.startswith("!") for key in keys)
    return tuple(keys) if all(keys) and len(keys) > 1 and is_two_names else ()


def _part(part: str) -> str:
    if is_acronym(part):
        return "" if part.upper() in _codes() else f"!{''.join(words(part))}"
    own = words(legal_forms.without(part))
    return "".join(own) if len(own) >= 3 else ""


@cache
def _places() -> frozenset[str]:
    """Folded words of countries' names: a letter lies between Zambia and Gambia."""
    english = Locale("en").territories
    return frozenset(word for code in countries.CODES for word in fold(english[code]).split())


@cache
def _codes() -> frozenset[str]:
    return countries.CODES | {"UK", "EU", "UN", "USA", "UAE", "DRC", "RDC", "CAR", "RSA", "PRC"}
