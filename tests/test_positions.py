"""Places by hand leave room for those the letter's file names and who come later."""

import pytest

from app.signatory import positions


def arrived(arranged: list[str], file: list[str], coming: list[str]) -> list[str]:
    """The list once those who come have taken their places."""
    places = dict(zip(arranged, positions.with_room(arranged, file), strict=True))
    for name in coming:
        place = positions.place_of(name, file, places)
        assert place not in places.values()
        places[name] = max(places.values(), default=-1) + 1 + len(file) if place is None else place
    return sorted(places, key=places.__getitem__)


@pytest.mark.parametrize(
    ("arranged", "file", "coming", "expected"),
    [
        ("ABC", "", "D", "ABCD"),
        ("", "ABC", "CAB", "ABC"),
        ("AC", "ABC", "B", "ABC"),
        ("CA", "ABC", "B", "CAB"),  # behind the one it follows in the file
        ("CA", "ABXYC", "YXB", "CABXY"),
        ("BA", "XAB", "X", "XBA"),  # nobody before it is there: at the head
        ("BA", "XYAZB", "ZYX", "XYBAZ"),
        ("QAP", "AB", "ZB", "QABPZ"),
        ("A", "AB", "ZB", "ABZ"),
    ],
)
def test_latecomers_of_the_file_find_their_places_in_a_list_arranged_by_hand(
    arranged: str, file: str, coming: str, expected: str
) -> None:
    assert arrived([*arranged], [*file], [*coming]) == [*expected]


def test_equal_names_keep_places_of_their_own() -> None:
    assert positions.with_room(["A", "A", "B"], ["A", "X", "B"]) == [0, 2, 3]
