"""Pairs of a letter's organisations whose names are near, found once and kept: comparing all names
of a long list takes seconds, so each is compared with the others when it is new or changed.

`Endorsement.compared_at` says that this was done; what is not compared yet has no pairs here.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Float,
    String,
    and_,
    delete,
    insert,
    or_,
    select,
    update,
)
from sqlmodel import Field, col

from app.db import Db, Table
from app.duplicate import distinctions
from app.endorsement.endorsements import MERGEABLE, Endorsement
from app.name.kept_names import kept
from app.name.nearness import How, Near
from app.organisation.organisations import portions

# So many are compared at a time, each with so many of one name at most.
BATCH = 200
_OF_ONE_NAME = 30


class NamePair(Table, table=True):
    """`one_id` is the smaller of the two; `score` and `how` are `nearness.Near`'s."""

    __tablename__ = "name_pair"

    one_id: UUID = Field(primary_key=True, foreign_key="endorsement.id", ondelete="CASCADE")
    two_id: UUID = Field(
        primary_key=True, foreign_key="endorsement.id", ondelete="CASCADE", index=True
    )
    letter_id: UUID = Field(foreign_key="letter.id", ondelete="CASCADE", index=True)
    score: float = Field(sa_column=Column(Float, nullable=False))
    how: str = Field(sa_column=Column(String(10), nullable=False))


class Found(NamedTuple):
    one_id: UUID
    two_id: UUID
    score: float
    how: How


class Compared(NamedTuple):
    """What a pass came to; `names` by endorsement, as they were."""

    letter_id: UUID
    names: dict[UUID, str]
    pairs: list[Found]


def of_letter(db: Db, letter_id: UUID) -> list[Found]:
    p = NamePair
    query = select(col(p.one_id), col(p.two_id), col(p.score), col(p.how))
    return [Found(*row) for row in db.execute(query.where(col(p.letter_id) == letter_id))]


def compare_due(db: Db) -> Compared | None:
    """Compares some that are due, of one letter; None if there are none. Writes nothing."""
    query = select(col(Endorsement.letter_id)).where(_is_due()).limit(1)
    letter_id = db.scalar(query)
    if not letter_id:
        return None
    rows = db.execute(_organisations(letter_id)).all()
    due = [row for row in rows if row.compared_at is None][:BATCH]
    names = {row.id: row.organisation for row in due}
    return Compared(letter_id, names, list(pairs(letter_id, rows, due)))


def keep(db: Db, compared: Compared) -> None:
    """Notes the pairs of those that are still called so and that nobody else has compared."""
    e, p = Endorsement, NamePair
    claim = update(e).where(col(e.id).in_(compared.names), col(e.compared_at).is_(None))
    claimed = claim.values(compared_at=db.now).returning(col(e.id), col(e.organisation))
    now = {row.id: row.organisation for row in db.execute(claimed)}
    done = {id_ for id_, name in now.items() if compared.names[id_] == name}
    renamed = now.keys() - done
    if renamed:
        db.execute(update(e).where(col(e.id).in_(renamed)).values(compared_at=None))
    db.execute(delete(p).where(or_(col(p.one_id).in_(done), col(p.two_id).in_(done))))
    others = {id_ for one in compared.pairs for id_ in one[:2]} - compared.names.keys()
    alive = done | set(_alive(db, others))
    near = [one for one in compared.pairs if {*one[:2]} <= alive]
    if near:
        letter = {"letter_id": compared.letter_id}
        db.execute(insert(p), [one._asdict() | letter for one in near])


def _alive(db: Db, ids: set[UUID]) -> Iterator[UUID]:
    for some in portions(sorted(ids)):
        yield from db.scalars(select(col(Endorsement.id)).where(col(Endorsement.id).in_(some)))


def pairs(letter_id: UUID, rows: Iterable[Any], due: Iterable[Any]) -> Iterator[Found]:
    """Of those due with any, each pair once; those of one and the same name are none."""
    by_name: dict[str, list[UUID]] = defaultdict(list)
    for row in rows:
        by_name[row.organisation].append(row.id)
    index = kept(letter_id, by_name)
    near = {name: index.near(name) for name in {row.organisation for row in due}}
    seen: set[distinctions.Pair] = set()
    for row in due:
        for id_, found in _others(row.organisation, near[row.organisation], by_name):
            one_id, two_id = pair = distinctions.pair(row.id, id_)
            if pair not in seen:
                seen.add(pair)
                yield Found(one_id, two_id, found.score, found.how)


def _others(
    name: str, near: Sequence[tuple[str, Near]], by_name: dict[str, list[UUID]]
) -> Iterator[tuple[UUID, Near]]:
    for other, found in near:
        for id_ in by_name.get(other, ())[:_OF_ONE_NAME] if other != name else ():
            yield id_, found


def _organisations(letter_id: UUID) -> Any:
    e = Endorsement
    return select(col(e.id), col(e.organisation), col(e.compared_at)).where(
        col(e.letter_id) == letter_id, _is_compared()
    )


def _is_due() -> ColumnElement[bool]:
    return and_(_is_compared(), col(Endorsement.compared_at).is_(None))


def _is_compared() -> ColumnElement[bool]:
    e = Endorsement
    return and_(col(e.kind) == "organisation", col(e.status).in_(MERGEABLE))
