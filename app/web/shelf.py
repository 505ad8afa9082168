"""Ready bytes of the public pages: made when a letter's revision changes, sent before routing.

An entry is good while the letter has the revision it was made from and until the next instant at
which the page changes by itself (a deadline). When the database can't be asked, the last good
bytes are sent: reading goes on.
"""

import gzip
import hashlib
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import brotli
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app import i18n, letters, live, signatories
from app.db import Database, Db
from app.errors import Unavailable
from app.letters import GRACE, Letter
from app.signatories import Listing
from app.web.guard import is_ours

# Fresh for a second, shown at most one more while a cache asks again.
CACHING = "public, max-age=1, stale-while-revalidate=1"
# What holds nothing of ours to read is the same whatever a browser speaks.
WORDLESS = (".json", ".csv", ".png")
FOR_ALL = {"vary": "accept-encoding"}
MOST_ENTRIES = 1_000
MOST_BYTES = 256_000_000
MOST_LISTINGS = 32
log = logging.getLogger("undersigned.shelf")

RawHeaders = list[tuple[bytes, bytes]]


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


@dataclass(frozen=True)
class Body:
    content: bytes
    media_type: str


class Encoded:
    """Bytes in three encodings, a picture's in one, each with its headers."""

    def __init__(self, body: Body, headers: Mapping[str, str]) -> None:
        self.digest = hashlib.sha256(body.content).hexdigest()[:24].encode()
        encoded = {b"": body.content}
        if not body.media_type.startswith("image/"):  # which are compressed in themselves
            encoded[b"gzip"] = gzip.compress(body.content, compresslevel=6, mtime=0)
            encoded[b"br"] = brotli.compress(body.content, quality=5)
        common = {
            "content-type": body.media_type,
            "cache-control": CACHING,
            "vary": "accept-encoding, accept-language",
            **headers,
        }
        self.size = sum(map(len, encoded.values()))
        self._answers: dict[bytes, tuple[RawHeaders, RawHeaders, bytes]] = {}
        for encoding, content in encoded.items():
            tag = self.digest + (b"-" + encoding if encoding else b"")
            raw: RawHeaders = [(k.encode(), v.encode()) for k, v in common.items()]
            raw.append((b"etag", b'"' + tag + b'"'))
            full = [*raw, (b"content-length", str(len(content)).encode())]
            if encoding:
                full.append((b"content-encoding", encoding))
            self._answers[encoding] = (raw, full, content)

    def answer(self, accepts: bytes, if_none_match: bytes) -> tuple[int, RawHeaders, bytes]:
        encoding = b"br" if b"br" in accepts else b"gzip" if b"gzip" in accepts else b""
        encoding = encoding if encoding in self._answers else b""
        headers, full, content = self._answers[encoding]
        if if_none_match and (self.digest in if_none_match or if_none_match.strip() == b"*"):
            return 304, headers, b""
        return 200, full, content

    def response(self, headers: Headers) -> Response:
        """The answer to a request with these headers."""
        accepts = headers.get("accept-encoding", "").encode()
        status, raw, content = self.answer(accepts, headers.get("if-none-match", "").encode())
        response = Response(content, status_code=status)
        response.raw_headers = list(raw)
        return response


class Ready(Encoded):
    """One page of a letter, as long as the letter has this revision."""

    def __init__(
        self, body: Body, headers: Mapping[str, str], letter: Letter, now: datetime
    ) -> None:
        super().__init__(body, headers)
        self.slug, self.revision, self.languages = letter.slug, letter.revision, letter.languages
        self.until = _next_change(letter, now)


