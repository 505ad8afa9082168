"""What is kept of a list's lines never says who is listed."""

from collections.abc import Collection

from hypothesis import given
from hypothesis import strategies as st

from app.signatory.list_memory import ListMemory

Stamps = list[set[str]]


def made(stamps: Collection[str]) -> dict[str, tuple[str, str]]:
    return {stamp: (stamp[::-1], stamp.upper()) for stamp in stamps}


@given(st.lists(st.sets(st.text("abc", min_size=1, max_size=3))), st.lists(st.integers(0, 1)))
def test_lines_are_those_asked_for_in_their_order(lists: Stamps, rules: list[int]) -> None:
    memory: ListMemory[str] = ListMemory()
    for number, stamps in enumerate(lists):
        rule = rules[number % len(rules)] if rules else 0
        lines = memory.sorted(list(stamps), rule, made)
        assert lines == [stamp.upper() for stamp in sorted(stamps, key=lambda one: one[::-1])]


def test_only_what_is_new_is_made_until_the_rules_change() -> None:
    asked: list[set[str]] = []

    def noting(stamps: Collection[str]) -> dict[str, tuple[str, str]]:
        asked.append(set(stamps))
        return made(stamps)

    memory: ListMemory[str] = ListMemory()
    for stamps, rules in (("ab", 1), ("abc", 1), ("bc", 1), ("abc", 1), ("abc", 2)):
        memory.sorted(list(stamps), rules, noting)
    assert asked == [{"a", "b"}, {"c"}, {"a"}, {"a", "b", "c"}]


def test_whoever_left_while_lines_were_made_is_left_out() -> None:
    memory: ListMemory[str] = ListMemory()
    lines = memory.sorted(["a", "b"], 1, lambda stamps: made(set(stamps) - {"a"}))
    assert lines == ["B"]
