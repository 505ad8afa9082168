"""Names of organisations and people as text: what may be typed, which are equal, which look odd."""

import re
import string
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

import icu
from babel import Locale
from babel.lists import format_list

from app.errors import Refused
from app.i18n import SOURCE, _, known, language

_SPACES = re.compile(r"[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_EMOJI_STYLE = re.compile(r"[\ufe0e\ufe0f]")
# What mail programs turn into links by themselves: a scheme, www., an address, a host with a path.
# A bare host is none: there are organisations called "Parvati.org".
_LINK = re.compile(
    r"://|mailto:|(?<!\w)www[.\u3002\uff61]|\w@\w[\w-]*\.\w|\w\.[^\W\d_]{2,}/", re.IGNORECASE
)
_PILE_OF_ACCENTS = re.compile(
    r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{4}"
)

_CONTROL = icu.UnicodeSet(r"[[:Cc:][:Zl:][:Zp:]]")
_INVISIBLE = icu.UnicodeSet(r"[[:Cf:][:Default_Ignorable_Code_Point:]\u2800]")
_UNPRINTABLE = icu.UnicodeSet(r"[[:Cn:][:Co:][:Cs:]\ufffc\ufffd]")
_VARIANT = icu.UnicodeSet(r"[:Variation_Selector:]")
for _letters in (_CONTROL, _INVISIBLE, _UNPRINTABLE, _VARIANT):
    _letters.freeze()  # threads share them
_JOINERS = "\u200c\u200d"

_NO_DECOMPOSITION = str.maketrans(
    {"ı": "i", "ə": "e", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
    | {"ħ": "h", "ŧ": "t", "ŋ": "ng", "ĸ": "k", "ƀ": "b", "ɨ": "i", "ʉ": "u", "ɓ": "b", "ɗ": "d"}
)
_ASCII_MARKS = dict.fromkeys(map(ord, string.punctuation), " ")
_LATIN = icu.Transliterator.createInstance("Any-Latin; [:Lm:] Remove; Latin-ASCII")
_SPOOF = icu.SpoofChecker()
_SPOOF.setChecks(icu.USpoofChecks.RESTRICTION_LEVEL | icu.USpoofChecks.MIXED_NUMBERS)
_SPOOF.setRestrictionLevel(icu.URestrictionLevel.HIGHLY_RESTRICTIVE)
_NEEDS_NO_JOINER = {"Latn", "Grek", "Cyrl", "Armn", "Geor"}


class NameRefused(Refused):
    """The text can't stand as a name in a letter, a mail and a document."""


def checked(text: str, *, longest: int = 200) -> str:
    """A name as it will be shown: NFC, single spaces, `longest` code points at most.

    Raises NameRefused with the reason, also for nothing but spaces and signs.
    """
    name = checked_line(text, longest=longest)
    if not name:
        raise NameRefused(_("Please fill this in."))
    if not any(letter.isalnum() for letter in name):
        raise NameRefused(_("Write this with letters."))
    return name


def checked_line(text: str, *, longest: int = 200) -> str:
    """The same rules for a line that may stay empty, such as a role: then it is ""."""
    # Before anything else: composing accents takes time that grows with the square of their number.
    _check_length(text, 4 * longest, longest)
    line = unicodedata.normalize("NFC", _EMOJI_STYLE.sub("", text))
    line = _SPACES.sub(" ", line).strip(" ")
    _check_length(line, longest, longest)
    for place, letter in enumerate(line):
        _check_letter(letter, line[:place], line[place + 1 :])
    if _PILE_OF_ACCENTS.search(line):
        raise NameRefused(_("There are too many accents on one letter."))
    if holds_link(line):
        raise NameRefused(_("Leave out web and e-mail addresses: links are not possible here."))
    return line


def holds_link(line: str) -> bool:
    """Whether a mail program would make a link of something in it."""
    return bool(_LINK.search(unicodedata.normalize("NFKC", line)))


def _check_length(line: str, most: int, longest: int) -> None:
    if len(line) > most:
        raise NameRefused(
            _("This is too long: please use %(longest)d characters at most.") % {"longest": longest}
        )


def _check_letter(letter: str, before: str, after: str) -> None:
    if letter in _CONTROL:
        raise NameRefused(_("Leave out line breaks, tabs and other control characters."))
    if letter in _UNPRINTABLE:
        raise NameRefused(
            _("This contains a character that can't be printed (%(code)s).")
            % {"code": _code(letter)}
        )
    if letter in _INVISIBLE and not _belongs(letter, before, after):
        raise NameRefused(
            _("This contains an invisible character (%(code)s). Type it instead of pasting it.")
            % {"code": _code(letter)}
        )


def _belongs(invisible: str, before: str, after: str) -> bool:
    """Persian, Sinhala and others write with joiners, Japanese and Mongolian with variants."""
    if invisible in _JOINERS:
        return _is_letter(before[-1:]) and _is_letter(after[:1])
    return invisible in _VARIANT and _is_letter(before[-1:])


def _is_letter(letter: str) -> bool:
    return bool(letter) and letter not in _INVISIBLE and unicodedata.category(letter)[0] in "LM"


def _code(letter: str) -> str:
    return f"U+{ord(letter):04X}"


def fold(name: str) -> str:
    """The name without case, accents, punctuation and ways of typing: equal for equal names.

    Two names of one mailbox that fold alike are one signer. Legal forms, articles and the vowel
    signs of scripts that write with them stay, so it says nothing about duplicates.
    """
    if name.isascii():  # most are, and need none of the rest
        return " ".join(name.lower().translate(_ASCII_MARKS).split())
    plain = unicodedata.normalize("NFKC", name).casefold().translate(_NO_DECOMPOSITION)
    kept = (_folded(letter) for letter in unicodedata.normalize("NFKD", plain))
    return unicodedata.normalize("NFC", " ".join("".join(kept).split()))


@lru_cache(maxsize=10_000)
def _folded(letter: str) -> str:
    category = unicodedata.category(letter)
    if letter in _INVISIBLE or (category == "Mn" and _is_accent(unicodedata.combining(letter))):
        return ""
    # Modifier letters are apostrophes here: Oʻzbekiston, Hawaiʻi.
    if category[0] in "PSZ" or "\u02b9" <= letter <= "\u02bf":
        return " "
    return letter


def _is_accent(combining_class: int) -> bool:
    """Accents of European scripts, Hebrew points, Arabic vowels; not viramas or kana voicing."""
    return 10 <= combining_class <= 36 or 200 <= combining_class <= 240


def latin(folded: str) -> str:
    """The folded text in plain Latin letters, for searching: "мемориал" is "memorial", and one
    Chinese word the same in simplified and traditional signs."""
    return folded if folded.isascii() else fold(_LATIN.transliterate(folded))


def skeleton(name: str) -> str:
    """Equal for names a hurried eye takes for one another (UTS 39): "Amnesty", "Аrnnesty"."""
    # Folding took the capital I's likeness to l away.
    return str(_SPOOF.getSkeleton(0, fold(name))).casefold().replace("i", "l")


def warnings(name: str) -> list[str]:
    """Sentences about what may deceive the reader of this name, for the review queue."""
    words = [word for word in _words(name) if not word.isascii()]
    return [
        *(sentence for word in words for sentence in _odd_word(word)),
        *(_posing(word) for word in _posing_as_latin(words)),
    ]


def _words(name: str) -> Iterator[str]:
    word = ""
    for letter in name + " ":
        if unicodedata.category(letter)[0] in "LMN" or letter in _JOINERS:
            word += letter
        elif word:
            yield word
            word = ""


def _odd_word(word: str) -> Iterator[str]:
    found = _SPOOF.check(word)
    mixed = scripts(word)
    if found & icu.USpoofChecks.RESTRICTION_LEVEL:
        yield _("“%(word)s” mixes letters of different scripts: %(scripts)s.") % {
            "word": word,
            "scripts": listed_scripts(mixed),
        }
    if found & icu.USpoofChecks.MIXED_NUMBERS:
        yield _("“%(word)s” mixes digits of different scripts.") % {"word": word}
    if any(joiner in word for joiner in _JOINERS) and _NEEDS_NO_JOINER.issuperset(mixed):
        yield _("“%(word)s” contains an invisible joiner that its script does not need.") % {
            "word": word
        }
    if any(_is_styled(letter) for letter in word):
        yield _("“%(word)s” uses decorative letters; in plain ones it reads “%(plain)s”.") % {
            "word": word,
            "plain": unicodedata.normalize("NFKC", word),
        }


def _is_styled(letter: str) -> bool:
    # ª and º are ordinary Spanish and Portuguese.
    compatible = unicodedata.decomposition(letter).startswith(("<font>", "<wide>", "<compat>"))
    return compatible and unicodedata.category(letter) in ("Lu", "Ll", "Lo")


def _posing_as_latin(words: list[str]) -> Iterator[str]:
    """Words like "СЕРА", all of Latin looks, in a name where no other word proves the script."""
    foreign = [word for word in words if scripts(word) and "Latn" not in scripts(word)]
    posing = [word for word in foreign if _looks_latin(word)]
    genuine = {script for word in foreign if word not in posing for script in scripts(word)}
    return (word for word in posing if len(word) > 2 and genuine.isdisjoint(scripts(word)))


def _looks_latin(word: str) -> bool:
    seen = str(_SPOOF.getSkeleton(0, word))
    return seen.isascii() and seen.isalpha()


def _posing(word: str) -> str:
    return _("“%(word)s” looks Latin but is written in another script: %(script)s.") % {
        "word": word,
        "script": listed_scripts(scripts(word)),
    }


def scripts(text: str) -> frozenset[str]:
    """The scripts of the text's letters, as four letters each (ISO 15924): "Latn", "Cyrl"."""
    return frozenset(map(_script, text)) - {"Zyyy", "Zinh"}


def listed_scripts(codes: Iterable[str]) -> str:
    """Their names, as they stand in a sentence."""
    names = _locale().scripts
    return str(format_list([names.get(code, code) for code in sorted(codes)], locale=_locale()))


@lru_cache(maxsize=10_000)
def _script(letter: str) -> str:
    return str(icu.Script.getScript(letter).getShortName())


def _locale() -> Locale:
    return known(language()) or Locale(SOURCE)
