"""The team: who works on a letter in which role, and what owners change about it.

Every change stands in the audit trail and is told by mail: to whom it concerns, and to the other
owners, so that none rearranges a team behind the others' backs.
"""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update
from sqlmodel import col

from app import audit, colleagues, organisers, roles, sessions, team_invitations
from app.db import Db
from app.errors import Conflict, NotFound, Refused
from app.i18n import _
from app.letters import Letter
from app.organisers import Organiser, shown_name
from app.roles import OWNER, Ability, Role


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
    role = roles.checked(role)
    if role == changed.role:
        return
    _lock(db, letter, by)
    if role != OWNER:
        _must_leave_an_owner(db, letter, changed)
    if db.changed(update(Role).where(_is(letter, changed)).values(role=role)) != 1:
        raise _changed_meanwhile()
    if changed.role == OWNER:  # or they could become one again by accepting themselves
        team_invitations.take_back_of(db, letter, changed.organiser, by=by)
        organisers.keep_or_begin_book(db, changed.organiser)
    _record(db, letter, "role changed", changed, by, role=role, was=changed.role)
    if changed.organiser.id != by.id:
        who = shown_name(db, by)
        colleagues.write(db, changed.organiser, letter, "role_changed", who=who, role=role)
    colleagues.tell_owners(
        db, letter, "changed", changed.organiser, role, by=by, besides=changed.organiser
    )


def remove(db: Db, letter: Letter, removed: Member, *, by: Organiser) -> None:
    """They are out at once: their sessions end, and whom they invited is invited no longer."""
    if removed.organiser.id == by.id:
        raise Conflict(_("You can't remove yourself; you can leave the letter."))
    _lock(db, letter, by)
    _take_out(db, letter, removed)
    team_invitations.take_back_of(db, letter, removed.organiser, by=by)
    sessions.end_all(db, removed.organiser.id)
    _record(db, letter, "role taken", removed, by, role=removed.role)
    colleagues.write(db, removed.organiser, letter, "role_ended", who=shown_name(db, by))
    colleagues.tell_owners(db, letter, "removed", removed.organiser, removed.role, by=by)


def leave(db: Db, letter: Letter, leaving: Member) -> None:
    _lock(db, letter, leaving.organiser, roles.LOOK)
    _take_out(db, letter, leaving)
    team_invitations.take_back_of(db, letter, leaving.organiser, by=leaving.organiser)
    _record(db, letter, "left the letter", leaving, leaving.organiser, role=leaving.role)
    colleagues.tell_owners(
        db, letter, "left", leaving.organiser, leaving.role, by=leaving.organiser
    )


def _lock(db: Db, letter: Letter, by: Organiser, ability: Ability = roles.OWN) -> None:
    """Changes of one team come one after another. Raises Conflict for whoever has lost the ability
    to one that came before."""
    team = select(col(Role.id)).where(col(Role.letter_id) == letter.id).order_by(col(Role.id))
    db.execute(team.with_for_update())
    if ability not in roles.abilities(db, by.id, letter.id):
        raise _changed_meanwhile()


def _must_leave_an_owner(db: Db, letter: Letter, leaving: Member) -> None:
    owners = [one for one in members(db, letter) if one.role == OWNER]
    if [one.organiser.id for one in owners] == [leaving.organiser.id]:
        raise Refused(
            _("A letter needs an owner, and this is the only one. Make somebody else one first.")
        )


def _take_out(db: Db, letter: Letter, leaving: Member) -> None:
    _must_leave_an_owner(db, letter, leaving)
    if db.changed(delete(Role).where(_is(letter, leaving))) != 1:
        raise _changed_meanwhile()
    organisers.keep_or_begin_book(db, leaving.organiser)


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
