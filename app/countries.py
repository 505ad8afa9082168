"""Countries: ISO 3166-1 alpha-2 codes, and their names by CLDR."""

from functools import lru_cache

import icu  # type: ignore[import-untyped]
from babel import Locale

from app.collation import Collator
from app.errors import Refused
from app.i18n import SOURCE, _, known

# What CLDR names with two letters though ISO 3166-1 assigns it to no country: reserved islands,
# unions, and codes for tests and for the unknown. XK, Kosovo, is user-assigned but in general use.
_NO_COUNTRIES = frozenset(
    ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"]
)
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
