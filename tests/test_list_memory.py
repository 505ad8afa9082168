"""What is kept of a list's lines never says who is listed."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Unavailable
from app.signatory.list_memory import PART, ListMemory, Made, Sum

Change = tuple[str, int | None]

# So few that they meet: parts with several rows, rows that come back, places that change.
IDS = st.builds("".join, st.tuples(*[st.sampled_from("ab")] * (PART + 1)))
PLACES = st.none() | st.integers(0, 3)  # None has left
CHANGES = st.lists(st.tuples(IDS, PLACES))


class Rows:
    """A list whose rows are their places in it. Changes come while it is asked, too."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[int, int]] = {}
        self.made_of: list[set[str]] = []
        self.meanwhile: Callable[[], None] = lambda: None
        self.is_away = False
        self._stamp = 0

    def change(self, changes: Collection[Change]) -> None:
        for id_, place in changes:
            self._stamp += 1
            if place is None:
                self.rows.pop(id_, None)
            else:
                self.rows[id_] = self._stamp, place

    def sums(self) -> dict[str, Sum]:
        parts: dict[str, list[int]] = defaultdict(list)
        for id_, (stamp, _place) in self.rows.items():
            parts[id_[:PART]].append(stamp)
        self.meanwhile()
        return {part: Sum(len(stamps), sum(stamps)) for part, stamps in parts.items()}

    def stamps(self, parts: Collection[str]) -> dict[str, int]:
        found = {id_: stamp for id_, (stamp, _place) in self.rows.items() if id_[:PART] in parts}
        self.meanwhile()
        return found

    def made(self, ids: Collection[str]) -> Iterator[Made[str]]:
        if self.is_away:
            raise Unavailable("The database is away.")
        self.made_of.append(set(ids))
        for id_ in ids & self.rows.keys():
            stamp, place = self.rows[id_]
            yield Made(id_, stamp, (place, id_), f"{id_} {stamp}")

    @property
    def lines(self) -> list[str]:
        placed = sorted((place, id_, stamp) for id_, (stamp, place) in self.rows.items())
        return [f"{id_} {stamp}" for _place, id_, stamp in placed]


@given(st.lists(st.tuples(CHANGES, st.integers(0, 1))))
def test_lines_are_those_that_are_there_in_their_order(
    steps: list[tuple[list[Change], int]],
) -> None:
    rows, memory = Rows(), ListMemory[str]()
    for changes, rules in steps:
        rows.change(changes)
        assert memory.lines(rows, rules) == rows.lines


@given(CHANGES, st.lists(CHANGES, max_size=2), CHANGES)
def test_what_changes_while_it_is_read_is_right_the_next_time(
    before: list[Change], meanwhile: list[list[Change]], after: list[Change]
) -> None:
    rows, memory = Rows(), ListMemory[str]()
    rows.change(before)
    coming = iter(meanwhile)
    rows.meanwhile = lambda: rows.change(next(coming, []))
    memory.lines(rows, 1)
    rows.meanwhile = lambda: None
    rows.change(after)
    assert memory.lines(rows, 1) == rows.lines


def test_only_what_changed_is_made_until_the_rules_change() -> None:
    rows, memory = Rows(), ListMemory[str]()
    for changes, rules in (
        ([("aab", 1), ("bbb", 2)], 1),
        ([("aaa", 1)], 1),
        ([("bbb", None)], 1),
        ([("aab", 3)], 1),
        ([], 1),
        ([], 2),
    ):
        rows.change(changes)
        memory.lines(rows, rules)
    assert rows.made_of == [{"aab", "bbb"}, {"aaa"}, {"aab"}, {"aab", "aaa"}]


def test_a_list_is_read_again_where_the_database_went_away_while_it_was_read() -> None:
    rows, memory = Rows(), ListMemory[str]()
    rows.change([("aaa", 1), ("aab", 2)])
    memory.lines(rows, 1)
    rows.change([("aaa", None), ("aac", 3)])
    rows.is_away = True
    with pytest.raises(Unavailable):
        memory.lines(rows, 1)
    rows.is_away = False
    assert memory.lines(rows, 1) == rows.lines
