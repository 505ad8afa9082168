"""Public pages of a letter with 1,000 signatories, asked for as browsers ask."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import bare, load, stage
from bench.bare import Answer
from bench.load import Load
from bench.table import Line

SECONDS = 1
ROUNDS = 4
SIGNATORIES = 1_000
TARGET = 0.5
PAGES = {
    "letter page": "",
    "signatories.json": "/signatories.json",
    "embed": "/embed",
    "feed": "/signatories.atom",
}
BROWSER = {"accept-encoding": "gzip, deflate, br", "accept-language": "en-GB,en;q=0.7"}


def measure() -> Iterator[Line]:
    with TemporaryDirectory() as directory:
        folder = Path(directory)
        ours = stage.server(folder)
        database = stage.database(ours)
        with database.write() as db:
            letter = stage.letter(db)
            stage.crowd(db, letter, SIGNATORIES)
            path = letter.path
        database.close()
        with ours:
            pages = {name: _Page(ours.url, path + end) for name, end in PAGES.items()}
            answers = {key: answer for page in pages.values() for key, answer in page.bare()}
            bare.keep(answers, folder / "answers")
            with stage.bare(folder, "bytes", folder / "answers") as floor:
                for name, page in pages.items():
                    for status in (200, 304):
                        best, least = page.measured(floor.url, status)
                        size = len(page.full.body) / 1_000
                        note = f"{size:.0f} kB" if status == 200 else ""
                        yield Line.of_load(f"{name}, {status}", best, least, TARGET, note)


class _Page:
    """One address, and what our server answers there."""

    def __init__(self, url: str, path: str) -> None:
        self.url, self.path = url, path
        bare.asked(url + path, BROWSER)  # the first visitor's is made, the next ones' are ready
        self.full = bare.asked(url + path, BROWSER)
        tag = dict(self.full.headers)[b"etag"].decode()
        self.conditional = {**BROWSER, "if-none-match": tag}
        self.unchanged = bare.asked(url + path, self.conditional)
        assert (self.full.status, self.unchanged.status) == (200, 304), path

    def bare(self) -> list[tuple[str, Answer]]:
        return [("/200" + self.path, self.full), ("/304" + self.path, self.unchanged)]

    def measured(self, bare_url: str, status: int) -> tuple[Load, Load]:
        """Ours and the bare server's best rounds, taken in turns."""
        headers = self.conditional if status == 304 else BROWSER
        ours, least = [], []
        for _round in range(ROUNDS):
            ours.append(load.get(self.url + self.path, SECONDS, headers))
            least.append(load.get(f"{bare_url}/{status}{self.path}", SECONDS, headers))
        best = (max(rounds, key=lambda one: one.per_second) for rounds in (ours, least))
        return next(best), next(best)
