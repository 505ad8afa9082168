"""The difference between two texts as readers read it: words added, words removed.

Paragraphs are put beside each other first, then the words of those that belong together.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from app.documents import reading
from app.letter.versions import Text

Kind = Literal["same", "added", "removed"]

# Below this, two paragraphs have so little in common that each is shown as a whole.
ALIKE = 50.0
# Comparing takes time and memory as the product of both lengths: beyond so many pairs of paragraphs
# between two that are the same, or of words of a paragraph, all is shown as removed and added.
MOST_PARAGRAPHS, MOST_WORDS = 10_000, 10_000_000
# Words of a script that is written without spaces are its characters.
_TOKEN = re.compile(
    "[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
    "|[^\\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+(?:['’\u200c\u200d\\w]*)"
    "|\\s+|[^\\w\\s]"
)


@dataclass(frozen=True)
class Run:
    kind: Kind
    text: str


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of the comparison: what both have, what only one has, in reading order."""

    runs: tuple[Run, ...]

    @property
    def is_same(self) -> bool:
        return all(run.kind == "same" for run in self.runs)


@lru_cache(maxsize=32)
def compare(old: Text, new: Text) -> tuple[Paragraph, ...]:
    """All paragraphs of both, those that are the same included."""
    stretches = _stretches(reading.paragraphs(old), reading.paragraphs(new))
    return tuple([Paragraph(tuple(runs)) for stretch in stretches for runs in stretch])


def _stretches(old: Sequence[str], new: Sequence[str]) -> Iterator[list[list[Run]]]:
    """Stretches that are the same, and between them what was there and what came."""
    gone: list[str] = []
    come: list[str] = []
    for step in Indel.opcodes(old, new):
        if step.tag == "equal":
            yield _matched(gone, come)
            gone, come = [], []
            yield [[Run("same", one)] for one in new[step.dest_start : step.dest_end]]
        else:
            gone += old[step.src_start : step.src_end]
            come += new[step.dest_start : step.dest_end]
    yield _matched(gone, come)


def _matched(gone: list[str], come: list[str]) -> list[list[Run]]:
    """Each new paragraph beside the first of the old that is like it, none taken twice."""
    rows: list[list[Run]] = []
    if len(gone) * len(come) > MOST_PARAGRAPHS:
        return [*[[Run("removed", one)] for one in gone], *[[Run("added", one)] for one in come]]
    for one in come:
        place = next((n for n, old in enumerate(gone) if fuzz.ratio(old, one) >= ALIKE), None)
        if place is None:
            rows.append([Run("added", one)])
        else:
            rows += [[Run("removed", old)] for old in gone[:place]]
            rows.append(_words(gone[place], one))
            gone = gone[place + 1 :]
    return rows + [[Run("removed", old)] for old in gone]


def _words(old: str, new: str) -> list[Run]:
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if len(before) * len(after) > MOST_WORDS:
        return _change(old, new)
    runs: list[Run] = []
    for step in Indel.opcodes(before, after):
        was = "".join(before[step.src_start : step.src_end])
        is_ = "".join(after[step.dest_start : step.dest_end])
        runs += [Run("same", is_)] if step.tag == "equal" else _change(was, is_)
    return _calmed(runs)


def _calmed(runs: list[Run]) -> list[Run]:
    """A gap alone between two changes belongs to them: "old text" → "new words" is one change."""
    calmed: list[Run] = []
    removed = added = ""
    for place, run in enumerate(runs):
        between = 0 < place < len(runs) - 1 and not run.text.strip()
        if run.kind == "same" and not between:
            calmed += _change(removed, added)
            removed = added = ""
            calmed.append(run)
        else:
            removed += run.text if run.kind != "added" else ""
            added += run.text if run.kind != "removed" else ""
    return calmed + _change(removed, added)


def _change(removed: str, added: str) -> list[Run]:
    if removed == added:
        return [Run("same", added)] if added else []
    changes: tuple[tuple[Kind, str], ...] = (("removed", removed), ("added", added))
    return [Run(kind, text) for kind, text in changes if text]
