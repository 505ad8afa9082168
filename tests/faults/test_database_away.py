"""The database is locked or gone: whoever writes is told within seconds, and reading goes on."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import partial

import httpx
import psycopg
import pytest
from psycopg import sql

from tests.crowd import person
from tests.harness.server import Server
from tests.world import AURORA, BOREAS, World, at_once

pytestmark = pytest.mark.fault

# Five are promised; the rest is for a machine that does other things too.
PATIENCE = 6.5
HOT = ("", "/signatories", "/signatories.json", "/signatories.csv", "/signatories.atom", "/embed")


@pytest.fixture
def server(world: World, serve: Callable[..., Server]) -> Server:
    """The real server, with a signatory on a letter that somebody has read."""
    world.approved(AURORA)
    return serve("--no-worker", smtp_url=world.sink.url)


def hot_pages(server: Server, world: World) -> list[bytes]:
    """What readers see, all of it within two seconds."""
    with httpx.Client(base_url=server.url, timeout=2) as reader:
        answers = [reader.get(f"{world.path}{page}") for page in HOT]
    assert [answer.status_code for answer in answers] == [200] * len(HOT)
    return [answer.content for answer in answers]


def sign(server: Server, world: World, who: dict[str, str], accept: str = "") -> httpx.Response:
    return httpx.post(
        f"{server.url}{world.path}/endorsements",
        data=who,
        headers={"accept": accept} if accept else None,
        timeout=60,
    )


def must_be_told(server: Server, world: World) -> None:
    began = time.monotonic()
    answer = sign(server, world, BOREAS)
    assert time.monotonic() - began < PATIENCE
    assert answer.status_code == 503
    assert "please try again" in answer.text.lower()
    assert answer.headers["retry-after"] == "60"
    assert "Traceback" not in answer.text
    for_programs = sign(server, world, BOREAS, "application/json")
    assert for_programs.status_code == 503
    assert for_programs.headers["content-type"] == "application/problem+json"
    assert for_programs.json()["status"] == 503


def must_be_well_again(server: Server, world: World) -> None:
    until = time.monotonic() + 5
    while (answer := sign(server, world, BOREAS)).status_code == 503 and time.monotonic() < until:
        time.sleep(0.1)
    assert answer.status_code == 303, answer.text
    assert len(world.mails_to(BOREAS["email"])) == 1


@pytest.mark.only("postgresql")
def test_postgresql_refuses_connections(world: World, server: Server, database_url: str) -> None:
    before = hot_pages(server, world)
    with refusing(database_url):
        must_be_told(server, world)
        assert hot_pages(server, world) == before
        assert server.answers("/readyz", 503)
        assert server.answers("/healthz")
    for engine in (world.database.writer, world.database.reader):
        engine.dispose()  # the test's own connections were cut too
    must_be_well_again(server, world)
    assert server.answers("/readyz")


@pytest.mark.only("postgresql")
def test_a_table_is_locked(world: World, server: Server, database_url: str) -> None:
    before = hot_pages(server, world)
    with table_locked(database_url):
        must_be_told(server, world)
        assert hot_pages(server, world) == before
    must_be_well_again(server, world)


@pytest.mark.only("sqlite")
def test_another_program_holds_sqlite_s_lock(world: World, server: Server) -> None:
    before = hot_pages(server, world)
    with locked(world):
        must_be_told(server, world)
        assert hot_pages(server, world) == before
        assert server.answers("/readyz")
    must_be_well_again(server, world)


def test_a_crowd_waits_no_longer_than_one(
    world: World, server: Server, database_kind: str, database_url: str
) -> None:
    hot_pages(server, world)
    with locked(world) if database_kind == "sqlite" else table_locked(database_url):
        answers = at_once(*(partial(sign, server, world, person(n)) for n in range(30)))
        hot_pages(server, world)
    assert {answer.status_code for answer in answers} == {503}
    assert max(answer.elapsed for answer in answers) < timedelta(seconds=PATIENCE)
    must_be_well_again(server, world)


@contextmanager
def locked(world: World) -> Iterator[None]:
    """Another program writes to the SQLite file and doesn't come to an end."""
    file = world.settings.database.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file, isolation_level=None)) as somebody:
        somebody.execute("BEGIN IMMEDIATE")
        yield
        somebody.execute("ROLLBACK")


@contextmanager
def table_locked(url: str) -> Iterator[None]:
    with psycopg.connect(url) as somebody:
        somebody.execute("LOCK TABLE endorsement IN ACCESS EXCLUSIVE MODE")
        yield


@contextmanager
def refusing(url: str) -> Iterator[None]:
    """PostgreSQL has cut all connections to the database and takes no new ones."""
    name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
    elsewhere = psycopg.conninfo.make_conninfo(url, dbname="postgres")
    allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    with psycopg.connect(elsewhere, autocommit=True) as operator:
        operator.execute(allow.format(sql.Identifier(str(name)), sql.SQL("false")))
        operator.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
        )
        yield
        operator.execute(allow.format(sql.Identifier(str(name)), sql.SQL("true")))
