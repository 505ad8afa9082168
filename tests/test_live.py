"""Live lists: an open stream is told within two seconds, from whichever process."""

import asyncio
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from queue import Queue
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlmodel import col
from starlette.types import Message

from app.endorsement import decisions
from app.endorsement.endorsements import Endorsement
from app.letter import letters
from app.signer import signers
from app.trail.audit import OPERATOR
from app.web.live import Event, Hub, Stream
from app.web.site import Site
from tests.harness.server import Server
from tests.world import AURORA, BOREAS, CIRRUS, World

Events = Queue[dict[str, Any]]


@contextmanager
def listening(url: str) -> Iterator[Events]:
    """Reads a stream in a thread; the events' data come into the queue."""
    events: Events = Queue()
    with httpx.Client(timeout=30) as client, client.stream("GET", url) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")

        def read() -> None:
            try:
                for line in answer.iter_lines():
                    if line.startswith("data: "):
                        events.put(json.loads(line.removeprefix("data: ")))
            except (httpx.HTTPError, httpx.StreamError):
                pass

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        yield events


def approve(world: World, who: dict[str, str]) -> None:
    """Somebody verified is approved by this process, which is not the one that serves."""
    with world.database.write() as db:
        letter = letters.by_slug(db, world.slug)
        query = select(Endorsement).where(col(Endorsement.organisation) == who["organisation"])
        decisions.approve(db, letter, db.scalars(query).one(), by=OPERATOR)


def test_a_stream_is_told_of_what_another_process_did(
    world: World, serve: Callable[..., Server]
) -> None:
    server = serve("--no-worker")
    for who in (AURORA, BOREAS):
        world.verified(who)
    world.verified(CIRRUS, visibility="confidential")
    url = f"{server.url}{world.path}"
    with listening(f"{url}/live") as events:
        first = events.get(timeout=5)
        assert first["count"] == 0
        approve(world, AURORA)
        told = events.get(timeout=2)
        assert told["count"] == 1
        listed = httpx.get(f"{url}/signatories.json").json()
        assert (listed["count"]["total"], listed["revision"]) == (1, told["revision"])

        approve(world, CIRRUS)  # confidentially
        approve(world, BOREAS)
        assert events.get(timeout=2)["count"] == 2
        with world.database.write() as db:
            query = select(Endorsement).where(col(Endorsement.organisation) == "Boreas Legal Aid")
            signers.withdraw(db, db.scalars(query).one())
        assert events.get(timeout=2)["count"] == 1
        assert events.empty()


def test_a_stream_is_told_of_what_its_own_process_did(
    world: World, serve: Callable[..., Server]
) -> None:
    server = serve("--no-worker")
    world.approved(AURORA)
    with listening(f"{server.url}{world.path}/live") as events:
        assert events.get(timeout=5)["count"] == 1
        link = server.url + world.link(AURORA["email"], "/manage/")
        assert httpx.post(f"{link}/withdrawal").status_code == 303
        assert events.get(timeout=2)["count"] == 0


@pytest.mark.only("postgresql")
def test_several_processes_tell_their_streams_and_end_together(
    world: World, serve: Callable[..., Server]
) -> None:
    server = serve("--no-worker", "--workers", "2")
    world.verified(AURORA)
    with ExitStack() as open_pages:
        url = f"{server.url}{world.path}/live"
        pages = [open_pages.enter_context(listening(url)) for _number in range(8)]
        assert [events.get(timeout=5)["count"] for events in pages] == [0] * 8
        approve(world, AURORA)
        assert [events.get(timeout=2)["count"] for events in pages] == [1] * 8
        assert server.stop() < 10


