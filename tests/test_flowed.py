"""The lines of a text part."""

from hypothesis import given
from hypothesis import strategies as st

from app.mailing.flowed import WIDTH, flow, unflow

LONG = "The page shows the whole text and one button, and opening it changes nothing at all."
ADDRESS = "https://letters.example.org/confirm/" + "abc-_" * 40

# As templates and people write: single spaces, none at a line's end.
words = st.text("ab>é- ", min_size=1, max_size=30).map(lambda text: " ".join(text.split()))
lines = st.lists(words, max_size=30).map(lambda parts: " ".join(" ".join(parts).split()))


def test_a_paragraph_is_broken_into_lines_that_go_on() -> None:
    first, second = flow(LONG).split("\n")
    assert first == "The page shows the whole text and one button, and opening it changes "
    assert second == "nothing at all."


def test_an_address_stays_whole_on_its_line() -> None:
    assert flow(ADDRESS) == ADDRESS
    assert flow(f"{LONG}\n\n{ADDRESS}\n").split("\n")[-2] == ADDRESS


def test_every_line_of_what_is_quoted_says_so() -> None:
    assert all(line.startswith("> ") for line in flow(f"> {LONG}").split("\n"))
    assert flow(">\n> b") == ">\n> b"


def test_nothing_is_taken_for_a_mark_that_is_none() -> None:
    assert flow("From here on\n  before: x") == " From here on\n   before: x"
    assert flow("-- \nwhy") == "-- \nwhy"


@given(st.lists(lines, max_size=8).map("\n".join))
def test_what_was_broken_is_joined_to_what_it_was(text: str) -> None:
    broken = flow(text)
    assert unflow(broken) == text
    for line in broken.split("\n"):
        # With a space before it and one behind; longer is what can't be broken.
        assert len(line) <= WIDTH + 2 or " " not in line.strip().lstrip("> ")
