"""The public list as a page: the part of it that is shown, and the addresses of the others."""

from collections import Counter
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple
from urllib.parse import urlencode

from app import i18n
from app.letter.letters import Letter
from app.name import countries
from app.settings import Settings
from app.signatory import paging
from app.signatory.list_search import LONGEST_SEARCH
from app.signatory.signatories import Listing, Signatory
from app.web.shelf import Page
from app.web.views import letter_view, listing_view, query

LINES = 200
KINDS = ("organisation", "individual")
LAYOUTS = ("list", "logos")


class Wanted(NamedTuple):
    """What the list is narrowed to; "" narrows nothing. `country` is a code in capitals."""

    words: str = ""
    country: str = ""
    kind: str = ""

    def of(self, found: Sequence[Signatory]) -> Sequence[Signatory]:
        """Those of that country and kind."""
        if not self.country and not self.kind:
            return found
        return [
            line
            for line in found
            if self.country in ("", line.country) and self.kind in ("", line.kind)
        ]


class Asked(NamedTuple):
    """What an address says; `at` is the id of a signatory whose page is shown."""

    wanted: Wanted = Wanted()
    layout: str = "list"
    after: str = ""
    at: str = ""

    @classmethod
    def of(cls, q: str, country: str, kind: str, layout: str, after: str, at: str) -> "Asked":
        """As somebody wrote it: a kind or layout that can't be is as if it weren't there."""
        words, code = q.strip()[:LONGEST_SEARCH], country.strip()[:20].upper()
        wanted = Wanted(words, code, kind if kind in KINDS else "")
        return cls(wanted, layout if layout in LAYOUTS else "list", after, at)

    @property
    def is_whole(self) -> bool:
        """Whether the list is shown from its beginning and with all that is in it."""
        return not (any(self.wanted) or self.after or self.at)


def context(shown: Page, settings: Settings, asked: Asked) -> dict[str, Any]:
    letter, listing, wanted = shown.letter, shown.listing, asked.wanted
    found = listing.found(wanted.words)
    lines = wanted.of(found)
    after = asked.after or paging.cursor_at(lines, listing.places, LINES, asked.at)
    part = paging.part(lines, listing.places, LINES, after)
    links = Links(letter, shown.asked, asked)
    return {
        "letter": letter_view(letter, shown.db.now, shown.asked),
        "home": settings.url(links.path),
        "feed_url": f"{links.path}.atom{query(letter, shown.asked)}",
        "live_url": f"{letter.path}/live",
        "listing": listing_view(
            listing,
            part.lines,
            revision=shown.revision,
            previous=links.within(after=part.previous),
            following=links.within(after=part.following),
        ),
        "span": _span(part, len(lines)),
        "wanted": wanted,
        "layout": asked.layout,
        "is_whole": asked.is_whole,
        "noindex": not asked.is_whole,  # what cursors and searches lead to doesn't stay
        "links": {
            "this": links.to(after=after),  # whoever is at #list already must get another page
            "first": links.to(q="", country="", kind=""),
            "without_country": links.within(country=""),
            "list": links.within(layout="", after=after),
            "logos": links.within(layout="logos", after=after),
        },
        "kept": links.kept,
        "in_other_languages": links.in_other_languages,
        **_choices(listing, found, wanted),
    }


class Links:
    """Addresses of this page with something changed, the language kept."""

    def __init__(self, letter: Letter, language: str, asked: Asked) -> None:
        self.path = f"{letter.path}/signatories"
        wanted = asked.wanted
        self._given = {
            "lang": query(letter, language).removeprefix("?lang="),
            "q": wanted.words,
            "country": wanted.country,
            "kind": wanted.kind,
            "layout": "" if asked.layout == "list" else asked.layout,
        }

    def to(self, **changes: str | None) -> str | None:
        """None for a cursor of None: there is no such page."""
        if None in changes.values():
            return None
        given = {name: value for name, value in {**self._given, **changes}.items() if value}
        return f"{self.path}?{urlencode(given)}" if given else self.path

    def within(self, **changes: str | None) -> str | None:
        """The same, down to the list: on a phone what stands above it fills the screen."""
        link = self.to(**changes)
        return link and f"{link}#list"

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the form that narrows the list does not ask for."""
        return [(name, self._given[name]) for name in ("lang", "layout") if self._given[name]]

    @property
    def in_other_languages(self) -> str:
        """What follows the language in the addresses of this page in others."""
        given = {name: value for name, value in self._given.items() if value and name != "lang"}
        return f"&{urlencode(given)}" if given else ""


def _span(part: paging.Part[Signatory], total: int) -> SimpleNamespace:
    return SimpleNamespace(first=part.start + 1, last=part.start + len(part.lines), total=total)


def _choices(listing: Listing, found: Sequence[Signatory], wanted: Wanted) -> dict[str, Any]:
    """What the list can be narrowed to, with numbers that heed the other wishes."""
    by_country = Counter(line.country for line in wanted._replace(country="").of(found))
    by_kind = Counter(line.kind for line in wanted._replace(kind="").of(found))
    named = {line.country for line in listing.all} | {wanted.country}
    language = i18n.language()
    is_known = wanted.country in countries.CODES
    return {
        "countries": [
            (code, name, by_country[code])
            for code, name in countries.choices(language)
            if code in named
        ],
        "kinds": [(kind, by_kind[kind]) for kind in KINDS if listing.count[f"{kind}s"]],
        "country": countries.name(wanted.country, language) if is_known else "",
    }
