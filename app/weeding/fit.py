"""Whether a name fits the letter: its columns and its script."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

import icu

from app.i18n import _, format_number, ngettext
from app.name import names
from app.weeding.remarks import Remark

# What a column takes without a name running on for many lines, in Latin letters.
LONGEST_NAME = 80
LONGEST_WORD = 30
_UNBROKEN = re.compile(rf"[^\s\-‐–—/]{{{LONGEST_WORD + 1},}}")
_SCRIPTS = {
    "Hans": ("Hani", "Bopo"),
    "Hant": ("Hani", "Bopo"),
    "Jpan": ("Hani", "Hira", "Kana"),
    "Kore": ("Hang", "Hani"),
}
# Lines break anywhere in them.
_WITHOUT_SPACES = frozenset(("Hani", "Hira", "Kana", "Thai", "Laoo", "Khmr", "Mymr", "Tibt"))


def of_length(name: str) -> Iterator[Remark]:
    # No letter is wider than two.
    width = len(name) if name.isascii() or 2 * len(name) <= LONGEST_NAME else _width(name)
    if width > LONGEST_NAME:
        yield Remark("long", _length(len(name)))
    found = _UNBROKEN.search(name)
    if found and not _WITHOUT_SPACES & names.scripts(found[0]):
        yield Remark("long", _("“%(word)s” is too long to be set in a line.") % {"word": found[0]})


def _length(number: int) -> str:
    return ngettext(
        "It is %(number)s character long.", "It is %(number)s characters long.", number
    ) % {"number": format_number(number)}


def of_script(name: str, language: str) -> Iterator[Remark]:
    """Of a name that has not one letter of the script that `language` is written in."""
    script = _script(language)
    if name.isascii() and script == ("Latn",):
        return
    scripts = names.scripts(name)
    if scripts and scripts.isdisjoint(script):
        yield Remark(
            "script",
            _("It is written in another script than the letter: %(scripts)s.")
            % {"scripts": names.listed_scripts(scripts)},
        )


def of_letters(name: str) -> Iterator[Remark]:
    """What may deceive the reader of a name."""
    if not name.isascii():
        yield from (Remark("lookalike", sentence) for sentence in names.warnings(name))


@cache
def _script(language: str) -> tuple[str, ...]:
    locale = icu.Locale(language)
    locale.addLikelySubtags()
    code = str(locale.getScript())
    return _SCRIPTS.get(code, (code,))


def _width(name: str) -> int:
    """In Latin letters: Chinese ones are twice as wide, and marks stand on others."""
    widths = (
        0 if unicodedata.combining(letter) else 1 + (unicodedata.east_asian_width(letter) in "WF")
        for letter in name
    )
    return sum(widths)
