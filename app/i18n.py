"""The interface's languages: gettext catalogues, and dates and numbers by CLDR.

The language is set once for a request or a mail with `speaking`, for a document with
`app.documents.words.writing`, whose catalogues are others; everything that makes sentences below
it uses `_` and `ngettext`. Adding a language to the interface is adding a file `<code>.po` under
`app/locales`; `make messages` brings all of them up to date with what the source says.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

import icu
from babel import Locale, UnknownLocaleError
from babel.core import negotiate_locale
from babel.dates import format_date as babel_date
from babel.dates import format_skeleton
from babel.dates import format_time as babel_time
from babel.lists import format_list as babel_list
from babel.localedata import locale_identifiers
from babel.numbers import format_decimal
from babel.support import NullTranslations

from app import catalogues

SOURCE = "en"
# Characters of an Accept-Language header that are looked at, and remembered.
LONGEST_PREFERENCE = 200
FOLDER = Path(__file__).parent / "locales"
_spoken_now: ContextVar[tuple[str, NullTranslations]] = ContextVar(
    "spoken_now", default=(SOURCE, NullTranslations())
)


def _(text: str) -> str:
    return _spoken_now.get()[1].gettext(text)


def ngettext(one: str, many: str, number: int) -> str:
    return _spoken_now.get()[1].ngettext(one, many, number)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Everything inside speaks `language`; one without a catalogue is spoken in English."""
    code = nearest(language) or SOURCE
    with using(code, _catalogue(code)):
        yield


@contextmanager
def using(language: str, catalogue: NullTranslations) -> Iterator[None]:
    """Everything inside is said with that catalogue, dates and numbers in that language."""
    before = _spoken_now.set((language, catalogue))
    try:
        yield
    finally:
        _spoken_now.reset(before)


def nearest(tag: str) -> str:
    """The code of the catalogue for a language tag, its own or its language's; "" for none."""
    own_first = (tag.replace("-", "_"), primary(tag))
    return next((code for code in own_first if code in languages()), "")


def language() -> str:
    return _spoken_now.get()[0]


@cache
def languages() -> tuple[str, ...]:
    """Codes of the languages the interface speaks, the source language first."""
    return (SOURCE, *sorted(path.stem for path in FOLDER.glob("*.po")))


def preferred(accept_language: str) -> str:
    """The interface language for an Accept-Language header (RFC 9110, 12.5.4), or its beginning."""
    return _preferred(accept_language[:LONGEST_PREFERENCE])


@lru_cache(maxsize=512)
def _preferred(accept_language: str) -> str:
    weighed = []
    for part in accept_language.split(","):
        code, _sep, weight = part.strip().partition(";q=")
        try:
            weighed.append((float(weight or 1), code.replace("-", "_")))
        except ValueError:
            continue
    wanted = [code for weight, code in sorted(weighed, key=lambda pair: -pair[0]) if weight > 0]
    return negotiate_locale(wanted, languages()) or SOURCE


def direction(code: str) -> Literal["ltr", "rtl"]:
    """ "rtl" or "ltr", as the language's script is written."""
    locale = known(code)
    return "rtl" if locale and locale.text_direction == "rtl" else "ltr"


def primary(tag: str) -> str:
    """The language of a tag, without script and region: "zh" of "zh-Hant-TW" or "zh_TW"."""
    return tag.replace("_", "-").partition("-")[0].lower()


def readable(asked: str, languages: Sequence[str]) -> str:
    """The one of `languages` that is nearest to a tag somebody asked for, else the first."""
    if asked in languages:
        return asked
    wanted = asked.replace("_", "-").lower()
    near = (one for one in languages if primary(one) == primary(wanted))
    same = (language for language in languages if language.lower() == wanted)
    return next(same, None) or next(near, languages[0])


