"""What is worked out for each line of a list, kept from one reading of the list to the next.

Who is listed is read from the database every time, and nobody is remembered as listed. A line is
taken from here only where its stamp, which holds all that the line was made from, is the same; what
nobody asked for is forgotten. So a changed list costs the reading of stamps, and the work for what
changed.
"""

from bisect import insort
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from typing import Any, Generic, TypeVar

Line = TypeVar("Line")
# Lines by their stamps, each with what it is sorted by.
Made = Mapping[str, tuple[Any, Line]]


class ListMemory(Generic[Line]):
    """For one thread at a time."""

    def __init__(self) -> None:
        self._rules: Hashable = ()
        self._made: dict[str, tuple[Any, Line]] = {}
        self._order: list[str] = []  # the stamps, as their lines are sorted

    def sorted(
        self, stamps: Sequence[str], rules: Hashable, make: Callable[[Collection[str]], Made[Line]]
    ) -> list[Line]:
        """The lines with these stamps, in their order; `make` makes those that are new here, as far
        as they are there. `rules` are what lines depend on besides their stamps."""
        if rules != self._rules:
            self._rules, self._made, self._order = rules, {}, []
        present = set(stamps)
        gone = self._made.keys() - present
        if gone:
            self._made = {stamp: made for stamp, made in self._made.items() if stamp in present}
            self._order = [stamp for stamp in self._order if stamp in present]
        new = present - self._made.keys()
        if new:
            self._place(make(new))
        return [self._made[stamp][1] for stamp in self._order]

    def _place(self, new: Made[Line]) -> None:
        for stamp, made in new.items():
            if stamp not in self._made:
                self._made[stamp] = made
                insort(self._order, stamp, key=self._key)

    def _key(self, stamp: str) -> Any:
        return self._made[stamp][0]
