"""Which invitations an endorsement answers: they follow it wherever it goes.

An invitation is *signed* once its endorsement is confirmed: by the mailbox that was invited, by
whoever came through the personal link, or, from any other mailbox of the invited organisation,
once an organiser approved it, for anybody could claim its name. It is *declined* when they say so,
when they withdraw the signature, or when the organisers decline it. So no answered one is chased.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import col

from app.db import Db
from app.invitation.invitations import MOVES, Invitation, lock, move
from app.mailing import mailboxes, outbox
from app.organisation import organisations
from app.trail import audit


def follow(db: Db, endorsement: Any, *, by: audit.Actor) -> None:
    """An endorsement has moved: the invitations it answers go with it."""
    if endorsement.status in ("verified", "approved"):
        answered = _answered_by(db, endorsement)
        if endorsement.status == "verified":
            _reopen(db, endorsement, answered, by=by)
        for invitation in answered:
            lock(db, invitation)
            if invitation.status in MOVES["signed"]:
                facts = {"endorsement_id": endorsement.id, "promised_until": None, "reason": None}
                move(db, invitation, "signed", by=by, answered_at=db.now, **facts)
                outbox.take_back_invitations(db, [invitation.id])
    elif endorsement.status in ("withdrawn", "declined"):
        mine = col(Invitation.endorsement_id) == endorsement.id
        for invitation in db.scalars(
            select(Invitation).where(mine).order_by(col(Invitation.id))
        ).all():
            lock(db, invitation)
            if invitation.status == "signed":
                move(db, invitation, "declined", by=by, answered_at=db.now)
    elif endorsement.status == "pending":  # what an organiser reported, and approved too early
        _reopen(db, endorsement, [], by=by)


def _reopen(db: Db, endorsement: Any, answered: Sequence[Invitation], *, by: audit.Actor) -> None:
    """An approval was taken back: what only it answered waits for an answer again."""
    signed = select(Invitation).where(
        col(Invitation.endorsement_id) == endorsement.id,
        col(Invitation.status) == "signed",
        col(Invitation.id).not_in([invitation.id for invitation in answered]),
    )
    for invitation in db.scalars(signed.order_by(col(Invitation.id)).with_for_update()).all():
        move(db, invitation, "invited", by=by, answered_at=None, endorsement_id=None)


def _answered_by(db: Db, endorsement: Any) -> list[Invitation]:
    known = _of_signer(db, endorsement)
    if endorsement.status == "approved" and endorsement.kind == "organisation":
        same = col(Invitation.folded) == endorsement.folded
        entry = organisations.standing(db, endorsement.organisation_id)
        if entry:
            same = or_(same, col(Invitation.organisation_id).in_(organisations.family(db, entry)))
        query = select(Invitation).where(
            col(Invitation.letter_id) == endorsement.letter_id,
            col(Invitation.organisation) != "",
            same,
        )
        known |= {invitation.id: invitation for invitation in db.scalars(query)}
    # Always locked in the same order.
    return sorted(known.values(), key=lambda invitation: invitation.id)


def _of_signer(db: Db, endorsement: Any) -> dict[UUID, Invitation]:
    """The one whose personal link they used, else what the same mailbox was invited as."""
    spellings = [endorsement.mailbox]
    if endorsement.address:  # under every key: it may have been invited before one was renewed
        address = db.keys.unseal(endorsement.address)
        spellings = db.keys.indexes(mailboxes.canonical(address))
    query = select(Invitation).where(
        col(Invitation.letter_id) == endorsement.letter_id,
        or_(
            col(Invitation.id) == endorsement.invitation_id,
            col(Invitation.mailbox).in_(spellings),
        ),
    )
    found = db.scalars(query.order_by(col(Invitation.id))).all()
    exact = [one for one in found if one.id == endorsement.invitation_id] or [
        one for one in found if one.folded == endorsement.folded
    ]
    # One mailbox may be invited for two organisations; signing for one doesn't answer for both.
    if not exact and len(found) > 1:
        exact = [one for one in found if not one.folded]
    return {one.id: one for one in exact or found[: len(found) == 1]}
