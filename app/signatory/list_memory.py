"""The lines of a list, kept from one reading of it to the next.

Each row has a stamp, another one with every change of it, and the database sums up the stamps of
those who are listed, part by part of the list. Where a sum is not that of the lines kept here, the
stamps of that part are read, and the rows whose stamp is new. So who is listed is asked every time
and nobody who left can stay; but a change costs the reading of what changed.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

Line = TypeVar("Line")
# A part of the list are those whose public ids, which are random, begin with the same characters:
# of ten thousand some forty.
PART = 2


class Sum(NamedTuple):
    rows: int
    stamps: int


class Made(NamedTuple, Generic[Line]):
    """A line with the stamp of the row it was made from, and what it is sorted by: unique."""

    id: str
    stamp: int
    key: Any
    line: Line


class Source(Protocol[Line]):
    """The list as the database has it, which may change from one question to the next."""

    def sums(self) -> Mapping[str, Sum]:
        """By the beginnings of public ids."""

    def stamps(self, parts: Collection[str]) -> Mapping[str, int]:
        """Of the rows of these parts, by public id."""

    def made(self, ids: Collection[str]) -> Iterable[Made[Line]]:
        """The lines with these public ids that are still listed."""


class ListMemory(Generic[Line]):
    """For one thread at a time."""

    def __init__(self) -> None:
        self._start(())

    def lines(self, source: Source[Line], rules: Hashable) -> list[Line]:
        """The lines in their order. `rules` are all that they depend on besides their rows."""
        if rules != self._rules:
            self._start(rules)
        there = source.sums()
        parts = {
            part for part in there.keys() | self._sums if there.get(part) != self._sums.get(part)
        }
        if parts:
            self._follow(source, parts)
        return self._lines.copy()

    def _start(self, rules: Hashable) -> None:
        self._rules = rules
        self._sums: dict[str, Sum] = {}
        # By part and public id: the stamp, and the key.
        self._kept: defaultdict[str, dict[str, tuple[int, Any]]] = defaultdict(dict)
        # In order, and the lines beside them.
        self._keys: list[Any] = []
        self._lines: list[Line] = []

    def _follow(self, source: Source[Line], parts: Collection[str]) -> None:
        for part in parts:
            self._sums.pop(part, None)  # should the database go away now, this is asked again
        stamps = source.stamps(parts)
        kept = {id_: stamp for part in parts for id_, (stamp, _) in self._kept[part].items()}
        for id_, _stamp in kept.items() - stamps.items():
            self._drop(id_)
        if new := {id_ for id_, _stamp in stamps.items() - kept.items()}:
            for made in sorted(source.made(new), key=lambda made: made.key):
                self._keep(made)
        for part in parts:
            if rows := self._kept[part].values():
                self._sums[part] = Sum(len(rows), sum(stamp for stamp, _key in rows))

    def _drop(self, id_: str) -> None:
        _stamp, key = self._kept[id_[:PART]].pop(id_)
        place = bisect_left(self._keys, key)
        del self._keys[place], self._lines[place]

    def _keep(self, made: Made[Line]) -> None:
        self._kept[made.id[:PART]][made.id] = made.stamp, made.key
        # A long list that is read for the first time comes in its order.
        is_last = not self._keys or made.key > self._keys[-1]
        place = len(self._keys) if is_last else bisect_left(self._keys, made.key)
        self._keys.insert(place, made.key)
        self._lines.insert(place, made.line)
