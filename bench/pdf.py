"""The final letter as PDF by the command line: a fresh process, as after a deployment."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import stage
from bench.table import Line
from tests.harness.server import UNDERSIGNED, Server

SIGNATORIES = 1_000


def measure() -> Iterator[Line]:
    with TemporaryDirectory() as directory:
        folder = Path(directory)
        ours = stage.server(folder)
        database = stage.database(ours)
        with database.write() as db:
            letter = stage.letter(db)
            number = stage.its_signatories(db, letter)
        yield _line(ours, letter.slug, number)
        with database.write() as db:
            stage.crowd(db, letter, SIGNATORIES - number)
        yield _line(ours, letter.slug, SIGNATORIES)
        database.close()


def _line(ours: Server, slug: str, number: int) -> Line:
    file = ours.data_dir / f"{number}.pdf"
    seconds, megabytes = _ran(ours, ["letter", "export", slug, "--format", "pdf", "-o", str(file)])
    size = f"{file.stat().st_size / 1_000:.0f} kB"
    return Line(f"PDF, {number:,} signatories", f"{seconds:.2f} s, {megabytes:.0f} MB", note=size)


def _ran(ours: Server, arguments: list[str]) -> tuple[float, float]:
    """Seconds a command took from nothing, and the most memory one process of it held, in MB."""
    began = time.monotonic()
    process = subprocess.Popen(
        [UNDERSIGNED, *arguments], env=ours.environment, stdout=subprocess.DEVNULL
    )
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"exit status {process.returncode}"
    return time.monotonic() - began, usage.ru_maxrss * 1_024 / 1e6
