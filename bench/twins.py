"""All pairs of a long list that are perhaps one signer's, as the page of duplicates has them."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select, update
from sqlmodel import col

from app.db import Db
from app.duplicate import doubles
from app.endorsement.endorsements import Endorsement
from app.letter.letters import Letter
from app.name.nearness import Nearness
from app.worker import Worker
from bench import names, stage
from bench.table import Line

ORGANISATIONS = 10_000
TARGET_SECONDS = 0.5


def measure() -> Iterator[Line]:
    """The baseline is to compare all names when they are asked for; the worker compares each once,
    when it is new."""
    with TemporaryDirectory() as directory:
        database = stage.database(stage.server(Path(directory)))
        with database.write() as db:
            letter = stage.letter(db)
            stage.crowd(db, letter, ORGANISATIONS * 10 // 9)
            named = _rename(db, letter)
        worker, passes, taken = Worker(database), list[float](), [1]
        while taken[-1]:
            passes.append(_seconds(lambda: taken.append(worker.compare_names())))
        with database.read() as db:
            kept = db.get_one(Letter, letter.id)
            first = _seconds(lambda: doubles.all_of(db, kept))
            found = len(doubles.all_of(db, kept))
        database.close()
    baseline = _seconds(lambda: _compare_all(named))
    yield Line(
        f"all duplicates among {len(named):,}",
        figure=f"{first * 1_000:.0f} ms",
        against=f"{baseline * 1_000:,.0f} ms",
        ratio=f"{first / baseline:.3f}",
        target=f"≤ {TARGET_SECONDS * 1_000:.0f} ms",
        verdict="ok" if first <= TARGET_SECONDS else "missed",
        note=f"{found:,} pairs; against: comparing all names when asked; the worker compared them "
        f"beforehand in {sum(passes):.0f} s, {max(passes):.1f} s at a time at most",
    )


def _rename(db: Db, letter: Letter) -> list[str]:
    """Real names, and their branches in places that don't exist."""
    of_letter = (col(Endorsement.letter_id) == letter.id, col(Endorsement.kind) == "organisation")
    ids = db.scalars(select(col(Endorsement.id)).where(*of_letter)).all()
    named = names.names(len(ids))
    changes = [{"id": id_, "organisation": name} for id_, name in zip(ids, named, strict=True)]
    db.execute(update(Endorsement), changes)
    return named


def _compare_all(named: list[str]) -> int:
    nearness = Nearness(named)
    return sum(len(nearness.near(name)) for name in named)


def _seconds(work: Callable[[], object]) -> float:
    """Of this process alone: others may want the processor too."""
    began = time.process_time()
    work()
    return time.process_time() - began
