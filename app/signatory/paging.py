"""Pages of a list that others change while one reads it.

A cursor names the lines on both sides of the border between two pages, so that no line is left out
or shown twice when one of them goes; only where both have gone does it help where they stood.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


class HasId(Protocol):
    @property
    def id(self) -> str: ...


Line = TypeVar("Line", bound=HasId)


@dataclass(frozen=True)
class Part(Generic[Line]):
    """`start` counts the lines before this page. `previous` and `following` are the cursors of the
    pages beside it: "" is that of the first page, None if there is none."""

    lines: Sequence[Line]
    start: int
    previous: str | None
    following: str | None


def part(
    lines: Sequence[Line], places: Mapping[str, int], size: int, after: str = ""
) -> Part[Line]:
    """The page behind a cursor. `places` are those of all ids in the order that `lines` follow,
    even of ids that are not among them."""
    start = _start(lines, places, after)
    end, before = start + size, max(start - size, 0)
    return Part(
        lines=lines[start:end],
        start=start,
        previous=_cursor(lines, before) if start else None,
        following=_cursor(lines, end) if end < len(lines) else None,
    )


def cursor_at(lines: Sequence[Line], places: Mapping[str, int], size: int, wanted: str) -> str:
    """The cursor of the page on which an id stands; "", the first, if it is not among them."""
    start = _behind(lines, places, wanted) - 1 if wanted in places else -1
    is_there = start >= 0 and lines[start].id == wanted
    return _cursor(lines, start // size * size) if is_there else ""


def _cursor(lines: Sequence[Line], start: int) -> str:
    return f"{lines[start - 1].id}-{lines[start].id}-{start - 1}" if start else ""


def _start(lines: Sequence[Line], places: Mapping[str, int], after: str) -> int:
    last, _hyphen, rest = after.partition("-")
    following, _hyphen, place = rest.rpartition("-")
    if last in places:
        return _behind(lines, places, last)
    if following in places:
        return bisect_left(lines, places[following], key=lambda line: places[line.id])
    return min(int(place), len(lines)) if place.isdecimal() and len(place) < 9 else 0


def _behind(lines: Sequence[Line], places: Mapping[str, int], id_: str) -> int:
    return bisect_right(lines, places[id_], key=lambda line: places[line.id])
