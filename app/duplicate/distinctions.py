"""Pairs of endorsements that look like one signer's and are not: somebody has said so."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, col

from app.db import Db, Moment, Table
from app.endorsement.endorsements import Endorsement
from app.letter.letters import Letter
from app.trail import audit

Pair = tuple[UUID, UUID]


class Distinction(Table, table=True):
    """`one_id` is the smaller of the two."""

    one_id: UUID = Field(primary_key=True, foreign_key="endorsement.id", ondelete="CASCADE")
    two_id: UUID = Field(
        primary_key=True, foreign_key="endorsement.id", ondelete="CASCADE", index=True
    )
    letter_id: UUID = Field(foreign_key="letter.id", ondelete="CASCADE", index=True)
    created_at: datetime = Field(sa_type=Moment)


def pair(one: UUID, two: UUID) -> Pair:
    return (one, two) if one < two else (two, one)


def pairs(db: Db, letter: Letter) -> set[Pair]:
    return {(one.one_id, one.two_id) for one in of_letter(db, letter)}


def of_letter(db: Db, letter: Letter) -> Sequence[Distinction]:
    """All of a letter, the newest first."""
    query = select(Distinction).where(col(Distinction.letter_id) == letter.id)
    newest_first = (col(Distinction.created_at).desc(), col(Distinction.one_id))
    return db.scalars(query.order_by(*newest_first)).all()


def tell_apart(db: Db, one: Endorsement, two: Endorsement, *, by: audit.Actor) -> None:
    """They are not the same; says nothing if that was said before."""
    ids = pair(one.id, two.id)
    insert = postgresql.insert if db.is_postgresql else sqlite.insert
    said = insert(Distinction).values(
        one_id=ids[0], two_id=ids[1], letter_id=one.letter_id, created_at=db.now
    )
    # Two may say it at once.
    if db.execute(said.on_conflict_do_nothing().returning(col(Distinction.one_id))).first():
        _record(db, "told apart", one, two, by)


def forget(db: Db, one: Endorsement, two: Endorsement, *, by: audit.Actor) -> None:
    """They may be the same after all; says nothing if that was said before."""
    ids = pair(one.id, two.id)
    gone = delete(Distinction).where(
        col(Distinction.one_id) == ids[0], col(Distinction.two_id) == ids[1]
    )
    if db.changed(gone):
        _record(db, "no longer told apart", one, two, by)


def _record(db: Db, action: str, one: Endorsement, two: Endorsement, by: audit.Actor) -> None:
    for subject, other in ((one, two), (two, one)):
        audit.record_about(db, action, subject, by=by, other=other.public_id)
