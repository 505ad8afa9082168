"""What signers do with their endorsement: confirm it, withdraw it, refuse mail, go confidential."""

from typing import Any

from app.db import Db
from app.dispute import dispute_outcomes
from app.endorsement.endorsement_states import may_move, move, release, stand_alone
from app.endorsement.endorsements import Endorsement, locked
from app.letter import letters
from app.letter.letters import Letter
from app.mailing import suppressions
from app.trail import audit


def confirm(db: Db, endorsement: Endorsement, letter: Letter) -> bool:
    """pending → verified, for the version now shown; False if it was confirmed before."""
    if not may_move(db, endorsement, "verified"):
        return False
    letter.must_be_confirmable(endorsement.created_at, db.now)
    move(
        db,
        endorsement,
        "verified",
        by=audit.SIGNER,
        version_id=letter.version_id,
        verified_at=db.now,
        mail_held_at=None,
    )
    return True


def confirm_reported(
    db: Db, endorsement: Endorsement, letter: Letter, *, consent: str, spoken: str
) -> bool:
    """The signer stands by what an organiser reported: a listed line loses its mark, one that is
    not listed yet waits for review. False where there is nothing to confirm any more."""
    locked(db, endorsement)
    if not endorsement.is_reported or endorsement.status not in ("pending", "approved"):
        return False
    changes: dict[str, Any] = {
        "version_id": letter.version_id,
        "verified_at": db.now,
        "mail_held_at": None,
        "consent": consent,
        "spoken": spoken,
    }
    if endorsement.status == "pending":
        move(db, endorsement, "verified", by=audit.SIGNER, **changes)
        return True
    for field, value in changes.items():
        setattr(endorsement, field, value)
    db.flush()
    audit.record_about(db, "confirmed", endorsement, by=audit.SIGNER)
    if endorsement.is_listed:
        letters.revise(db, endorsement.letter_id)
    return True


def withdraw(db: Db, endorsement: Endorsement, *, by: audit.Actor = audit.SIGNER) -> bool:
    """From any live state, whatever an organiser does; False if it was withdrawn before."""
    if not may_move(db, endorsement, "withdrawn"):
        return False
    move(db, endorsement, "withdrawn", by=by, withdrawn_at=db.now)
    dispute_outcomes.fall_silent(db, endorsement)
    return True


def refuse(db: Db, endorsement: Endorsement, *, everywhere: bool) -> None:
    """ "I did not ask for this": ends it, and no more mail about this letter, or about any."""
    withdraw(db, endorsement)
    about = None if everywhere else endorsement.letter_id
    if suppressions.covers(db, [endorsement.mailbox], about):
        return
    suppressions.add(db, endorsement.mailbox, about)
    audit.record_about(db, "mail refused", endorsement, by=audit.SIGNER, everywhere=everywhere)


def go_confidential(db: Db, endorsement: Endorsement) -> None:
    """At once, without review: the safe direction needs nobody's consent."""
    locked(db, endorsement)
    if endorsement.visibility == "confidential":
        return
    was_listed = endorsement.is_listed
    endorsement.visibility = "confidential"
    db.flush()
    audit.record_about(db, "went confidential", endorsement, by=audit.SIGNER)
    # No public line speaks for somebody confidential, nor a confidential one for the public.
    stand_alone(db, endorsement, by=audit.SIGNER)
    release(db, endorsement, by=audit.SIGNER)
    dispute_outcomes.fall_silent(db, endorsement)
    if was_listed:
        letters.revise(db, endorsement.letter_id)


def expire(db: Db, endorsement: Endorsement) -> None:
    if may_move(db, endorsement, "expired"):
        move(db, endorsement, "expired", by=audit.WORKER)
