"""Ready bytes of the public pages: made when a letter's revision changes, sent before routing.

An entry is good while the letter has the revision it was made from and until the next instant at
which the page changes by itself (a deadline). When the database can't be asked, the last good
bytes are sent: reading goes on.
"""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from app import i18n, live
from app.db import Database, Db
from app.errors import Unavailable
from app.letter import letters
from app.letter.letters import GRACE, Letter
from app.signatory import signatories
from app.signatory.list_memory import ListMemory
from app.signatory.signatories import Listing, Signatory
from app.web.encoded import ENCODINGS, Body, Encoded, encoding_of

# What holds nothing of ours to read is the same whatever a browser speaks.
WORDLESS = (".json", ".csv", ".png")
MOST_ENTRIES = 1_000
MOST_BYTES = 256_000_000
MOST_LISTINGS = 32
log = logging.getLogger("undersigned.shelf")

# Path, query, and the language the interface speaks there.
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Page:
    """What a public page is made from.

    `asked` is the language somebody asked for, and the listing is in the order of the one they get;
    `revision` is the list's, whatever its order: that of the letter's own language.
    """

    db: Db
    letter: Letter
    listing: Listing
    revision: str
    asked: str = ""


class Ready(Encoded):
    """One page of a letter, as long as the letter has this revision."""

    def __init__(
        self,
        body: Body,
        headers: Mapping[str, str],
        letter: Letter,
        now: datetime,
        encodings: Collection[bytes] = ENCODINGS,
    ) -> None:
        super().__init__(body, headers, encodings)
        self.slug, self.revision, self.languages = letter.slug, letter.revision, letter.languages
        self.until = _next_change(letter, now)


class KeptListing(NamedTuple):
    """A listing as it was at a revision of the letter, and what the next is made with."""

    revision: int
    listing: Listing
    memory: ListMemory[Signatory]


class Shelf:
    """The entries of one process, and the listings they are made from."""

    def __init__(self, database: Database, revisions: live.Revisions) -> None:
        self.database, self.revisions = database, revisions
        self._entries: OrderedDict[Key, Ready] = OrderedDict()
        self._listings: OrderedDict[tuple[str, str], KeptListing] = OrderedDict()
        self._size = 0
        self._revised: dict[str, int | None] = {}  # as last heard, of letters with entries
        self._making, self._reading = threading.Lock(), threading.Lock()

    def find(self, key: Key) -> Ready | None:
        """A good entry; None means the page has to be made."""
        entry = self._entries.get(key)
        if entry is None or not self.is_good(entry):
            return None
        try:
            self._entries.move_to_end(key)
        except KeyError:
            log.debug("Another thread has made room meanwhile")
        return entry

    def is_good(self, entry: Ready) -> bool:
        """Whether the page is still what it was made from, as far as the database can be asked."""
        if time.time() >= entry.until:
            return False
        try:
            heard = self._revised[entry.slug] = self.revisions.current(entry.slug)
        except Unavailable:
            log.warning("Stale page sent: the database can't be asked", exc_info=True)
            heard = self._revised.get(entry.slug, entry.revision)
        return heard == entry.revision

    def answer(
        self,
        request: Request,
        slug: str,
        make: Callable[[Page], Body],
        headers: Mapping[str, str],
        *,
        query: str | None,
        asked: str = "",
    ) -> Response:
        """Makes a page from the database, shelves it, and answers as the shelf will next time.

        `query` is that of `query_of`, None for what is not shelved; `asked` is the language
        somebody asked for.
        """
        if query is None:
            taken = encoding_of(request.headers)
            return self._made(slug, asked, make, headers, [taken]).response(request.headers)
        key = _key(request, query)
        if asked not in ("", *i18n.languages()):  # perhaps made up: nobody waits behind it
            made = self.find(key) or self._made(slug, asked, make, headers)
            with self._making:
                self._keep(key, made, asked)
            return made.response(request.headers)
        # One at a time: when a popular page changes, all its readers arrive here at once.
        with self._making:
            entry = self.find(key)
            if entry is None:
                entry = self._made(slug, asked, make, headers)
                self._keep(key, entry, asked)
        return entry.response(request.headers)

    def keep(
        self,
        request: Request,
        body: Body,
        headers: Mapping[str, str],
        letter: Letter,
        now: datetime,
        *,
        query: str | None,
        asked: str = "",
    ) -> Response:
        """Shelves what took too long to be made while others wait here, and answers with it.

        `letter` is as it was `now`, when what is shown was read.
        """
        entry = Ready(body, headers, letter, now)
        if query is not None:
            with self._making:
                self._keep(_key(request, query), entry, asked)
        return entry.response(request.headers)

    def page(self, db: Db, letter: Letter, asked: str) -> Page:
        listing = self.listing(db, letter, letter.readable_in(asked))
        return Page(db, letter, listing, self.listing(db, letter).revision, asked)

    def listing(self, db: Db, letter: Letter, language: str = "") -> Listing:
        """The letter's listing for readers of one of its languages, read once for each revision."""
        key = (letter.slug, language or letter.language)
        # One at a time: what was made for others a moment ago need not be made again.
        with self._reading:
            kept = self._listings.pop(key, None)
            if kept is None or kept.revision != letter.revision:
                memory: ListMemory[Signatory] = kept.memory if kept else ListMemory()
                listing = signatories.listing(db, letter, language, memory)
                kept = KeptListing(letter.revision, listing, memory)
            self._listings[key] = kept  # the one used last
            while len(self._listings) > MOST_LISTINGS:
                self._listings.popitem(last=False)
        return kept.listing

    def _made(
        self,
        slug: str,
        asked: str,
        make: Callable[[Page], Body],
        headers: Mapping[str, str],
        encodings: Collection[bytes] = ENCODINGS,
    ) -> Ready:
        with self.database.read_public() as db:
            page = self.page(db, letters.public(db, slug), asked)
            return Ready(make(page), headers, page.letter, db.now, encodings)

    def _keep(self, key: Key, entry: Ready, asked: str) -> None:
        # Whoever makes languages up fills no shelf.
        if asked not in ("", *entry.languages, *i18n.languages()):
            return
        before = self._entries.pop(key, None)
        self._size += entry.size - (before.size if before else 0)
        self._entries[key] = entry
        while self._size > MOST_BYTES or len(self._entries) > MOST_ENTRIES:
            _key, dropped = self._entries.popitem(last=False)
            self._size -= dropped.size


def key_of(path: str, query: str, accept_language: str) -> Key:
    is_spoken = not path.endswith(WORDLESS)
    return path, query, i18n.preferred(accept_language) if is_spoken else ""


def query_of(request: Request, **heeded: str) -> str | None:
    """What a page heeds of its address, spelled one way: networks that add words of their own to
    shared links get the same page, and whoever makes words up fills no shelf.

    None where a language is named twice: who reads the first and who the last would not agree.
    """
    if len(request.query_params.getlist("lang")) > 1:
        return None
    return urlencode({name: value for name, value in heeded.items() if value})


def _key(request: Request, query: str) -> Key:
    accepted = request.headers.get("accept-language", "")
    return key_of(request.url.path, query, accepted)


def _next_change(letter: Letter, now: datetime) -> float:
    """When the page will change though nobody changes the letter, as a time stamp."""
    instants = [letter.soft_deadline, letter.deadline]
    instants += [letter.ends_at + GRACE] if letter.ends_at else []
    coming = [instant for instant in instants if instant and instant > now]
    return min(coming, default=now + timedelta(days=1)).timestamp()
