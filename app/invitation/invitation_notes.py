"""What organisers keep beside an invitation: a note, who looks after it, whether it is reminded."""

from collections.abc import Sequence
from uuid import UUID

from app.db import Db
from app.errors import Refused
from app.i18n import _
from app.invitation.invitations import Invitation, set_facts
from app.mailing import outbox
from app.trail import audit

LONGEST_NOTE = 2_000


def stop_reminders(db: Db, invitation: Invitation, *, by: audit.Actor) -> None:
    set_facts(db, invitation, "reminders stopped", by, stopped_at=db.now)
    outbox.take_back_invitations(db, [invitation.id], mail="reminder")


def resume_reminders(db: Db, invitation: Invitation, *, by: audit.Actor) -> None:
    set_facts(db, invitation, "reminders resumed", by, stopped_at=None)


def note(db: Db, invitation: Invitation, text: str, *, by: audit.Actor) -> None:
    if len(text) > LONGEST_NOTE:
        raise Refused(_("The note is too long: at most 2,000 characters."), "note")
    set_facts(db, invitation, "invitation noted", by, note=text.strip())


def assign(
    db: Db, invitations: Sequence[Invitation], owner_id: UUID | None, *, by: audit.Actor
) -> None:
    """Says which organiser looks after them; None for nobody."""
    for invitation in invitations:
        if invitation.owner_id != owner_id:
            set_facts(db, invitation, "invitation assigned", by, owner_id=owner_id)