class Shelf:
    """The entries of one process, and the listings they are made from."""

    def __init__(self, database: Database, revisions: live.Revisions) -> None:
        self.database, self.revisions = database, revisions
        self._entries: OrderedDict[tuple[str, str, str], Ready] = OrderedDict()
        self._listings: OrderedDict[tuple[str, int, str], Listing] = OrderedDict()
        self._size = 0
        self._making = threading.Lock()

    def find(self, key: tuple[str, str, str]) -> Ready | None:
        """A good entry; None means the page has to be made."""
        entry = self._entries.get(key)
        if entry is None or time.time() >= entry.until:
            return None
        try:
            if self.revisions.current(entry.slug) != entry.revision:
                return None
        except Unavailable:
            log.warning("Stale page sent: the database can't be asked", exc_info=True)
        return entry

    def answer(
        self,
        request: Request,
        slug: str,
        make: Callable[[Page], Body],
        headers: Mapping[str, str],
        *,
        asked: str = "",
        is_shelved: bool = True,
    ) -> Response:
        """Makes a page from the database, shelves it, and answers as the shelf will next time.

        `asked` is the language somebody asked for.
        """
        key = key_of(request.scope, request.headers.get("accept-language", ""))
        if not is_shelved:
            return self._made(slug, asked, make, headers).response(request.headers)
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
        asked: str = "",
        is_shelved: bool = True,
    ) -> Response:
        """Shelves what took too long to be made while others wait here, and answers with it.

        `letter` is as it was `now`, when what is shown was read.
        """
        entry = Ready(body, headers, letter, now)
        if is_shelved:
            key = key_of(request.scope, request.headers.get("accept-language", ""))
            with self._making:
                self._keep(key, entry, asked)
        return entry.response(request.headers)

    def page(self, db: Db, letter: Letter, asked: str) -> Page:
        listing = self.listing(db, letter, letter.readable_in(asked))
        return Page(db, letter, listing, self.listing(db, letter).revision, asked)

    def listing(self, db: Db, letter: Letter, language: str = "") -> Listing:
        """The letter's listing for readers of one of its languages, read once for each revision."""
        key = (letter.slug, letter.revision, language or letter.language)
        found = self._listings.get(key)
        if found is None:
            found = self._listings[key] = signatories.listing(db, letter, language)
            while len(self._listings) > MOST_LISTINGS:
                self._listings.popitem(last=False)
        return found

    def _made(
        self, slug: str, asked: str, make: Callable[[Page], Body], headers: Mapping[str, str]
    ) -> Ready:
        with self.database.read_public() as db:
            page = self.page(db, letters.public(db, slug), asked)
            return Ready(make(page), headers, page.letter, db.now)

    def _keep(self, key: tuple[str, str, str], entry: Ready, asked: str) -> None:
        # Whoever makes languages up fills no shelf.
        if asked not in ("", *entry.languages, *i18n.languages()):
            return
        before = self._entries.pop(key, None)
        self._size += entry.size - (before.size if before else 0)
        self._entries[key] = entry
        while self._size > MOST_BYTES or len(self._entries) > MOST_ENTRIES:
            _key, dropped = self._entries.popitem(last=False)
            self._size -= dropped.size


class ShelfFront:
    """Answers from the shelf before anything else sees the request."""

    def __init__(self, app: ASGIApp, shelf: Shelf) -> None:
        self.app, self.shelf = app, shelf
        self.base_url = shelf.database.settings.base_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            accepts = if_none_match = languages = host = b""
            for name, value in scope["headers"]:
                if name == b"accept-encoding":
                    accepts = value
                elif name == b"if-none-match":
                    if_none_match = value
                elif name == b"accept-language":
                    languages = value
                elif name == b"host":
                    host = value
            entry = self.shelf.find(key_of(scope, languages.decode("latin-1")))
            if entry and is_ours(host.decode("latin-1"), self.base_url):
                status, headers, content = entry.answer(accepts, if_none_match)
                await send({"type": "http.response.start", "status": status, "headers": headers})
                body = b"" if scope["method"] == "HEAD" else content
                await send({"type": "http.response.body", "body": body})
                return
        await self.app(scope, receive, send)


def key_of(scope: Scope, accept_language: str) -> tuple[str, str, str]:
    query: bytes = scope["query_string"]
    is_spoken = not scope["path"].endswith(WORDLESS)
    language = i18n.preferred(accept_language) if is_spoken else ""
    return scope["path"], query.decode("latin-1"), language


def has_only(request: Request, *names: str) -> bool:
    """Whether an address has these parameters at most, each once and plainly spelled: what else can
    be written without end is not for the shelf."""
    given = request.query_params
    plain = "&".join(f"{name}={value}" for name, value in given.items())
    return request.url.query == plain and given.keys() <= set(names)


def _next_change(letter: Letter, now: datetime) -> float:
    """When the page will change though nobody changes the letter, as a time stamp."""
    instants = [letter.soft_deadline, letter.deadline]
    instants += [letter.ends_at + GRACE] if letter.ends_at else []
    coming = [instant for instant in instants if instant and instant > now]
    return min(coming, default=now + timedelta(days=1)).timestamp()
