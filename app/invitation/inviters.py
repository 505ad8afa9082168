"""Who invites: the letter's lead organisations, and the organiser who gets the answers."""

from uuid import UUID

from app.db import Db
from app.invitation.invitations import Invitation
from app.letter.letters import Letter
from app.letter.versions import Version
from app.mailing.stationery import Facts
from app.name import names
from app.organiser import colleagues
from app.organiser.organisers import Organiser

# Who are more are not all named: it is a sentence, not a letterhead.
MOST_LEADS = 5


def facts_of(db: Db, letter: Letter, language: str, organiser: Organiser | None) -> Facts:
    """What a mail to an invitee says of them: `leads`, `more_leads` (how many aren't named), the
    organiser's name in `inviter` and address in `reply_to`; each may be empty."""
    leads = _leads(db, letter, language)
    return {
        "leads": leads[:MOST_LEADS],
        "more_leads": len(leads[MOST_LEADS:]),
        "inviter": organiser.name if organiser else "",
        "reply_to": db.keys.unseal(organiser.address) if organiser else "",
    }


def on(db: Db, letter: Letter) -> dict[UUID | None, Organiser]:
    """Who works on the letter, by their ids: nobody else gets its answers."""
    return {organiser.id: organiser for organiser in colleagues.of_letter(db, letter)}


def of(
    team: dict[UUID | None, Organiser], invitation: Invitation, by: UUID | None = None
) -> Organiser | None:
    """Who looks after the invitation, else who sends it."""
    return team.get(invitation.owner_id) or team.get(by)


def _leads(db: Db, letter: Letter, language: str) -> list[str]:
    """In the letterhead's order, without what a mail program would make a link of."""
    letterhead = db.get_one(Version, letter.version_id).text(language).letterhead
    return [lead.name for lead in letterhead if not names.holds_link(lead.name)]
