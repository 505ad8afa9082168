"""Which letters' notes have room beside the text."""

import re
from pathlib import Path

from hypothesis import given

import app
from app.documents import markdown, side_notes
from tests.documents import trees

SENTENCE = "The licence was withdrawn without a hearing and without a reason that anybody was told."
PAGE = "\n\n".join([" ".join([SENTENCE] * 5)] * 6)


def fit(body: str, *notes: str) -> bool:
    written = "\n\n".join(f"[^{number}]: {note}" for number, note in enumerate(notes, 1))
    return side_notes.fit(markdown.parse(f"{body}\n\n{written}"))


def test_a_note_in_the_middle_of_a_letter_has_room() -> None:
    assert fit(f"{SENTENCE}[^1]\n\n{PAGE}", SENTENCE)


def test_without_notes_there_is_nothing_to_place() -> None:
    assert not fit(PAGE)


def test_a_note_longer_than_what_is_left_of_the_letter_has_none() -> None:
    assert not fit(f"{PAGE}\n\n{SENTENCE}[^1]", SENTENCE * 5)
    assert not fit(f"{SENTENCE}[^1]", SENTENCE * 5)
    assert fit(f"{SENTENCE}[^1]\n\n{PAGE}", SENTENCE * 5)


def test_notes_push_each_other_down() -> None:
    many = [SENTENCE] * 12
    together = "".join(f"[^{number}]" for number in range(1, 13))
    assert fit(f"{SENTENCE}{together}\n\n{PAGE}", *many)
    assert not fit(f"{SENTENCE}\n\n{PAGE}{together}", *many)


def test_more_notes_than_the_style_sheet_has_places_for_stay_below() -> None:
    def short(number: int) -> bool:
        references = "\n\n".join(f"{SENTENCE * 3}[^{one}]" for one in range(1, number + 1))
        return fit(f"{references}\n\n{PAGE}", *["Ibid."] * number)

    assert short(side_notes.MOST)
    assert not short(side_notes.MOST + 1)


def test_a_reference_in_a_table_or_a_list_counts_where_it_stands() -> None:
    table = "| A | B |\n|---|---|\n| one[^1] | two |"
    assert fit(f"{table}\n\n{PAGE}", SENTENCE)
    assert not fit(f"{PAGE}\n\n{table}", SENTENCE * 5)
    assert not fit(f"{PAGE}\n\n- one\n- two[^1]", SENTENCE * 5)


@given(trees.trees())
def test_every_tree_can_be_asked(tree: markdown.Tree) -> None:
    assert side_notes.fit(tree) in (True, False)


def test_each_note_has_a_place_in_the_style_sheet() -> None:
    sheet = (Path(app.__file__).parent / "static" / "undersigned.css").read_text(encoding="utf-8")
    places = re.findall(r"\[id\|=note-(\d+)\] \{ (.+) \}", sheet)
    assert places == [
        (f"{n}", f"--reference: --reference-{n}; --note: --note-{n}; --before: --note-{n - 1};")
        for n in range(1, side_notes.MOST + 1)
    ]
