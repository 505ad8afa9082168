"""The final letter as PDF, against WeasyPrint that prints the HTML output of the same letter.

Each is made in a fresh process, in turns, and so is the reference letter by the command line.
"""

import pickle
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from app.documents import press
from app.documents.document import Document
from bench import stage
from bench.process import Run, ran
from bench.table import Line
from tests.harness.server import UNDERSIGNED

SIGNATORIES = (12, 100, 1_000, 10_000)
TARGETS = {1_000: 10.0, 10_000: 20.0}  # times faster than WeasyPrint
COLD = 1.0  # seconds for the reference letter, the program's start included
FLAT = 1.2  # a signatory among 10,000 may cost so much of one among 1,000


def measure() -> Iterator[Line]:
    with TemporaryDirectory() as directory:
        folder = Path(directory)
        yield _by_command_line(folder)
        documents = dict(stage.documents(folder, SIGNATORIES))
        ours = {}
        for number, document in documents.items():
            ours[number], theirs = _both(folder, document)
            yield from _compared(number, ours[number], theirs)
        yield _cold(ours[SIGNATORIES[0]])
        yield _flat("names", ours[1_000], ours[10_000])
        for form, changed in {"groups": _in_groups, "a table": _in_a_table}.items():
            few, many = (_ours(folder, changed(documents[number])) for number in (1_000, 10_000))
            yield Line(f"PDF, 10,000 in {form}", f"{many.seconds:.2f} s", note=_held(many))
            yield _flat(form, few, many)


def _by_command_line(folder: Path) -> Line:
    ours = stage.server(folder)
    database = stage.database(ours)
    with database.write() as db:
        letter = stage.letter(db)
        number = stage.its_signatories(db, letter)
    database.close()
    file = str(ours.data_dir / "letter.pdf")
    command = [UNDERSIGNED, "letter", "export", letter.slug, "--format", "pdf", "-o", file]
    done = ran([str(part) for part in command], ours.environment)
    note = f"{_held(done)}; most of it is the command's own start"
    return Line(f"PDF by command line, {number} signatories", f"{done.seconds:.2f} s", note=note)


def _cold(done: Run) -> Line:
    return Line(
        "PDF of the reference letter, cold",
        f"{done.seconds:.2f} s",
        target=f"< {COLD:.0f} s",
        verdict="ok" if done.seconds < COLD else "missed",
    )


def _both(folder: Path, document: Document) -> tuple[Run, Run]:
    html = folder / "letter.html"
    html.write_bytes(press.render(document, "html"))
    return _ours(folder, document), _rendered("weasyprint", html, folder)


def _ours(folder: Path, document: Document) -> Run:
    given = folder / "document"
    given.write_bytes(pickle.dumps(document))
    return _rendered("pdf", given, folder)


def _rendered(output: str, given: Path, folder: Path) -> Run:
    return ran([sys.executable, "-m", "bench.render", output, str(given), str(folder / "out")])


def _compared(number: int, ours: Run, theirs: Run) -> Iterator[Line]:
    yield Line.of_costs(
        f"PDF, {number:,} signatories", "s", ours.seconds, theirs.seconds, TARGETS.get(number)
    )
    yield Line.of_costs("… memory", "MB", ours.megabytes, theirs.megabytes, 1.0)


def _flat(form: str, few: Run, many: Run) -> Line:
    ratio = many.seconds / 10_000 / (few.seconds / 1_000)
    return Line(
        f"… a signatory in {form}: of 10,000 to of 1,000",
        ratio=f"{ratio:.2f}",
        target=f"≤ {FLAT:.2f}",
        verdict="ok" if ratio <= FLAT else "missed",
    )


def _in_groups(document: Document) -> Document:
    """Some sixty groups, as countries would make them."""
    lines = document.organisations
    per = len(lines) // 60 + 1
    grouped = (replace(line, group=f"Country {n // per:02}") for n, line in enumerate(lines))
    return replace(document, organisations=tuple(grouped))


def _in_a_table(document: Document) -> Document:
    facts = {"country": "Norway", "representative": "Anna Berg", "role": "Director"}
    lines = tuple(replace(line, **facts) for line in document.organisations)
    return replace(document, organisations=lines, form="table")


def _held(run: Run) -> str:
    return f"{run.megabytes:.0f} MB"
