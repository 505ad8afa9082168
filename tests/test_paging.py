"""Pages of a list keep their borders while lines come and go."""

from dataclasses import dataclass

import pytest

from app.signatory.paging import cursor_at, part


@dataclass(frozen=True)
class Line:
    id: str


def lines(letters: str) -> list[Line]:
    return [Line(letter) for letter in letters]


def places(letters: str) -> dict[str, int]:
    return {letter: place for place, letter in enumerate(letters)}


def page(letters: str, after: str, among: str = "") -> str:
    """The page of three behind the cursor; `among` are all lines there are, if more."""
    shown = part(lines(letters), places(among or letters), 3, after)
    return "".join(line.id for line in shown.lines)


def test_pages_follow_one_another_both_ways() -> None:
    whole, seen, after = "abcdefgh", [], ""
    while True:
        shown = part(lines(whole), places(whole), 3, after)
        seen.append("".join(line.id for line in shown.lines))
        if shown.following is None:
            break
        after = shown.following
    assert seen == ["abc", "def", "gh"]
    assert shown.start == 6
    assert shown.previous is not None
    assert page(whole, shown.previous) == "def"
    assert part(lines(whole), places(whole), 3, shown.previous).previous == ""
    assert part(lines(whole), places(whole), 3).previous is None


@pytest.mark.parametrize(
    ("now", "following"),
    [
        ("abcdefgh", "def"),
        ("abdefgh", "def"),  # the last one has gone
        ("abcefgh", "efg"),  # the next one has gone
        ("abefgh", "efg"),  # both
        ("bdefgh", "def"),  # the last one, and one before it
        ("xabcdefgh", "def"),  # somebody came before
        ("xabdefgh", "def"),
        ("abcxdefgh", "xde"),  # between the two
    ],
)
def test_a_page_begins_where_the_one_before_ended(now: str, following: str) -> None:
    after = part(lines("abcdefgh"), places("abcdefgh"), 3).following
    assert after
    assert page(now, after) == following


def test_a_cursor_is_good_for_a_part_of_the_list_that_lacks_its_line() -> None:
    assert page("bdfh", "d-e-3", among="abcdefgh") == "fh"
    assert page("bdfh", "e-f-4", among="abcdefgh") == "fh"
    assert page("bdfh", "x-e-3", among="abcdefgh") == "fh"


@pytest.mark.parametrize("after", ["", "unknown", "-", "--", "x-y-z", "x-y-²", "x-" + "9" * 30])
def test_a_cursor_that_means_nothing_shows_the_first_page(after: str) -> None:
    assert page("abcdefgh", after) == "abc"


def test_somebody_is_found_on_their_page() -> None:
    whole = "abcdefgh"
    for id_, expected in {"a": "abc", "c": "abc", "d": "def", "h": "gh", "x": "abc"}.items():
        assert page(whole, cursor_at(lines(whole), places(whole), 3, id_)) == expected
    # Not among the lines that are shown: the first page.
    assert cursor_at(lines("bdfh"), places(whole), 3, "e") == ""
    assert cursor_at(lines("bdfh"), places(whole), 3, "a") == ""
    assert cursor_at([], places(whole), 3, "a") == ""
