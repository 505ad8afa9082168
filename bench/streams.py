"""Open pages of one process: what each holds of its memory, and when the last one is told."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import median

from app.db import Database
from app.letter import letters
from bench import stage
from bench.process import resident
from bench.table import Line

CLIENTS = 5_000
SIGNATORIES = 100
ROUNDS = 8
MOST_KILOBYTES = 32
MOST_SECONDS = 0.3


def measure() -> Iterator[Line]:
    with stage.served(SIGNATORIES) as (ours, database, path):
        with Listeners(f"{ours.url}{path}/live", 1):
            before = resident(ours.pid)
        with Listeners(f"{ours.url}{path}/live", CLIENTS) as listeners:
            held = (resident(ours.pid) - before) / CLIENTS / 1_000
            yield _line(f"memory of each of {CLIENTS:,} live clients", held, "kB", MOST_KILOBYTES)
            told = [_seconds_until_told(database, path, listeners) for _round in range(ROUNDS)]
    yield _line("approval to the last client, typical", median(map(max, told)), "s", MOST_SECONDS)
    all_told = sorted(seconds for round_ in told for seconds in round_)
    p99 = all_told[len(all_told) * 99 // 100]
    yield _line("approval to a client, p99", p99, "s", MOST_SECONDS)


def _seconds_until_told(database: Database, path: str, listeners: "Listeners") -> list[float]:
    """From the commit of a change, made by another process, until each client has the event."""
    listeners.listen()
    with database.write() as db:
        stage.crowd(db, letters.by_slug(db, path.rsplit("/", maxsplit=1)[-1]), 1)
    committed = time.monotonic()
    return [heard - committed for heard in listeners.heard()]


class Listeners:
    """So many open streams, in a process of their own."""

    def __init__(self, url: str, number: int) -> None:
        command = [sys.executable, "-m", "bench.listeners", url, str(number)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> "Listeners":
        assert self._said() == "open"
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.kill()
        self._process.communicate()

    def listen(self) -> None:
        assert self._process.stdin
        self._process.stdin.write("next\n")
        self._process.stdin.flush()

    def heard(self) -> list[float]:
        instants: list[float] = json.loads(self._said())
        return instants

    def _said(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()


def _line(measured: str, figure: float, unit: str, most: float) -> Line:
    digits = 3 if unit == "s" else 1
    verdict = "ok" if figure <= most else "missed"
    return Line(measured, f"{figure:.{digits}f} {unit}", target=f"≤ {most} {unit}", verdict=verdict)
