"""How many are listed under each of many letters, for pages that show no list of any."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from app.db import Db
from app.endorsement.endorsements import LISTED, Endorsement
from app.letter.letters import Letter


class Tallies:
    """Those of one process, each counted once for a revision of its letter."""

    def __init__(self) -> None:
        self._known: dict[UUID, tuple[int, int]] = {}  # revision and number

    def of(self, db: Db, letters: Collection[Letter]) -> dict[UUID, int]:
        """By the letters' ids. One statement, however many have changed."""
        known = self._known.copy()  # what others learn meanwhile may be of another revision
        changed = [one for one in letters if known.get(one.id, (-1, 0))[0] != one.revision]
        if changed:
            counted = _counted(db, changed)
            known |= {one.id: (one.revision, counted.get(one.id, 0)) for one in changed}
            self._known = known
        return {one.id: known[one.id][1] for one in letters}


def _counted(db: Db, letters: Collection[Letter]) -> dict[UUID, int]:
    found = (
        select(col(Endorsement.letter_id), func.count().label("number"))
        .where(col(Endorsement.letter_id).in_([one.id for one in letters]), LISTED)
        .group_by(col(Endorsement.letter_id))
    )
    return {row.letter_id: row.number for row in db.execute(found)}
