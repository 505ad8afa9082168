"""What owners do about a team where the two-person rule has a say: inviting, changing roles, and
beginning the rule. Whom another owner has to agree to is proposed, and joins once they did."""

from uuid import UUID

from app.db import Db
from app.errors import Conflict
from app.i18n import _
from app.letter import letters
from app.letter.letters import Letter
from app.organiser import agreements, roles, team, team_invitations, two_person
from app.organiser.agreements import Action
from app.organiser.organisers import Organiser
from app.organiser.proposals import Facts, Proposal
from app.organiser.roles import OWN
from app.organiser.team import Member
from app.organiser.team_invitations import TeamInvitation
from app.trail.audit import Actor


def invite(
    db: Db, letter: Letter, email: str, name: str, role: str, *, by: Organiser
) -> Proposal | None:
    """The proposal, where another owner has to agree; else the mail leaves, and it is None."""
    team.lock(db, letter, by)
    if not two_person.is_say_by_two(db, letter, roles.checked(role)):
        team_invitations.invite(db, letter, email, name, role, by=by)
        return None
    invitation = team_invitations.prepare(db, letter, email, name, role, by=by)
    facts = {"invitation": str(invitation.id), "role": role}
    return agreements.propose(db, letter, by, INVITING, facts)


def change_role(
    db: Db, letter: Letter, changed: Member, role: str, *, by: Organiser
) -> Proposal | None:
    """The same for somebody who works on the letter already."""
    team.lock(db, letter, by)
    if not two_person.is_say_by_two(db, letter, roles.checked(role), changed.role):
        team.change_role(db, letter, changed, role, by=by)
        return None
    facts = {"organiser": str(changed.organiser.id), "was": changed.role, "role": role}
    return agreements.propose(db, letter, by, ROLE_CHANGE, facts)


def begin_rule(db: Db, letter: Letter, *, by: Organiser) -> None:
    """Ends the invitations of all who would get a say unseen by a second owner. Raises Conflict
    while there is no second owner: nobody could agree to anything."""
    team.lock(db, letter, by)
    if letter.two_person:
        return
    if two_person.owners(db, letter) < two_person.OWNERS:
        raise Conflict(
            _("Two owners are needed for this, and you are the only one. Invite another first.")
        )
    letters.set_two_person(db, letter, True, by=by.actor)
    team_invitations.take_back_unagreed(db, letter, by=by.actor)


def _invite(db: Db, _letter: Letter, facts: Facts, *, by: Actor) -> None:
    team_invitations.send_prepared(db, _prepared(db, facts), by=by)


def _invited(db: Db, _letter: Letter, facts: Facts) -> str:
    invitation = _prepared(db, facts)
    return f"{invitation.mailbox or invitation.id} {invitation.role}"


def _says_invited(_letter: Letter, facts: Facts) -> str:
    names = {"role": roles.role_name(facts["role"])}
    return _("Ask somebody by mail to work on the letter, as: %(role)s.") % names


def _invited_name(db: Db, _letter: Letter, facts: Facts) -> list[str]:
    """With the whole address: whoever agrees has to know whose mailbox it is."""
    invitation = _prepared(db, facts)
    address = db.keys.unseal(invitation.address) if invitation.address else ""
    return [" · ".join(part for part in (invitation.name, address) if part)] if address else []


def _drop(db: Db, facts: Facts) -> None:
    team_invitations.drop_prepared(db, _prepared(db, facts))


def _prepared(db: Db, facts: Facts) -> TeamInvitation:
    return db.get_one(TeamInvitation, UUID(facts["invitation"]))


def _change_role(db: Db, letter: Letter, facts: Facts, *, by: Actor) -> None:
    changed = team.member(db, letter, UUID(facts["organiser"]), facts["was"])
    team.change_role(db, letter, changed, facts["role"], by=db.get_one(Organiser, by.id))


def _role_now(db: Db, letter: Letter, facts: Facts) -> str:
    organiser_id = UUID(facts["organiser"])
    now = roles.of(db, organiser_id, [letter.id]).get(letter.id, "")
    return f"{organiser_id} {now} {facts['role']}"


def _says_role(_letter: Letter, facts: Facts) -> str:
    names = {"from": roles.role_name(facts["was"]), "to": roles.role_name(facts["role"])}
    return _("Change somebody's role on the letter from %(from)s to %(to)s.") % names


def _whose_role(db: Db, _letter: Letter, facts: Facts) -> list[str]:
    organiser = db.get_one(Organiser, UUID(facts["organiser"]))
    address = db.keys.unseal(organiser.address)
    return [" · ".join(part for part in (organiser.name, address) if part)]


INVITING = Action("inviting", OWN, _invited, _invite, _says_invited, _invited_name, _drop)
ROLE_CHANGE = Action("role change", OWN, _role_now, _change_role, _says_role, _whose_role)
