"""The list in the order that organisers gave it by hand, or that the file of the letter has."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, func, select, update
from sqlmodel import col

from app.db import Db
from app.endorsement.endorsements import Endorsement
from app.letter import letters
from app.letter.letters import Letter
from app.name.names import fold
from app.signatory import positions
from app.trail import audit


def put_in_order(db: Db, letter: Letter, public_ids: Sequence[str], *, by: audit.Actor) -> None:
    """The list as ordered by hand; those not named keep their order, after the named."""
    _lock_approved(db, letter)
    known = {row.public_id: row.folded for row in _in_places(db, letter)}
    arranged = [public_id for public_id in dict.fromkeys(public_ids) if public_id in known]
    places = positions.with_room([known[one] for one in arranged], _named_in_file(letter))
    number = _renumber(db, letter, "public_id", dict(zip(arranged, places, strict=True)))
    audit.record(db, "ordered by hand", by=by, letter_id=letter.id, signatories=number)
    letters.revise(db, letter.id)


def follow_file(db: Db, letter: Letter) -> None:
    """The same with the names that the letter's file lists."""
    _lock_approved(db, letter)
    places = {name: place for place, name in reversed([*enumerate(_named_in_file(letter))])}
    _renumber(db, letter, "folded", places)
    letters.revise(db, letter.id)


def next_position(db: Db, letter: Letter, endorsement: Endorsement) -> int:
    """Where the letter's file puts this name, else after all others."""
    file, name = _named_in_file(letter), fold(endorsement.listed_name)
    # Confidential ones must not move a line that the public sees.
    listed = {
        row.folded: row.position
        for row in (_in_places(db, letter) if name in file else ())
        if row.visibility == "public" and row.position is not None
    }
    place = positions.place_of(name, file, listed)
    if place is not None:
        return place
    highest = db.scalar(
        select(func.max(Endorsement.position)).where(col(Endorsement.letter_id) == letter.id)
    )
    # All that the file names and who may still come find room before.
    return (-1 if highest is None else highest) + 1 + len(file)


def _named_in_file(letter: Letter) -> list[str]:
    return [fold(name) for name in letter.listed_order]


def _lock_approved(db: Db, letter: Letter) -> None:
    """Of two who arrange at once, one does so after the other; always in the same order, and
    before the letter's own row, as every verb locks."""
    approved = and_(col(Endorsement.letter_id) == letter.id, col(Endorsement.status) == "approved")
    ids = select(col(Endorsement.id)).where(approved).order_by(col(Endorsement.id))
    db.execute(ids.with_for_update())


def _in_places(db: Db, letter: Letter) -> Sequence[Any]:
    """The approved in their places by hand."""
    e = Endorsement
    return db.execute(
        select(col(e.id), col(e.public_id), col(e.folded), col(e.visibility), col(e.position))
        .where(col(e.letter_id) == letter.id, col(e.status) == "approved")
        .order_by(col(e.position), col(e.id))
    ).all()


def _renumber(db: Db, letter: Letter, column: str, places: dict[str, int]) -> int:
    after = max(places.values(), default=-1) + 1
    changes = [
        {"id": row.id, "position": places.get(getattr(row, column), after + number)}
        for number, row in enumerate(_in_places(db, letter))
    ]
    if changes:
        db.execute(update(Endorsement), changes)
    return len(changes)
