"""Load from wrk: 64 connections kept alive, on loopback."""

import re
import subprocess
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path

CONNECTIONS = 64
SIGN = Path(__file__).with_name("sign.lua")
MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1_000.0, "m": 60_000.0}


@dataclass(frozen=True)
class Load:
    """Answers and their speed; `p50` and `p99` are milliseconds until an answer.

    `cpu_seconds` are what the server's process used meanwhile, 0 where nobody looked.
    """

    answers: int
    per_second: float
    p50: float
    p99: float
    cpu_seconds: float = 0.0

    @property
    def per_cpu_second(self) -> float:
        return self.answers / self.cpu_seconds


# What the rounds of a bench are compared by.
SPEED = attrgetter("per_cpu_second")


def get(url: str, seconds: int, headers: dict[str, str], server_pid: int) -> Load:
    """The same GET over and over, and what it costs the server."""
    before = cpu_seconds(server_pid)
    loaded = _wrk(seconds, [f"-H{name}: {value}" for name, value in headers.items()], [url])
    return replace(loaded, cpu_seconds=cpu_seconds(server_pid) - before)


def cpu_seconds(pid: int) -> float:
    """What the threads of a process that are there now have used of processors so far (Linux)."""
    times = (path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/schedstat"))
    return sum(int(time.split()[0]) for time in times) / 1e9


def sign(url: str, seconds: int, run: str) -> Load:
    """POSTs, each of somebody else; `run` is a word that sets them apart from every other run's."""
    return _wrk(seconds, ["-s", str(SIGN)], [url, "--", run])


def _wrk(seconds: int, options: list[str], target: list[str]) -> Load:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", *options, *target]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    for wrong in ("Non-2xx", "Socket errors"):
        assert wrong not in said, said
    return Load(
        answers=int(_found(r"(\d+) requests in", said)[1]),
        per_second=float(_found(r"Requests/sec: +([\d.]+)", said)[1]),
        p50=_latency(50, said),
        p99=_latency(99, said),
    )


def _latency(percent: int, said: str) -> float:
    found = _found(rf" {percent}% +([\d.]+)([a-z]+)", said)
    return float(found[1]) * MILLISECONDS[found[2]]


def _found(pattern: str, said: str) -> re.Match[str]:
    found = re.search(pattern, said)
    assert found, said
    return found
