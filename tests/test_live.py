"""Live lists: an open stream is told within two seconds, from whichever process."""

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

from app.endorsement import decisions
from app.endorsement.endorsements import Endorsement
from app.letter import letters
from app.signer import signers
from app.trail.audit import OPERATOR
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


def test_a_letter_nobody_may_see_has_no_stream(world: World, serve: Callable[..., Server]) -> None:
    server = serve("--no-worker")
    assert httpx.get(f"{server.url}/letters/nothing/live").status_code == 404
