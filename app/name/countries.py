"""Countries: ISO 3166-1 alpha-2 codes, and their names by CLDR."""

import re
from functools import cache, lru_cache

import icu
from babel import Locale

from app.errors import Refused
from app.i18n import SOURCE, _, known
from app.name.collation import Collator
from app.name.names import fold

# What CLDR names with two letters though ISO 3166-1 assigns it to no country: reserved islands,
# unions, and codes for tests and for the unknown. XK, Kosovo, is user-assigned but in general use.
_NO_COUNTRIES = frozenset(
    ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"]
)
# The languages in which lists of organisations name countries.
_NAMED_IN = ("en", "fr", "es", "ru", "ar", "az", "de", "it", "nl", "pt", "tr", "uk")
# What people write that CLDR doesn't, or calls otherwise.
_ALSO_CALLED = {
    "UK": "GB",
    "Great Britain": "GB",
    "England": "GB",
    "Scotland": "GB",
    "Wales": "GB",
    "Northern Ireland": "GB",
    "USA": "US",
    "U.S.A.": "US",
    "U.S.": "US",
    "United States of America": "US",
    "Czech Republic": "CZ",
    "Turkey": "TR",
    "Macedonia": "MK",
    "Holland": "NL",
    "The Netherlands": "NL",
    "The Gambia": "GM",
    "Republic of Ireland": "IE",
    "Russian Federation": "RU",
    "Republic of Moldova": "MD",
    "Republic of Korea": "KR",
    "DRC": "CD",
    "Democratic Republic of the Congo": "CD",
    "Ivory Coast": "CI",
    "Palestine": "PS",
    "State of Palestine": "PS",
    "Vatican": "VA",
    "Burma": "MM",
    "Swaziland": "SZ",
    "Cape Verde": "CV",
    "UAE": "AE",
    "Hong Kong": "HK",
    "Macau": "MO",
}
CODES = frozenset(
    code
    for code in map(str, Locale(SOURCE).territories)
    if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
)


def checked(code: str) -> str:
    """The code in capitals; raises Refused for anything that is no country's."""
    country = code.strip().upper()
    if country not in CODES:
        raise Refused(_("Please choose a country from the list."))
    return country


def name(code: str, language: str) -> str:
    """The country's or region's name in `language`, or in English; a code without one stays."""
    locale = known(language) or Locale(SOURCE)
    return str(locale.territories.get(code) or Locale(SOURCE).territories.get(code, code))


def named(text: str) -> str:
    """The code of a country given by its code or its name, in one of the languages that lists come
    in; raises Refused for what is none."""
    code = text.strip().upper()
    if code not in CODES:
        code = _by_name().get(_key(text), "")
    if not code:
        raise Refused(_("“%(country)s” is no country we know.") % {"country": text.strip()[:60]})
    return code


@cache
def _by_name() -> dict[str, str]:
    """Codes by folded names, short ones and those in brackets too: "Myanmar (Burma)"."""
    found = {_key(name): code for name, code in _ALSO_CALLED.items()}
    for language in _NAMED_IN:
        for code in sorted(CODES):
            full = name(code, language)
            for one in (full, *re.findall(r"[^()]+", full)):
                found.setdefault(_key(one), code)
    return found


def _key(name: str) -> str:
    return fold(name.replace("&", " and "))


def region(code: str) -> str:
    """The part of the world a country lies in, as UN M49 numbers it: "150" for Europe; or ""."""
    try:
        continent = icu.Region.getInstance(code).getContainingRegion(icu.URegionType.CONTINENT)
    except icu.ICUError:
        return ""
    return str(continent.getRegionCode()) if continent else ""


def choices(language: str) -> list[tuple[str, str]]:
    """Codes and names in the order of the language's alphabet."""
    return list(_choices(language))


@lru_cache(maxsize=64)
def _choices(language: str) -> tuple[tuple[str, str], ...]:
    collator = Collator(language)
    named = ((code, name(code, language)) for code in CODES)
    return tuple(sorted(named, key=lambda choice: collator.key(choice[1])))
