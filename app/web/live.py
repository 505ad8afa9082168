"""Live lists: server-sent events that tell an open page when the public list has changed.

A client is the one task of its request, which waits until they leave, and a slot that holds only
the newest event: a stuck one delays nobody and costs no growing queue. Streams end when the process
stops.
"""

import asyncio
import itertools
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from app.errors import DomainError, NotFound, Unavailable
from app.i18n import _
from app.letter import letters
from app.web.encoded import NO_BODY
from app.web.pages import error_page
from app.web.shelf import Shelf

# How often the database is asked when nobody tells of a change.
LOOK_SECONDS = 0.05
# Each client hears something this often, so that nobody between takes the line for dead; a
# fifteenth of them every second.
PING_SECONDS = 15
# Clients come back spread over this time when a process ends, not all at once.
RECONNECT_MS = range(1_000, 5_000)
MOST_STREAMS = 20_000
# So many are told before pages are served again: some milliseconds.
AT_ONCE = 200
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


def _part(text: bytes) -> Message:
    return {"type": "http.response.body", "body": text, "more_body": True}


STILL_HERE = b": still here\n\n"
PING = _part(STILL_HERE)


@dataclass(frozen=True)
class Event:
    """What the list is like at a revision of the letter; `id` is the list's own revision."""

    revision: int
    id: str
    text: bytes
    message: Message


class Hub:
    """The streams of one process, by letter."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.streams: dict[str, set[Stream]] = {}
        self.stopping = False
        self._events: dict[str, Event] = {}
        # What all the streams of a letter have been told; those that come meanwhile know more.
        self._passed_on: dict[str, Event] = {}
        self._looking = asyncio.Lock()
        self._told = asyncio.Event()

    async def watch(self) -> None:
        """Looks for changes until `stop`; runs as a task beside the server."""
        loop = asyncio.get_running_loop()
        self.shelf.revisions.told = lambda: _in(loop, self._told.set)
        pinging = asyncio.create_task(self._ping())
        try:
            while not self.stopping:
                self._told.clear()
                for slug in list(self.streams):
                    # An outage is looked at again in a moment; readers keep what they see.
                    with suppress(Unavailable, NotFound):
                        await self._look(slug)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._told.wait(), LOOK_SECONDS)
        finally:
            pinging.cancel()

    def stop(self) -> None:
        self.stopping = True
        for streams in self.streams.values():
            for stream in streams:
                stream.tell(NO_BODY)

    async def event(self, slug: str) -> Event:
        """What describes the list as it is now, or was when the database could be asked last."""
        known = self._events.get(slug)
        try:
            if known and known.revision == self.shelf.revisions.current(slug):
                return known
            return await self._newer(slug, known)
        except Unavailable:
            if known is None:
                raise
            return known

    def join(self, slug: str, stream: "Stream") -> None:
        """From now on it is told all that changes, and at once what has changed since it asked."""
        self.streams.setdefault(slug, set()).add(stream)
        if self.stopping:
            stream.tell(NO_BODY)
        elif slug in self._events:
            stream.tell(self._events[slug].message)

    def leave(self, slug: str, stream: "Stream") -> None:
        self.streams[slug].discard(stream)
        if not self.streams[slug]:
            del self.streams[slug]
            self._events.pop(slug, None)
            self._passed_on.pop(slug, None)

    async def _newer(self, slug: str, known: Event | None) -> Event:
        # One at a time: many who come at once wait for the same.
        async with self._looking:
            newer = self._events.get(slug)
            if newer is None or newer is known:
                newer = self._events[slug] = await asyncio.to_thread(self._made, slug)
            return newer

    async def _look(self, slug: str) -> None:
        await self.event(slug)
        event = self._events.get(slug)  # perhaps made for somebody who came, whom nobody else hears
        if event is None or event is self._passed_on.get(slug):
            return
        self._passed_on[slug] = event
        streams = list(self.streams.get(slug, ()))
        for begun in range(0, len(streams), AT_ONCE):
            for stream in streams[begun : begun + AT_ONCE]:
                stream.tell(event.message)
            await asyncio.sleep(0)

    async def _ping(self) -> None:
        for turn in itertools.count():
            await asyncio.sleep(1)
            everyone = list(itertools.chain(*self.streams.values()))
            for stream in everyone[turn % PING_SECONDS :: PING_SECONDS]:
                stream.ping()

    def _made(self, slug: str) -> Event:
        with self.shelf.database.read_public() as db:
            letter = letters.public(db, slug)
            listing = self.shelf.listing(db, letter)
        revision = listing.revision
        facts = orjson.dumps({"count": listing.count["total"], "revision": revision}).decode()
        text = f"id: {revision}\nevent: signatories\ndata: {facts}\n\n".encode()
        return Event(letter.revision, revision, text, _part(text))


class Stream:
    """One client: the newest event, and whether somebody is writing to them."""

    def __init__(self, send: Send, shown: Message) -> None:
        self.send = send
        self.newest = self.sent = shown
        self._writing: asyncio.Task[None] | None = None

    def tell(self, event: Message) -> None:
        """Sends it, or once they have taken what they are being sent: then the newest of all.

        What they have is not sent again, and nothing follows the end."""
        if self.newest is NO_BODY:
            return
        self.newest = event
        if self._writing is None and event != self.sent:
            self._writing = asyncio.create_task(self._write())

    def ping(self) -> None:
        if self._writing is None and self.newest is not NO_BODY:
            self._writing = asyncio.create_task(self._write(PING))

    async def _write(self, first: Message | None = None) -> None:
        with suppress(OSError):  # they went away while we wrote
            if first:
                await self.send(first)
            while self.sent != self.newest:
                self.sent = self.newest
                await self.send(self.sent)
        self._writing = None


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
            await self.send(NO_BODY)
        else:
            await self._stream(event)

    async def _stream(self, event: Event) -> None:
        stream = Stream(self.send, event.message)
        self.hub.join(self.slug, stream)
        try:
            await self.send(_part(self._greeting(event)))
            while (await self.receive())["type"] != "http.disconnect":
                pass
        except OSError:
            pass  # the client went away while we wrote
        finally:
            self.hub.leave(self.slug, stream)

    def _greeting(self, event: Event) -> bytes:
        """The event, unless a client that comes back has it already; proxies pass on either."""
        retry = f"retry: {secrets.choice(RECONNECT_MS)}\n".encode()
        has_it = Headers(scope=self.scope).get("last-event-id") == event.id
        return retry + (STILL_HERE if has_it else event.text)


def _in(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    with suppress(RuntimeError):  # the loop has ended, and its clients with it
        loop.call_soon_threadsafe(call)
