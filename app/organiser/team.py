"""The team: who works on a letter in which role, and what owners change about it.

Every change stands in the audit trail and is told by mail: to whom it concerns, and to the other
owners, so that none rearranges a team behind the others' backs.
"""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update
from sqlmodel import col

from app import throttle
from app.db import Db
from app.errors import Conflict, NotFound, Refused, TooMany
from app.i18n import _
from app.letter.letters import Letter
from app.organiser import (
    colleagues,
    organisers,
    roles,
    sessions,
    team_invitations,
    two_person,
)
from app.organiser.organisers import Organiser, shown_name
from app.organiser.roles import OWNER, Ability, Role
from app.trail import audit
from app.webhook import webhooks


class Member(NamedTuple):
    organiser: Organiser
    role: str


def members(db: Db, letter: Letter) -> list[Member]:
    """The owners first; among equals whoever joined first."""
    query = select(Organiser, col(Role.role)).join(
        Role, col(Role.organiser_id) == col(Organiser.id)
    )
    found = db.execute(query.where(col(Role.letter_id) == letter.id).order_by(col(Role.id))).all()
    return sorted((Member(*row) for row in found), key=lambda one: roles.ROLES.index(one.role))


def member(db: Db, letter: Letter, organiser_id: UUID, seen: str = "") -> Member:
    """Raises NotFound for whoever has no role on the letter, and Conflict if they have another
    than `seen`, which a page that was open showed."""
    found = [one for one in members(db, letter) if one.organiser.id == organiser_id]
    if not found:
        raise NotFound(_("This person doesn't work on the letter."))
    if seen not in ("", found[0].role):
        raise _changed_meanwhile()
    return found[0]


def change_role(db: Db, letter: Letter, changed: Member, role: str, *, by: Organiser) -> None:
    """Whether another owner has to agree first is for app.organiser.team_moves."""
    role = roles.checked(role)
    if role == changed.role:
        return
    lock(db, letter, by)
    if not throttle.spend(db, throttle.ROLE_CHANGES, str(by.id)):
        raise TooMany(
            _("You have changed many roles in this hour, and each is mailed. Please go on later.")
        )
    if role != OWNER:
        _must_leave_owners(db, letter, changed)
    if db.changed(update(Role).where(_is(letter, changed)).values(role=role)) != 1:
        raise _changed_meanwhile()
    if changed.role == OWNER:
        _end_what_owners_began(db, letter, changed, by)
        organisers.keep_or_begin_book(db, changed.organiser)
    _record(db, letter, "role changed", changed, by, role=role, was=changed.role)
    if changed.organiser.id != by.id:
        who = shown_name(db, by)
        colleagues.write(db, changed.organiser, letter, "role_changed", who=who, role=role)
    colleagues.tell_owners(
        db, letter, "changed", changed.organiser, role, by=by, besides=changed.organiser
    )


def remove(db: Db, letter: Letter, removed: Member, *, by: Organiser) -> None:
    """They are out at once: their sessions end, whom they invited is invited no longer, and the
    webhooks they added are called no more."""
    if removed.organiser.id == by.id:
        raise Conflict(_("You can't remove yourself; you can leave the letter."))
    lock(db, letter, by)
    _take_out(db, letter, removed, by)
    sessions.end_all(db, removed.organiser.id)
    _record(db, letter, "role taken", removed, by, role=removed.role)
    colleagues.write(db, removed.organiser, letter, "role_ended", who=shown_name(db, by))
    colleagues.tell_owners(db, letter, "removed", removed.organiser, removed.role, by=by)


def leave(db: Db, letter: Letter, leaving: Member) -> None:
    lock(db, letter, leaving.organiser, roles.LOOK)
    _take_out(db, letter, leaving, leaving.organiser)
    _record(db, letter, "left the letter", leaving, leaving.organiser, role=leaving.role)
    colleagues.tell_owners(
        db, letter, "left", leaving.organiser, leaving.role, by=leaving.organiser
    )


def lock(db: Db, letter: Letter, by: Organiser, ability: Ability = roles.OWN) -> None:
    """Changes of one team come one after another, and each sees the letter as the one before left
    it. Raises Conflict for whoever has lost the ability to one that came before."""
    roles.lock(db, letter.id)
    db.refresh(letter)
    if ability not in roles.abilities(db, by.id, letter.id):
        raise _changed_meanwhile()


def is_needed(letter: Letter, role: str, owners: int) -> bool:
    """Whether somebody with this role has to stay: `owners` is how many the letter has."""
    return role == OWNER and owners <= (two_person.OWNERS if letter.two_person else 1)


def _must_leave_owners(db: Db, letter: Letter, leaving: Member) -> None:
    owners = two_person.owners(db, letter)
    if not is_needed(letter, leaving.role, owners):
        return
    if owners == 1:
        raise Refused(
            _("A letter needs an owner, and this is the only one. Make somebody else one first.")
        )
    raise Refused(
        _(
            "Two have to agree on this letter, so it needs two owners. Make somebody else one "
            "first, or end the two-person rule."
        )
    )


def _take_out(db: Db, letter: Letter, leaving: Member, by: Organiser) -> None:
    _must_leave_owners(db, letter, leaving)
    if db.changed(delete(Role).where(_is(letter, leaving))) != 1:
        raise _changed_meanwhile()
    organisers.keep_or_begin_book(db, leaving.organiser)
    _end_what_owners_began(db, letter, leaving, by)


def _end_what_owners_began(db: Db, letter: Letter, was: Member, by: Organiser) -> None:
    """Or they would become one again by accepting themselves, and go on hearing of everything."""
    team_invitations.take_back_of(db, letter, was.organiser, by=by)
    webhooks.stop_of(db, letter.id, was.organiser.id, by=by.actor)


def _is(letter: Letter, member: Member) -> ColumnElement[bool]:
    """Their role, as long as it is the one that was seen."""
    return (
        (col(Role.letter_id) == letter.id)
        & (col(Role.organiser_id) == member.organiser.id)
        & (col(Role.role) == member.role)
    )


def _record(
    db: Db, letter: Letter, action: str, member: Member, by: Organiser, **facts: str
) -> None:
    about = member.organiser.id
    audit.record(db, action, by=by.actor, letter_id=letter.id, subject_id=about, **facts)


def _changed_meanwhile() -> Conflict:
    return Conflict(_("Somebody else has changed the team meanwhile. Nothing was changed."))
