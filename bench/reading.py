"""Public pages, asked for as browsers ask: beside a bare server that sends the same bytes.

The machine may be busy with other things, which meet one server more than the other: what counts
is how many answers a second of each server's processor time is worth. They are taken in turns.
"""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from app.letter import letters
from bench import bare, load, stage
from bench.bare import Answer
from bench.load import SPEED
from bench.table import Line
from tests.harness.postgresql import Cluster, NoPostgresql
from tests.harness.server import Server

SECONDS = 1
ROUNDS = 6
SIZES = (1_000, 10_000)
TARGET = 0.85
PAGES = {
    "letter page": "",
    "signatories.json": "/signatories.json",
    "embed": "/embed",
    "feed": "/signatories.atom",
}
ENCODINGS = {"br": "gzip, deflate, br", "gzip": "gzip, deflate", "identity": "identity"}


def measure() -> Iterator[Line]:
    with TemporaryDirectory() as folder:
        yield from _lines("SQLite", Path(folder), "")
    try:
        with TemporaryDirectory() as folder, Cluster(durable=True) as cluster:
            yield from _lines("PostgreSQL", Path(folder), cluster.create("bench"))
    except NoPostgresql as missing:
        yield Line(f"reading, PostgreSQL: {missing}")


def _lines(name: str, folder: Path, database_url: str) -> Iterator[Line]:
    ours = stage.server(folder, database_url)
    database = stage.database(ours)
    with database.write() as db:
        path = stage.letter(db).path
    with ours:
        for size, more in zip(SIZES, (SIZES[0], SIZES[1] - SIZES[0]), strict=True):
            with database.write() as db:
                stage.crowd(db, letters.by_slug(db, path.split("/")[-1]), more)
            for line in _measured(ours, folder, path):
                yield replace(line, measured=f"{name}, {size:,}: {line.measured}")
    database.close()


def _measured(ours: Server, folder: Path, path: str) -> Iterator[Line]:
    questions = list(_questions(ours.url + path))
    bare.keep({question.bare_path: question.answer for question in questions}, folder / "answers")
    with stage.bare(folder, "bytes", folder / "answers") as floor:
        for question in questions:
            yield question.measured(ours, floor)


def _questions(url: str) -> Iterator["_Question"]:
    for page, end in PAGES.items():
        for encoding, accepts in ENCODINGS.items():
            question = _Question(f"{page}, {encoding}", url + end, {"accept-encoding": accepts})
            yield question
        # Without a body an encoding is but a word: the last one's stands for all.
        tag = dict(question.answer.headers)[b"etag"].decode()
        yield _Question(f"{page}, 304", url + end, {**question.headers, "if-none-match": tag})


class _Question:
    """One address asked for in certain words, and what our server answers."""

    def __init__(self, name: str, url: str, headers: dict[str, str]) -> None:
        self.name, self.url = name, url
        self.headers = {"accept-language": "en-GB,en;q=0.7", **headers}
        bare.asked(url, self.headers)  # the first visitor's is made, the next ones' are ready
        self.answer: Answer = bare.asked(url, self.headers)
        assert self.answer.status == (304 if "if-none-match" in headers else 200), url
        words = f"{urlsplit(url).path}, {sorted(self.headers.items())}"
        self.bare_path = f"/{sha256(words.encode()).hexdigest()[:40]}"

    def measured(self, ours: Server, floor: Server) -> Line:
        pairs = [
            (
                load.get(self.url, SECONDS, self.headers, ours.pid),
                load.get(floor.url + self.bare_path, SECONDS, self.headers, floor.pid),
            )
            for _round in range(ROUNDS)
        ]
        # The rounds that were disturbed least.
        best, floor_best = (max(rounds, key=SPEED) for rounds in zip(*pairs, strict=True))
        ratio = best.per_cpu_second / floor_best.per_cpu_second
        wall = best.per_second / floor_best.per_second
        note = f"{len(self.answer.body) / 1_000:.0f} kB, by the clock {wall:.2f}"
        return Line.of_cpu(self.name, best, floor_best, ratio, TARGET, note)
