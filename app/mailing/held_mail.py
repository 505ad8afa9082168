"""Mail that an allowance held back: an organiser lets it leave."""

from app.db import Db
from app.endorsement import endorsements, reported
from app.endorsement.endorsements import Endorsement
from app.errors import Conflict
from app.i18n import _
from app.letter.letters import Letter
from app.signer.confirmation_mails import mail_confirmation
from app.trail import audit


def release(db: Db, endorsement: Endorsement, letter: Letter, *, by: audit.Actor) -> None:
    """An organiser lets a held-back mail leave."""
    db.refresh(endorsement, with_for_update=True)
    if endorsement.status != "pending" or endorsement.mail_held_at is None:
        raise Conflict(_("This mail has left already."))
    to = endorsements.address_of(db, endorsement)
    if endorsement.is_reported:
        reported.must_be_allowed(db, letter, to, by=by)
    ask = reported.ask if endorsement.is_reported else mail_confirmation
    ask(db, endorsement, letter, to=to, by_stranger=False)
    endorsement.mail_held_at = None
    db.flush()
    audit.record_about(db, "mail released", endorsement, by=by)
