"""Live lists: server-sent events that tell an open page when the public list has changed.

Every client has a task and a slot of its own that holds only the newest event, so a stuck client
delays nobody and costs no growing queue. Streams end when the process stops.
"""

import asyncio
import secrets
from contextlib import suppress
from typing import Any

import orjson
from starlette.types import Receive, Scope, Send

from app.errors import DomainError, NotFound, Unavailable
from app.i18n import _
from app.letter import letters
from app.web.pages import error_page
from app.web.shelf import Shelf

LOOK_SECONDS = 0.2
PING_SECONDS = 15
# Clients come back spread over this time when a process ends, not all at once.
RECONNECT_MS = range(1_000, 5_000)
MOST_STREAMS = 20_000
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


class Hub:
    """The streams of one process, by letter."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.streams: dict[str, set[Stream]] = {}
        self.stopping = False
        self._seen: dict[str, int | None] = {}

    async def watch(self) -> None:
        """Looks for changes until `stop`; runs as a task beside the server."""
        while not self.stopping:
            for slug in list(self.streams):
                # An outage is looked at again in a moment; readers keep what they see.
                with suppress(Unavailable, NotFound):
                    await self._look(slug)
            await asyncio.sleep(LOOK_SECONDS)

    def stop(self) -> None:
        self.stopping = True
        for streams in self.streams.values():
            for stream in streams:
                stream.tell(b"")

    async def event(self, slug: str) -> bytes:
        """The event that describes the list as it is now."""
        return await asyncio.to_thread(self._event, slug)

    def join(self, slug: str, stream: "Stream") -> None:
        self.streams.setdefault(slug, set()).add(stream)

    def leave(self, slug: str, stream: "Stream") -> None:
        self.streams[slug].discard(stream)
        if not self.streams[slug]:
            del self.streams[slug]
            self._seen.pop(slug, None)

    async def _look(self, slug: str) -> None:
        revision = self.shelf.revisions.current(slug)
        if self._seen.get(slug) == revision:
            return
        event = await self.event(slug)
        self._seen[slug] = revision
        for stream in self.streams.get(slug, ()):
            stream.tell(event)

    def _event(self, slug: str) -> bytes:
        with self.shelf.database.read_public() as db:
            listing = self.shelf.listing(db, letters.public(db, slug))
        facts = {"count": listing.count["total"], "revision": listing.revision}
        event = (
            f"id: {listing.revision}\nevent: signatories\ndata: {orjson.dumps(facts).decode()}\n\n"
        )
        return event.encode()


class Stream:
    """One client: the newest event it has not been sent."""

    def __init__(self) -> None:
        self.told = asyncio.Event()
        self.newest = b""

    def tell(self, event: bytes) -> None:
        if event != self.newest:
            self.newest = event
            self.told.set()


class LiveStream:
    """`GET /letters/{slug}/live` as a plain ASGI application."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope, self.receive, self.send = scope, receive, send
        self.hub: Hub = scope["app"].state.hub
        self.slug: str = scope["path_params"]["slug"]

    def __await__(self) -> Any:
        return self._answer().__await__()

    async def _answer(self) -> None:
        try:
            if sum(map(len, self.hub.streams.values())) >= MOST_STREAMS:
                raise Unavailable(_("Too many readers at once; the page still works without."))
            event = await self.hub.event(self.slug)
        except DomainError as refusal:
            await error_page(refusal, self.scope["path"])(self.scope, self.receive, self.send)
            return
        await self.send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        if self.scope["method"] == "HEAD":
            await self.send({"type": "http.response.body", "body": b""})
        else:
            await self._stream(event)

    async def _stream(self, event: bytes) -> None:
        stream = Stream()
        stream.newest = event
        self.hub.join(self.slug, stream)
        leaving = asyncio.create_task(self._until_gone(stream))
        try:
            retry = f"retry: {secrets.choice(RECONNECT_MS)}\n".encode()
            await self._write(retry + event)
            while not self.hub.stopping and not leaving.done():
                try:
                    await asyncio.wait_for(stream.told.wait(), PING_SECONDS)
                    stream.told.clear()
                    await self._write(stream.newest)
                except TimeoutError:
                    await self._write(b": still here\n\n")
            await self.send({"type": "http.response.body", "body": b"", "more_body": False})
        except OSError:
            pass  # the client went away while we wrote
        finally:
            leaving.cancel()
            self.hub.leave(self.slug, stream)

    async def _until_gone(self, stream: Stream) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass
        stream.told.set()

    async def _write(self, event: bytes) -> None:
        await self.send({"type": "http.response.body", "body": event, "more_body": True})