def test_a_client_that_reads_nothing_holds_nobody_up(
    world: World, serve: Callable[..., Server]
) -> None:
    server = serve("--no-worker")
    world.verified(AURORA)
    stuck = []
    for _n in range(20):
        client = socket.create_connection(("127.0.0.1", server.port))
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        client.sendall(f"GET {world.path}/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        stuck.append(client)
    with listening(f"{server.url}{world.path}/live") as events:
        events.get(timeout=5)
        approve(world, AURORA)
        assert events.get(timeout=2)["count"] == 1
    for client in stuck:
        client.close()


def test_streams_end_when_the_process_is_asked_to(
    world: World, serve: Callable[..., Server]
) -> None:
    server = serve("--no-worker")
    with listening(f"{server.url}{world.path}/live") as events:
        events.get(timeout=5)
        began = time.monotonic()
        server.stop()
        assert time.monotonic() - began < 10


def test_who_comes_back_is_told_only_what_they_missed(
    world: World, serve: Callable[..., Server]
) -> None:
    server = serve("--no-worker")
    world.verified(AURORA)
    url = f"{server.url}{world.path}/live"
    first = greeting(url)
    known = re.findall(r"^id: (.+)$", first, re.MULTILINE)[0]
    assert re.search(r"^retry: [1-4]\d{3}$", first, re.MULTILINE)
    again = greeting(url, known)  # answers at once, so that proxies pass something on
    assert "event:" not in again
    assert re.search(r"^: ", again, re.MULTILINE)
    approve(world, AURORA)
    with listening(url) as events:  # which says when the server has heard of it
        while events.get(timeout=5)["count"] != 1:
            pass
    assert '"count":1' in greeting(url, known)


def greeting(url: str, known: str = "") -> str:
    """What a stream begins with for a client that has seen that event."""
    headers = {"last-event-id": known} if known else {}
    with httpx.stream("GET", url, headers=headers, timeout=10) as answer:
        return next(answer.iter_text())


@contextmanager
def hub_of(world: World) -> Iterator[Hub]:
    """The streams of a process that serves the world beside its own."""
    site = Site.of(world.settings, with_worker=False)
    try:
        yield Hub(site.shelf)
    finally:
        site.stop()


class Reader:
    """A client of a hub, with all it was sent."""

    def __init__(self, greeting: Event) -> None:
        self.heard: list[str] = []
        self._coming: asyncio.Queue[str] = asyncio.Queue()
        self.stream = Stream(self._take, greeting.message)

    async def _take(self, message: Message) -> None:
        self.heard.append(message["body"].decode())
        self._coming.put_nowait(self.heard[-1])

    async def hears(self, words: str) -> None:
        async with asyncio.timeout(5):
            while words not in await self._coming.get():
                pass


async def greeted(hub: Hub, slug: str, words: str) -> Reader:
    """Somebody who comes once the hub's process has heard of what others have changed."""
    for _time in range(500):
        event = await hub.event(slug)
        if words in event.text.decode():
            return Reader(event)
        await asyncio.sleep(0.01)
    raise AssertionError(f"The hub never heard of {words}")


def test_who_comes_first_after_a_change_takes_it_from_nobody(world: World) -> None:
    """Asking what the list is like now is not yet telling the others."""
    world.verified(AURORA)

    async def watch(hub: Hub) -> None:
        before = Reader(await hub.event(world.slug))
        hub.join(world.slug, before.stream)
        approve(world, AURORA)
        after = await greeted(hub, world.slug, '"count":1')
        hub.join(world.slug, after.stream)
        watching = asyncio.create_task(hub.watch())
        await before.hears('"count":1')
        assert after.heard == []
        hub.stop()
        await watching

    with hub_of(world) as hub:
        asyncio.run(watch(hub))


def test_a_change_between_asking_and_listening_is_told(world: World) -> None:
    world.verified(AURORA)

    async def watch(hub: Hub) -> None:
        late = Reader(await hub.event(world.slug))
        approve(world, AURORA)
        early = await greeted(hub, world.slug, '"count":1')
        for reader in (early, late):
            hub.join(world.slug, reader.stream)
        await late.hears('"count":1')
        assert early.heard == []

    with hub_of(world) as hub:
        asyncio.run(watch(hub))


def test_nothing_follows_the_end_of_a_stream(world: World) -> None:
    async def watch(hub: Hub) -> None:
        event = await hub.event(world.slug)
        ended, late = Reader(event), Reader(event)
        hub.join(world.slug, ended.stream)
        hub.stop()
        hub.join(world.slug, late.stream)
        await asyncio.sleep(0)
        for reader in (ended, late):
            reader.stream.tell(event.message)
            reader.stream.ping()
        for reader in (ended, late):
            await reader.hears("")
        await asyncio.sleep(0)
        assert (ended.heard, late.heard) == ([""], [""])

    with hub_of(world) as hub:
        asyncio.run(watch(hub))


def test_a_letter_nobody_may_see_has_no_stream(world: World, serve: Callable[..., Server]) -> None:
    server = serve("--no-worker")
    assert httpx.get(f"{server.url}/letters/nothing/live").status_code == 404