@lru_cache(maxsize=512)
def known(code: str) -> Locale | None:
    """The CLDR locale of a language tag such as "fr" or "zh-Hant-TW"; None if there is none."""
    try:
        return Locale.parse(code, sep="-" if "-" in code else "_")
    except (UnknownLocaleError, ValueError):
        return None


def language_name(code: str) -> str:
    """The language's name in itself, as its readers look for it."""
    locale = known(code)
    return (locale.get_display_name(locale) if locale else None) or code


def named(code: str) -> str:
    """The language's name in the one being spoken, with its tag: "Portuguese (pt)"."""
    locale = known(code)
    name = locale.get_display_name(_locale()) if locale else None
    return f"{name} ({code})" if name else code


def language_choices() -> list[tuple[str, str]]:
    """All languages of the CLDR: tags and names, in the order of the names."""
    return list(_language_choices(language()))


@lru_cache(maxsize=32)
def _language_choices(interface: str) -> tuple[tuple[str, str], ...]:
    shown = known(interface) or Locale(SOURCE)
    codes = [code for code in locale_identifiers() if code.count("_") == 0 and code != "root"]
    named = ((code, Locale.parse(code).get_display_name(shown) or code) for code in codes)
    return tuple(sorted(named, key=lambda pair: pair[1].casefold()))


def format_date(day: date) -> str:
    locale = _locale()
    return _as_written(babel_date(day, format="long", locale=locale), day, locale)


def format_day(day: date) -> str:
    """Day and month alone, as on the axis of a chart: "25 Nov"."""
    locale = _locale()
    return _as_written(format_skeleton("MMMd", day, locale=locale), day, locale)


def format_moment(moment: datetime, length: Literal["long", "full"] = "long") -> str:
    """A date and time with its own zone, such as "29 September 2025, 18:00 (UTC+02:00)"; "full"
    says the day of the week too."""
    locale = _locale()
    day = _as_written(babel_date(moment, format=length, locale=locale), moment, locale)
    clock = babel_time(moment.time(), format="short", locale=locale)
    # The mark that some languages have here between date and time has no width, and no glyph.
    both = str(locale.datetime_formats["medium"]).replace("\u200f", "")
    return f"{both.format(_own_digits(clock, locale), day)} ({_zone(moment)})"


def format_list(names: Sequence[str]) -> str:
    """As a sentence says them: "one, two and three"."""
    return babel_list(list(names), locale=_locale())


def format_number(number: int) -> str:
    locale = _locale()
    return _own_digits(format_decimal(number, locale=locale, numbering_system="default"), locale)


def _zone(moment: datetime) -> str:
    offset = moment.utcoffset() or timedelta()
    minutes = round(offset.total_seconds() / 60)
    if not minutes:
        return "UTC"
    sign = "+" if minutes > 0 else "-"
    return f"UTC{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _as_written(text: str, day: date, locale: Locale) -> str:
    """A date with the language's digits, and as French counts days: "1er novembre", which the
    CLDR leaves at "1 novembre"."""
    if locale.language == "fr" and day.day == 1:
        text = re.sub(r"(?<!\d)1(?=\s[^\W\d])", "1er", text, count=1)
    return _own_digits(text, locale)


def _own_digits(text: str, locale: Locale) -> str:
    """With the digits that the language counts in, which Babel leaves as they are."""
    return text.translate(_digits(str(locale)))


@cache
def _digits(code: str) -> dict[int, str]:
    own = icu.NumberingSystem.createInstance(icu.Locale(code)).getDescription()
    return {ord(digit): each for digit, each in zip("0123456789", own, strict=True)}


def _locale() -> Locale:
    code = language()
    # Dates in English pages are written the way the field writes them: 23 November 2026.
    return Locale("en", "GB") if code == SOURCE else known(code) or Locale("en", "GB")


def _catalogue(code: str) -> NullTranslations:
    return NullTranslations() if code == SOURCE else catalogues.compiled(FOLDER / f"{code}.po")
