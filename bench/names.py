"""Names: what it takes to sort them, to find the likes of one among many, and to weed a list."""

import csv
import random
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from statistics import median
from typing import Any

from rapidfuzz import fuzz, process, utils

from app import weeding
from app.db import new_id
from app.letter.letters import Letter
from app.name.collation import Collator
from app.name.likeness import Likeness
from app.name.nearness import Nearness
from app.signatory.signatories import Listing, Signatory
from bench.table import Line
from tests.harness.shared import SHARED

SORTED = 10_000
LISTED = 100_000
WEEDED = (1_000, 10_000)
ASKED = 200
# Where the scan must see a likeness that the index finds; lower and it takes longer.
ALIKE = 90
REAL = SHARED / "organisations" / "ecosoc.csv"


def measure() -> Iterator[Line]:
    yield sorting()
    yield from checking()
    yield from doubles()
    yield from weeding_lists()


def sorting() -> Line:
    mixed, collator = names(SORTED), Collator("en", "skip")
    seconds = min(_seconds(lambda: sorted(mixed, key=collator.key)) for _round in range(5))
    return Line(
        f"sorting {SORTED:,} names",
        figure=_milliseconds(seconds),
        target="≤ 100 ms",
        verdict="ok" if seconds <= 0.1 else "missed",
        note="by CLDR, leading articles passed over",
    )


def checking() -> Iterator[Line]:
    """One name against 100,000, by the index and by comparing it with each."""
    listed = names(LISTED)
    began = time.process_time()
    likeness = Likeness(listed)
    built = time.process_time() - began
    asked = random.Random(2).sample([*listed, *map(misspelled, listed[:1_000])], ASKED)
    ours = [_seconds(lambda name=name: likeness.like(name)) for name in asked]
    scanned = [_seconds(lambda name=name: _scan(name, listed)) for name in asked[: ASKED // 20]]
    yield Line(
        f"one name against {LISTED:,}",
        figure=_milliseconds(median(ours)),
        against=_milliseconds(median(scanned)),
        ratio=f"{median(ours) / median(scanned):.5f}",
        target="≤ 10 ms",
        verdict="ok" if median(ours) <= 0.01 else "missed",
        p50=_milliseconds(median(ours)),
        p99=_milliseconds(sorted(ours)[int(0.99 * ASKED)]),
        note=f"against: rapidfuzz comparing with each; the index was built in {built:.1f} s",
    )


def doubles() -> Iterator[Line]:
    """One name against 100,000, also by the words they share, as duplicates are proposed."""
    listed = names(LISTED)
    began = time.process_time()
    nearness = Nearness(listed)
    built = time.process_time() - began
    asked = random.Random(2).sample([*listed, *map(misspelled, listed[:1_000])], ASKED)
    took = sorted(_seconds(lambda name=name: nearness.near(name)) for name in asked)
    yield Line(
        f"duplicates of one name among {LISTED:,}",
        figure=_milliseconds(median(took)),
        target="≤ 50 ms",
        verdict="ok" if took[int(0.99 * ASKED)] <= 0.05 else "missed",
        p50=_milliseconds(median(took)),
        p99=_milliseconds(took[int(0.99 * ASKED)]),
        note=f"the index was built in {built:.1f} s",
    )


def weeding_lists() -> Iterator[Line]:
    for number in WEEDED:
        listing = Listing(tuple(map(_line, names(number))), (), None)
        weed = partial(weeding.findings, listing, _letter())
        weed()  # asks once which characters can be printed
        seconds = median(_seconds(weed) for _round in range(5))
        yield Line(
            f"weeding {number:,} lines",
            figure=_milliseconds(seconds),
            target=f"≤ {number / 10:,.0f} ms",
            verdict="ok" if seconds <= number / 10_000 else "missed",
            note=f"{seconds / number * 1e6:.0f} µs a line",
        )


def names(number: int) -> list[str]:
    """As many different names: real ones where they lie beside the repository, and their
    branches in places that don't exist."""
    stems = _real() or [f"{what} for {whom}" for what in _WHAT for whom in _WHOM]
    made = random.Random(1)
    made.shuffle(stems)
    found = dict.fromkeys(stems[:number])
    while len(found) < number:
        found[f"{made.choice(stems)} {_place(made)}"] = None
    return list(found)


def misspelled(name: str) -> str:
    """The name with two letters of a word swapped, its article and its legal form gone."""
    middle = len(name) // 2
    swapped = name[:middle] + name[middle + 1 : middle + 2] + name[middle : middle + 1]
    return (swapped + name[middle + 2 :]).removeprefix("The ").removesuffix(", Inc.")


_WHAT = ("Association", "Centre", "Committee", "Foundation", "Institute", "Network", "Union")
_WHOM = ("Children", "Free Elections", "Human Rights", "Journalists", "Lawyers", "Peace", "Women")


def _real() -> list[str]:
    if not REAL.exists():
        return []
    with REAL.open(encoding="utf-8", newline="") as rows:
        return list(dict.fromkeys(row["name"] for row in csv.DictReader(rows)))


def _place(made: random.Random) -> str:
    syllables = ("ar", "dal", "ber", "gen", "kol", "mi", "nor", "sa", "tu", "vik")
    return "".join(made.choices(syllables, k=made.randint(2, 4))).capitalize()


def _scan(name: str, listed: list[str]) -> list[Any]:
    return process.extract(
        name,
        listed,
        scorer=fuzz.token_sort_ratio,
        processor=utils.default_process,
        score_cutoff=ALIKE,
    )


def _letter() -> Letter:
    moment = {"revised_at": None, "created_at": None}
    return Letter(slug="x", title="X", language="en", version_id=new_id(), version=1, **moment)


def _line(name: str) -> Signatory:
    texts = {"name": "", "role": "", "organisation": name, "country": "NO", "website": ""}
    state: dict[str, Any] = {"logo": "", "version": 1, "reported": False}
    id_ = new_id().hex
    return Signatory(id=id_, kind="organisation", **texts, **state, signed_on=date(2026, 1, 1))


def _seconds(work: Callable[[], object]) -> float:
    """Of this process alone: others may want the processor too."""
    began = time.process_time()
    work()
    return time.process_time() - began


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1_000:.2f} ms" if seconds < 0.1 else f"{seconds * 1_000:.0f} ms"
