"""Erasing personal data once a letter's retention is over.

Organisations stay listed: their names are no personal data. Their representatives, every
individual, all addresses and reasons go; editions and copies in others' hands are beyond reach.
"""

from datetime import timedelta

from sqlalchemy import delete, func, select, update
from sqlmodel import col

from app import audit, letters
from app.audit import AuditEntry
from app.corrections import Correction
from app.db import Db
from app.endorsements import Endorsement
from app.letters import Letter
from app.links import Link
from app.outbox import OutboxMail


def erase_due(db: Db) -> None:
    """Erases what letters that ended longer ago than their `retention_days` still hold."""
    ended = select(Letter).where(col(Letter.status) != "draft")
    for letter in db.scalars(ended):
        ends = letter.ends_at
        if ends and db.now >= ends + timedelta(days=letter.retention_days):
            _erase(db, letter)


def _erase(db: Db, letter: Letter) -> None:
    of_letter = col(Endorsement.letter_id) == letter.id
    kept = select(func.count()).where(of_letter, col(Endorsement.address) != "")
    if not db.scalar(kept):
        return
    ids = select(col(Endorsement.id)).where(of_letter)
    db.execute(delete(Correction).where(col(Correction.endorsement_id).in_(ids)))
    db.execute(delete(Link).where(col(Link.endorsement_id).in_(ids)))
    db.execute(delete(OutboxMail).where(col(OutboxMail.letter_id) == letter.id))
    db.execute(update(AuditEntry).where(col(AuditEntry.letter_id) == letter.id).values(reason=None))
    is_individual = col(Endorsement.kind) == "individual"
    db.execute(
        update(Endorsement)
        .where(of_letter, is_individual)
        .values(organisation="", folded="", country="", hidden_at=db.now)
    )
    db.execute(
        update(Endorsement)
        .where(of_letter)
        # One digest for all would clash where folded names are equal; the row's id is random.
        .values(name="", role="", address="", reason=None, mailbox=col(Endorsement.public_id))
    )
    audit.record(db, "personal data erased", by=audit.WORKER, letter_id=letter.id)
    letters.revise(db, letter.id)
