"""Disputes as organisers see them, and the decision that a disputed line stays.

That it goes is a decision on the endorsement as any other: app/endorsement/decisions.py.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlmodel import col

from app.db import Db
from app.dispute import dispute_outcomes, hiding
from app.dispute.disputes import Dispute
from app.endorsement import decisions, endorsements
from app.endorsement.endorsements import Endorsement
from app.errors import Conflict, Refused
from app.i18n import _
from app.letter.letters import Letter
from app.mailing import outbox
from app.signer import notices
from app.trail import audit


def set_aside(
    db: Db,
    letter: Letter,
    endorsement: Endorsement,
    reason: str,
    seen: str = "",
    *,
    by: audit.Actor,
) -> None:
    """An organiser keeps the line: it is shown again if it was hidden, and its signer told why.

    `seen` is the id of the newest dispute that was read; "" says nothing. Raises Refused without a
    reason, and Conflict if nothing is open, or something newer is.
    """
    endorsements.locked(db, endorsement)
    if not reason.strip() and not endorsement.is_disputed:
        raise Refused(_("Say why: it stands in the history."), "reason")
    reason = decisions.checked_reason(reason)
    waiting = dispute_outcomes.open_ones(db, endorsement)
    if not waiting or endorsement.status != "approved":
        raise Conflict(_("Nothing is disputed here any more; perhaps somebody decided it already."))
    if seen not in ("", str(waiting[-1].id)):
        raise Conflict(_("Somebody else has disputed this since you opened the page. Look again."))
    ids = [one.id for one in waiting]
    db.execute(update(Dispute).where(col(Dispute.id).in_(ids)).values(decided_at=db.now))
    audit.record_about(db, "dispute set aside", endorsement, by=by, reason=reason)
    if hiding.show_again(db, endorsement, reason, by=by):
        outbox.take_back(db, ["hidden"], endorsement.id)
        notices.tell(db, endorsement, letter, "shown_again", reason=reason)
    dispute_outcomes.tell(db, letter, endorsement, waiting)


def of(db: Db, endorsement_ids: Sequence[UUID]) -> dict[UUID, list[Dispute]]:
    """The confirmed disputes of each endorsement, the oldest first."""
    found: dict[UUID, list[Dispute]] = {id_: [] for id_ in endorsement_ids}
    query = select(Dispute).where(
        col(Dispute.endorsement_id).in_(endorsement_ids), col(Dispute.confirmed_at).is_not(None)
    )
    for dispute in db.scalars(query.order_by(col(Dispute.confirmed_at), col(Dispute.id))):
        found[dispute.endorsement_id].append(dispute)
    return found


def count(db: Db, letter: Letter) -> int:
    query = select(func.count()).where(col(Endorsement.letter_id) == letter.id, waits())
    return db.scalar(query) or 0


def waits() -> ColumnElement[bool]:
    """Of an endorsement: it is disputed, and an organiser has yet to decide."""
    return exists().where(
        col(Dispute.endorsement_id) == col(Endorsement.id),
        col(Dispute.confirmed_at).is_not(None),
        col(Dispute.decided_at).is_(None),
        col(Endorsement.status) == "approved",
    )
