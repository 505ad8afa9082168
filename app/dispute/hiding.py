"""Lines that are hidden from the public because somebody disputes them, until an organiser decides.

They stay approved: their signers were reviewed, and may turn out to have been right.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, update
from sqlmodel import col

from app.db import Db
from app.endorsement import endorsements
from app.endorsement.endorsements import Endorsement
from app.letter import letters
from app.trail import audit
from app.webhook import webhooks


def hide(db: Db, endorsement: Endorsement, *, by: audit.Actor) -> bool:
    """Takes a listed line off every public output at once; False if it is on none."""
    endorsements.locked(db, endorsement)
    if not endorsement.is_listed:
        return False
    is_shown = col(Endorsement.hidden_at).is_(None)
    return _set(db, endorsement, is_shown, db.now, action="hidden", by=by)


def show_again(db: Db, endorsement: Endorsement, reason: str, *, by: audit.Actor) -> bool:
    """False if it was not hidden."""
    is_hidden = col(Endorsement.hidden_at).is_not(None)
    return _set(db, endorsement, is_hidden, None, action="shown again", by=by, reason=reason)


def _set(
    db: Db,
    endorsement: Endorsement,
    condition: ColumnElement[bool],
    hidden_at: datetime | None,
    *,
    action: str,
    by: audit.Actor,
    reason: str | None = None,
) -> bool:
    """The only door to `hidden_at` while a line's data is there."""
    changed = db.changed(
        update(Endorsement)
        .where(
            col(Endorsement.id) == endorsement.id,
            col(Endorsement.status) == "approved",
            condition,
        )
        .values(hidden_at=hidden_at)
    )
    if changed != 1:
        return False
    db.refresh(endorsement)
    audit.record_about(db, action, endorsement, by=by, reason=reason)
    event = "endorsement.hidden" if hidden_at else "endorsement.shown"
    webhooks.announce(db, endorsement.letter_id, event, endorsement.public_id)
    if endorsement.visibility == "public":  # of others nobody could see a change
        letters.revise(db, endorsement.letter_id)
    return True
