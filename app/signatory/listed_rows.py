"""The rows of endorsements that are listed, and which of them have changed."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Row, func, literal, select
from sqlmodel import col

from app.db import Db
from app.endorsement.endorsements import Endorsement
from app.letter.letters import Letter
from app.letter.versions import Version
from app.signatory.list_memory import PART, Sum

# More rows than this are found quicker among all than by their ids.
MOST_NAMED = 200


def query(letter: Letter) -> Any:
    """All that lines are made from."""
    e = Endorsement
    return (
        select(
            col(e.public_id),
            col(e.kind),
            col(e.name),
            col(e.role),
            col(e.organisation),
            col(e.country),
            col(e.website),
            col(e.logo),
            col(e.category),
            col(e.folded),
            col(e.verified_at),
            col(e.created_at),
            col(e.origin),
            col(e.sort_key),
            col(e.position),
            col(e.stamp),
            col(Version.number).label("version"),
        )
        .join(Version, col(Version.id) == col(e.version_id))
        .where(*are_listed(letter))
    )


def are_listed(letter: Letter) -> tuple[ColumnElement[bool], ...]:
    # Written out, as in the index for such rows: it is used only where its own words stand.
    return (
        col(Endorsement.letter_id) == letter.id,
        col(Endorsement.status) == literal("approved", literal_execute=True),
        col(Endorsement.visibility) == literal("public", literal_execute=True),
        col(Endorsement.hidden_at).is_(None),
        col(Endorsement.merged_into).is_(None),
    )


def sums(db: Db, letter: Letter) -> dict[str, Sum]:
    """How many there are and the sums of their stamps, by the beginnings of public ids."""
    part = _part()
    rows = db.connection().execute(
        select(part, func.count(), func.sum(col(Endorsement.stamp)))
        .where(*are_listed(letter))
        .group_by(part)
    )
    return {beginning: Sum(number, int(total)) for beginning, number, total in rows}


def stamps(db: Db, letter: Letter, parts: Collection[str]) -> dict[str, int]:
    """By public id, of those that begin so."""
    asked = select(col(Endorsement.public_id), col(Endorsement.stamp)).where(*are_listed(letter))
    if len(parts) <= MOST_NAMED:
        asked = asked.where(_part().in_(parts))
    rows = db.connection().execute(asked)
    return {public_id: stamp for public_id, stamp in rows if public_id[:PART] in parts}


def named(db: Db, letter: Letter, ids: Collection[str]) -> list[Row[Any]]:
    """Those with these public ids."""
    asked = query(letter)
    if len(ids) <= MOST_NAMED:
        asked = asked.where(col(Endorsement.public_id).in_(ids))
    return [row for row in db.execute(asked) if row.public_id in ids]


def _part() -> ColumnElement[str]:
    written_out = [literal(number, literal_execute=True) for number in (1, PART)]
    return func.substr(col(Endorsement.public_id), *written_out)
