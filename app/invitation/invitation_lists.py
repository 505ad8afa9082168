"""The circulation list as organisers look at it: filtered, in pages, in columns by state."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select
from sqlmodel import col

from app.db import Db
from app.errors import Refused
from app.i18n import _
from app.invitation.invitations import STATUSES, Invitation
from app.letter.letters import Letter
from app.name.names import fold
from app.organiser.organisers import Organiser, shown_names
from app.organiser.roles import Role

# The first column of the board: taken in, but no mail has left.
UNMAILED = "unmailed"
COLUMNS = (UNMAILED, *STATUSES)
NOBODY = "nobody"


@dataclass(frozen=True)
class Filter:
    """What is looked for; "" says nothing. `status` may be `UNMAILED`, `owner` an organiser's id
    or `NOBODY`, `country` a code."""

    status: str = ""
    owner: str = ""
    country: str = ""
    words: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.status or self.owner or self.country or fold(self.words))

    def parameters(self) -> dict[str, str]:
        given = {
            "status": self.status,
            "owner": self.owner,
            "country": self.country,
            "q": self.words,
        }
        return {name: value for name, value in given.items() if value}

    def conditions(self, letter: Letter) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = [col(Invitation.letter_id) == letter.id]
        if self.status:
            found.append(_in_column(self.status))
        if self.owner == NOBODY:
            found.append(col(Invitation.owner_id).is_(None))
        elif self.owner:
            found.append(_is_owned_by(self.owner))
        if self.country:
            found.append(col(Invitation.country) == self.country)
        found += [_has_word(word) for word in self.words.split()[:10] if fold(word)]
        return found


def page(
    db: Db, letter: Letter, wanted: Filter, *, after: UUID | None = None, limit: int
) -> Sequence[Invitation]:
    """A page of those that the filter lets through, by name, after the one with that id."""
    query = select(Invitation).where(*wanted.conditions(letter))
    last = db.get(Invitation, after) if after else None
    if last:
        later = and_(col(Invitation.folded) == last.folded, col(Invitation.id) > last.id)
        query = query.where(or_(col(Invitation.folded) > last.folded, later))
    return db.scalars(query.order_by(col(Invitation.folded), col(Invitation.id)).limit(limit)).all()


def ids(db: Db, letter: Letter, wanted: Filter) -> list[UUID]:
    """All that a filter lets through; raises Refused for one that says nothing."""
    if wanted.is_empty:
        raise Refused(_("Choose a filter first: no filter doesn't mean everybody."))
    query = select(col(Invitation.id)).where(*wanted.conditions(letter))
    return list(db.scalars(query.order_by(col(Invitation.folded), col(Invitation.id))))


def number(db: Db, letter: Letter, wanted: Filter) -> int:
    query = select(func.count()).select_from(Invitation).where(*wanted.conditions(letter))
    return db.scalar(query) or 0


def counts(db: Db, letter: Letter) -> dict[str, int]:
    """How many stand in each column."""
    is_unmailed = and_(col(Invitation.invited_at).is_(None), col(Invitation.status) == "invited")
    column = case((is_unmailed, UNMAILED), else_=col(Invitation.status))
    query = (
        select(column, func.count()).where(col(Invitation.letter_id) == letter.id).group_by(column)
    )
    return dict.fromkeys(COLUMNS, 0) | {row[0]: row[1] for row in db.execute(query)}


def countries(db: Db, letter: Letter) -> list[str]:
    """The codes of the countries on the list."""
    query = select(col(Invitation.country)).where(
        col(Invitation.letter_id) == letter.id, col(Invitation.country) != ""
    )
    return list(db.scalars(query.distinct()))


def organisers_of(db: Db, letter: Letter) -> list[tuple[UUID, str]]:
    """Who works on the letter, by id and name."""
    query = select(Organiser).join(Role, col(Role.organiser_id) == col(Organiser.id))
    found = db.scalars(query.where(col(Role.letter_id) == letter.id).order_by(col(Organiser.id)))
    return list(shown_names(db, found).items())


def _in_column(status: str) -> ColumnElement[bool]:
    if status == UNMAILED:
        return and_(col(Invitation.status) == "invited", col(Invitation.invited_at).is_(None))
    if status == "invited":
        return and_(col(Invitation.status) == "invited", col(Invitation.invited_at).is_not(None))
    return col(Invitation.status) == status


def _has_word(word: str) -> Any:
    return or_(
        col(Invitation.folded).contains(fold(word), autoescape=True),
        col(Invitation.name).icontains(word, autoescape=True),
    )


def _is_owned_by(typed: str) -> ColumnElement[bool]:
    try:
        return col(Invitation.owner_id) == UUID(typed)
    except ValueError:
        return false()
