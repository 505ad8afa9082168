"""Which ready page a request means, found without the framework."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from starlette.types import Scope

from app.web.encoded import Answer
from app.web.guard import is_ours
from app.web.shelf import Key, Ready, Shelf, key_of

# What requests say, and which page that means, is worked out once; so much of it is remembered.
MOST_REMEMBERED = 4_000
# Bytes of it: what nobody's browser says must not fill the memory.
LONGEST_REMEMBERED = 500
# So long somebody waits for a page that is made for another; then they have it made themselves.
PATIENCE_SECONDS = 1.0
# Path, query, accepted languages, host.
Words = tuple[str, bytes, bytes, bytes]


class Front:
    """What leaves before the framework sees the request."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.base_url = shelf.database.settings.base_url
        self._meant: dict[Words, Key] = {}
        self._being_made: dict[Key, asyncio.Event] = {}

    def answer(self, scope: Scope) -> Answer | None:
        """The ready answer to a request; None where the app has to make one."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            return None
        headers = dict(scope["headers"])
        words = _words(scope, headers)
        key = self._meant.get(words)
        entry = self.shelf.find(key) if key else self._found(words)
        if entry is None:
            return None
        return entry.answer(
            headers.get(b"accept-encoding", b""),
            headers.get(b"if-none-match", b""),
            is_head=scope["method"] == "HEAD",
        )

    async def made_for_another(self, scope: Scope) -> Answer | None:
        """When a popular page has changed, its readers all come at once: the first has it made, and
        the others wait for that. None for the first, and where waiting led to nothing."""
        key = self._key(scope)
        making = self._being_made.get(key) if key else None
        if making is None:
            return None
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                await making.wait()
        return self.answer(scope)

    @contextmanager
    def making(self, scope: Scope) -> Iterator[None]:
        """While a page that was ready is made anew."""
        key = self._key(scope)
        if key is None or key in self._being_made:
            yield
            return
        making = self._being_made[key] = asyncio.Event()
        try:
            yield
        finally:
            del self._being_made[key]
            making.set()

    def _key(self, scope: Scope) -> Key | None:
        """The page that a request means, if there has been one."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            return None
        return self._meant.get(_words(scope, dict(scope["headers"])))

    def _found(self, words: Words) -> Ready | None:
        """What is there for words not heard before, from a host of ours."""
        path, query, languages, host = words
        key = key_of(path, query.decode("latin-1"), languages.decode("latin-1"))
        entry = self.shelf.find(key)
        if entry is None or not is_ours(host.decode("latin-1"), self.base_url):
            return None
        if len(path) + len(query) + len(languages) + len(host) > LONGEST_REMEMBERED:
            return entry
        if len(self._meant) >= MOST_REMEMBERED:
            del self._meant[next(iter(self._meant))]  # what was worked out first
        self._meant[words] = key
        return entry


def _words(scope: Scope, headers: dict[bytes, bytes]) -> Words:
    return (
        scope["path"],
        scope["query_string"],
        headers.get(b"accept-language", b""),
        headers.get(b"host", b""),
    )
