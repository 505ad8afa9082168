"""The names of a letter or an address book as an index that is kept between requests: building it
takes time, and names hardly ever go."""

from collections.abc import Collection, Iterable
from threading import Lock
from uuid import UUID

from app.name.nearness import Near, Nearness

_KEPT = 8


class KeptNames:
    """What went away is still found here, but whoever asks knows that nobody has it any more."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._nearness = Nearness()
        self._names: list[str] = []
        self._known: set[str] = set()

    def take(self, names: Iterable[str]) -> None:
        with self._lock:
            for name in names:
                if name not in self._known:
                    self._known.add(name)
                    self._names.append(name)
                    self._nearness.add(name)

    def near(self, name: str) -> list[tuple[str, Near]]:
        with self._lock:
            return [(self._names[near.place], near) for near in self._nearness.near(name)]

    def is_stale(self, number: int) -> bool:
        return len(self._names) > 2 * number + 100


def kept(of: UUID, names: Collection[str]) -> KeptNames:
    """The index of a letter's or book's names, with those that are new."""
    with _keeping:
        index = _indexes.pop(of, None)
        if not index or index.is_stale(len(names)):
            index = KeptNames()
        _indexes[of] = index  # the last used is the last to go
        while len(_indexes) > _KEPT:
            _indexes.pop(next(iter(_indexes)))
    index.take(names)
    return index


_indexes: dict[UUID, KeptNames] = {}
_keeping = Lock()
