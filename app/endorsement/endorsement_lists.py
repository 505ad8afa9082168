"""A letter's endorsements as pages and figures show them: by state, by words, by version."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, not_, select
from sqlmodel import col

from app.db import Db
from app.endorsement.endorsements import MERGEABLE, STATUSES, Endorsement
from app.letter.letters import Letter


def with_status(
    db: Db,
    letter: Letter,
    status: str,
    *,
    merged: bool = False,
    after: UUID | None = None,
    limit: int = 50,
) -> Sequence[Endorsement]:
    """A page of a letter's endorsements in one state, the oldest first; with `merged` also those
    that stand under another line."""
    condition = col(Endorsement.status) == status
    if not merged:
        condition = and_(condition, stands_alone())
    return page_of(db, letter, condition, after, "", limit)


def stands_alone() -> ColumnElement[bool]:
    """Whether it is a line of its own: those that go no further show what became of them."""
    is_merged = col(Endorsement.merged_into).is_not(None)
    return not_(and_(is_merged, col(Endorsement.status).in_(MERGEABLE)))


def page_of(
    db: Db,
    letter: Letter,
    condition: ColumnElement[bool],
    after: UUID | None,
    words: str,
    limit: int | None,
) -> Sequence[Endorsement]:
    """A page of a letter's endorsements that meet a condition, the oldest first; all of them where
    `limit` is None."""
    query = select(Endorsement).where(
        col(Endorsement.letter_id) == letter.id, condition, *named(words)
    )
    if after:
        query = query.where(col(Endorsement.id) > after)
    return db.scalars(query.order_by(col(Endorsement.id)).limit(limit)).all()


def named(words: str) -> list[ColumnElement[bool]]:
    """Of endorsements: that these words, folded, are all in the folded name."""
    folded = col(Endorsement.folded)
    return [folded.contains(word, autoescape=True) for word in words.split()[:10]]


def counts(db: Db, letter_ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    """How many endorsements each letter has in each status."""
    found: dict[UUID, dict[str, int]] = {id_: dict.fromkeys(STATUSES, 0) for id_ in letter_ids}
    query = (
        select(col(Endorsement.letter_id), col(Endorsement.status), func.count())
        .where(col(Endorsement.letter_id).in_(letter_ids), stands_alone())
        .group_by(col(Endorsement.letter_id), col(Endorsement.status))
    )
    for letter_id, status, number in db.execute(query):
        found[letter_id][status] = number
    return found


def by_version(db: Db, letter: Letter) -> dict[UUID, int]:
    """How many have signed each version, as far as they confirmed and stand by it."""
    query = (
        select(col(Endorsement.version_id), func.count())
        .where(
            col(Endorsement.letter_id) == letter.id,
            col(Endorsement.status).in_(("verified", "approved")),
            stands_alone(),
        )
        .group_by(col(Endorsement.version_id))
    )
    return {row[0]: row[1] for row in db.execute(query)}


def ids_of(db: Db, public_ids: Collection[str]) -> dict[str, UUID]:
    """The keys of some listed lines, by the ids that the public knows them by."""
    query = select(col(Endorsement.public_id), col(Endorsement.id)).where(
        col(Endorsement.public_id).in_(public_ids)
    )
    return {row.public_id: row.id for row in db.execute(query)}
