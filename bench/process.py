"""A command run from nothing: how long it takes, and how much memory it and its children hold."""

import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")
OFTEN = 0.01  # seconds between two looks at the memory


@dataclass(frozen=True)
class Run:
    seconds: float
    megabytes: float  # the most that all its processes held at a time


def ran(command: list[str], environment: dict[str, str] | None = None) -> Run:
    began = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    most = 0
    while True:
        pid, status = os.waitpid(process.pid, os.WNOHANG)
        if pid:
            break
        most = max(most, sum(map(resident, _family(process.pid))))
        time.sleep(OFTEN)
    seconds = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"exit status {process.returncode}"
    return Run(seconds, most / 1e6)


def _family(pid: int) -> Iterator[int]:
    """A process, its children and theirs."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:  # it has just ended
        return
    for child in children:
        yield from _family(int(child))


def resident(pid: int) -> int:
    """Bytes."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except OSError:
        return 0
