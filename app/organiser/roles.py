"""Roles: what each organiser may do on which letter.

Who has no role on a letter doesn't learn that it is there; who has one but not the ability is told.
"""

from collections.abc import Collection
from typing import Literal
from uuid import UUID

from sqlalchemy import Column, Index, String, UniqueConstraint, select
from sqlmodel import Field, col

from app.db import Db, Table, new_id
from app.errors import Refused
from app.i18n import _

Ability = Literal["look", "review", "edit", "own"]

OWNER = "owner"
ROLES = (OWNER, "editor", "reviewer", "viewer")

LOOK: Ability = "look"
REVIEW: Ability = "review"  # decide about signatories
EDIT: Ability = "edit"  # the text, its settings, and whom it is sent to
OWN: Ability = "own"  # open and close it, and say who else works on it

ABILITIES: dict[str, tuple[Ability, ...]] = {
    OWNER: (LOOK, REVIEW, EDIT, OWN),
    "editor": (LOOK, EDIT),
    "reviewer": (LOOK, REVIEW),
    "viewer": (LOOK,),
}

# What the two who agree to something need, where a letter asks for two (app.organiser.agreed).
DECIDING: tuple[Ability, ...] = (REVIEW, OWN)


class Role(Table, table=True):
    __table_args__ = (UniqueConstraint("organiser_id", "letter_id"), Index(None, "letter_id"))

    id: UUID = Field(default_factory=new_id, primary_key=True)
    organiser_id: UUID = Field(foreign_key="organiser.id", ondelete="CASCADE")
    letter_id: UUID = Field(foreign_key="letter.id", ondelete="CASCADE")
    role: str = Field(sa_column=Column(String(10), nullable=False))


def lock(db: Db, letter_id: UUID) -> None:
    """Changes of one team come one after another, until the transaction ends."""
    team = select(col(Role.id)).where(col(Role.letter_id) == letter_id).order_by(col(Role.id))
    db.execute(team.with_for_update())


def with_ability(ability: Ability) -> tuple[str, ...]:
    """The roles that may do this."""
    return tuple(role for role, abilities in ABILITIES.items() if ability in abilities)


def gives_say(role: str, was: str = "") -> bool:
    """Whether somebody who gets this role can agree to more than with the one they had."""
    before = ABILITIES[was] if was else ()
    return any(one in DECIDING and one not in before for one in ABILITIES[role])


def abilities(db: Db, organiser_id: UUID, letter_id: UUID) -> tuple[Ability, ...]:
    """What the organiser may do on the letter; nothing at all without a role."""
    query = select(col(Role.role)).where(
        col(Role.organiser_id) == organiser_id, col(Role.letter_id) == letter_id
    )
    role = db.scalars(query).first()
    return ABILITIES[role] if role else ()


def of(db: Db, organiser_id: UUID, letter_ids: Collection[UUID]) -> dict[UUID, str]:
    """The organiser's roles by letter."""
    query = select(col(Role.letter_id), col(Role.role)).where(
        col(Role.organiser_id) == organiser_id, col(Role.letter_id).in_(letter_ids)
    )
    return {row.letter_id: row.role for row in db.execute(query)}


def checked(role: str) -> str:
    """A role that somebody chose; raises Refused for anything else."""
    if role not in ROLES:
        raise Refused(_("Choose one of the roles offered."), "role")
    return role


def refusal(ability: Ability) -> str:
    """The sentence for somebody on the letter who may not do this."""
    sentences: dict[Ability, str] = {
        "look": _("You may not see this letter."),
        "review": _("You may look at this letter, but not decide about its signatories."),
        "edit": _("You may look at this letter, but not change it."),
        "own": _("Only an owner of the letter may do this."),
    }
    return sentences[ability]


def role_name(role: str) -> str:
    names = {
        OWNER: _("Owner"),
        "editor": _("Editor"),
        "reviewer": _("Reviewer"),
        "viewer": _("Viewer"),
    }
    return names[role]


def role_help(role: str) -> str:
    """What the role is for, in a sentence."""
    sentences = {
        OWNER: _("May do everything: open and close the letter, and say who works on it."),
        "editor": _("Writes: the text, the settings, invitations and messages."),
        "reviewer": _("Decides about signatories in the queue."),
        "viewer": _("Looks, and changes nothing."),
    }
    return sentences[role]
