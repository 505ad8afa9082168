"""Joining a team: what a mailed invitation leads to, and accepting it."""

from app import links
from app.db import Db
from app.errors import Gone, Refused
from app.i18n import _
from app.letter.letters import Letter
from app.organiser import colleagues, organisers, roles, team_invitations
from app.organiser.organisers import Organiser
from app.organiser.team_invitations import TeamInvitation
from app.trail.audit import Actor


def find(db: Db, token: str) -> TeamInvitation:
    """What a mailed link invites to. Raises NotFound or Gone with the sentence for its reader."""
    link = links.find(db, links.TEAM, token)
    invitation = db.get(TeamInvitation, link.team_invitation_id)
    if not invitation or invitation.status == "taken back" or not _still_stands(db, invitation):
        raise _taken_back()
    if invitation.status == "accepted":
        raise Gone(_("This invitation was accepted already. You can sign in to the desk."))
    if link.has_expired(db.now):
        raise Gone(_("This invitation is too old. Please ask whoever invited you for a new one."))
    return invitation


def asks_name(db: Db, invitation: TeamInvitation) -> bool:
    """Whether whoever accepts it says what they are called: who is no organiser yet."""
    return organisers.by_email(db, db.keys.unseal(invitation.address)) is None


def accept(db: Db, invitation: TeamInvitation, name: str = "") -> tuple[Letter, Organiser, bool]:
    """Gives the role to whoever reads the mailbox: (letter, organiser, whether they are new here).

    `name` is what somebody new is called from now on; raises Refused without one.

    Somebody with an account already is not signed in by it: links that live for days are for
    accounts that have nothing to lose.
    """
    letter = db.get_one(Letter, invitation.letter_id)
    email, by = db.keys.unseal(invitation.address), invitation.invited_by
    # First, so that of two who accept at once one waits and then finds it over.
    roles.lock(db, letter.id)
    db.refresh(letter)
    if not _still_stands(db, invitation):
        raise _taken_back()
    team_invitations.end(db, invitation, "accepted")
    organiser = organisers.by_email(db, email)
    is_new = organiser is None
    if organiser is None:
        called = _own_name(name)
        inviter = Actor("organiser", by)
        organiser = organisers.enrol(db, email, called, invitation.language, by=inviter)
    team_invitations.record(db, invitation, "team invitation accepted", by=organiser.actor)
    organisers.give_role(db, organiser, letter, invitation.role, by=organiser.actor)
    colleagues.tell_owners(db, letter, "joined", organiser, invitation.role, by=organiser)
    # The second owner is here: from now on two agree to whoever gets a say.
    team_invitations.take_back_unagreed(db, letter, by=organiser.actor)
    return letter, organiser, is_new


def _own_name(name: str) -> str:
    if not name.strip():
        raise Refused(_("Say what you are called: your colleagues see it."), "name")
    return team_invitations.checked_name(name)


def _still_stands(db: Db, invitation: TeamInvitation) -> bool:
    """Whoever invites at the instant at which they are removed invites nobody; nor does one owner
    alone where two have to agree by now."""
    if invitation.status != "pending":
        return True
    letter = db.get_one(Letter, invitation.letter_id)
    is_owner = roles.OWN in roles.abilities(db, invitation.invited_by, letter.id)
    return is_owner and team_invitations.is_agreed(db, letter, invitation)


def _taken_back() -> Gone:
    return Gone(_("This invitation was taken back."))
