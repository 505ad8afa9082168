"""Many at once: one wins, and the record tells so."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
from sqlalchemy import func, select
from sqlmodel import col

from app.endorsement.endorsements import Endorsement
from app.trail.audit import AuditEntry
from tests.harness.server import Server
from tests.world import AURORA, World

MANY = 200


def _entries(world: World, action: str) -> int:
    with world.database.read() as db:
        query = select(func.count()).where(col(AuditEntry.action) == action)
        return db.scalar(query) or 0


def _at_once(url: str, times: int, **request: object) -> Counter[int]:
    """Posts `times` times from 32 connections, and counts the answers by status."""
    ready = threading.Barrier(32)

    with httpx.Client(timeout=30) as client, ThreadPoolExecutor(32) as pool:

        def post(number: int) -> int:
            if number < 32:
                ready.wait(timeout=10)
            return client.post(url, **request).status_code  # type: ignore[arg-type]

        return Counter(pool.map(post, range(times)))


def test_two_hundred_confirmations_are_one(world: World, serve: Callable[..., Server]) -> None:
    server = serve("--no-worker")
    world.sign(AURORA)
    link = world.link(AURORA["email"])
    answers = _at_once(server.url + link, MANY)
    assert answers == {200: MANY}
    assert _entries(world, "verified") == 1
    assert len(world.mails_to(AURORA["email"])) == 2  # the one with the link, and one thanks


def test_fifty_sign_ons_of_a_mailbox_are_one_and_cause_three_mails(
    world: World, serve: Callable[..., Server]
) -> None:
    server = serve("--no-worker")
    answers = _at_once(f"{server.url}{world.path}/endorsements", 50, data=AURORA)
    assert answers == {303: 50}
    with world.database.read() as db:
        assert db.scalar(select(func.count()).select_from(Endorsement)) == 1
    assert len(world.mails_to(AURORA["email"])) == 3
