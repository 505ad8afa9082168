"""Correcting the address of somebody who is on the list: it is judged as one that is new to it."""

from app.db import Db
from app.errors import Refused
from app.i18n import _
from app.invitation import intake, invitations
from app.invitation.circulation_lists import Entry
from app.invitation.invitations import Invitation
from app.letter.letters import Letter
from app.trail import audit


def correct(db: Db, invitation: Invitation, letter: Letter, typed: str, *, by: audit.Actor) -> None:
    """Raises Refused for an address that can't be invited, and Conflict once they have answered."""
    entry = Entry(0, typed, organisation=invitation.organisation, name=invitation.name)
    checked = intake.check(db, letter, [entry], besides=invitation)
    if checked.bad:
        raise Refused(checked.bad[0].why, "email")
    (invitee,) = checked.good
    if invitee.mailbox == invitation.mailbox:
        raise Refused(_("This is the address they are invited by already."), "email")
    invitations.readdress(db, invitation, invitee.address, invitee.mailbox, by=by)
