"""What it costs the readers of a page that its list changes once a second."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from app.db import Database
from app.letter import letters
from bench import load, stage
from bench.load import SPEED
from bench.table import Line
from tests.harness.server import Server

SECONDS = 4
ROUNDS = 3
SIZES = (1_000, 10_000)
TARGET = 0.95
PAGES = {"letter page": "", "signatories.json": "/signatories.json"}
BROWSER = {"accept-encoding": "gzip, deflate, br", "accept-language": "en-GB,en;q=0.7"}


def measure() -> Iterator[Line]:
    listed, *_ = SIZES
    with stage.served(listed) as (ours, database, path):
        slug = path.rpartition("/")[2]
        for size in SIZES:
            if size > listed:
                _grow(database, slug, size - listed)
            listed = size
            for name, end in PAGES.items():
                measured = f"{name}, {size:,}, a change a second"
                yield _line(measured, f"{ours.url}{path}{end}", ours, database, slug)


def _line(measured: str, url: str, ours: Server, database: Database, slug: str) -> Line:
    load.get(url, 1, BROWSER, ours.pid)
    pairs = []
    for _round in range(ROUNDS):
        calm = load.get(url, SECONDS, BROWSER, ours.pid)
        with _changing(database, slug):
            pairs.append((load.get(url, SECONDS, BROWSER, ours.pid), calm))
    # Of the server's processor time, because the machine may be busy with other things.
    ratio = median(busy.per_cpu_second / calm.per_cpu_second for busy, calm in pairs)
    by_the_clock = median(busy.per_second / calm.per_second for busy, calm in pairs)
    busy, calm = (max(loads, key=SPEED) for loads in zip(*pairs, strict=True))
    note = f"by the clock {by_the_clock:.2f}"
    return Line.of_cpu(measured, busy, calm, ratio, TARGET, note)


@contextmanager
def _changing(database: Database, slug: str) -> Iterator[None]:
    """Somebody more is listed every second, by another process than the one that serves."""
    over = threading.Event()

    def change() -> None:
        while not over.wait(1):
            _grow(database, slug, 1)

    thread = threading.Thread(target=change)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _grow(database: Database, slug: str, more: int) -> None:
    with database.write() as db:
        stage.crowd(db, letters.by_slug(db, slug), more)
