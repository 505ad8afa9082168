"""Places in a list ordered by hand: numbers that leave room for those the letter's file names and
who are not listed yet."""

from collections.abc import Mapping, Sequence


def with_room(arranged: Sequence[str], file: Sequence[str]) -> list[int]:
    """The places of the names as arranged, with a gap for every name of the file that is missing:
    behind the one it follows in the file, or at the head."""
    present = set(arranged)
    room = _room(file, present)
    places, place = [], room.get("", 0)
    for name in arranged:
        places.append(place)
        place += 1 + room.pop(name, 0)
    return places


def place_of(name: str, file: Sequence[str], places: Mapping[str, int]) -> int | None:
    """The place the file gives a name that comes to be listed; None if it doesn't name it.

    `places` are those of the names listed already.
    """
    if name not in file:
        return None
    index = file.index(name)
    for distance, before in enumerate(reversed(file[:index]), start=1):
        if before in places:
            return places[before] + distance
    return index


def as_typed(places: Sequence[str]) -> list[int]:
    """The indexes of lines by the places typed beside them, 1 for the first; a line beside which no
    place was typed stays where it stands."""

    def place(index: int) -> tuple[int, int]:
        """Whoever moved to a place stands before or behind its owner."""
        now, typed = index + 1, places[index]
        wanted = int(typed) if typed.isdecimal() and len(typed) < 9 else now
        return wanted, (wanted > now) - (wanted < now)

    return sorted(range(len(places)), key=place)


def _room(file: Sequence[str], present: set[str]) -> dict[str, int]:
    """How many missing names follow each present one in the file; "" stands for its head."""
    room: dict[str, int] = {}
    last = ""
    for name in file:
        if name in present:
            last = name
        else:
            room[last] = room.get(last, 0) + 1
    return room
