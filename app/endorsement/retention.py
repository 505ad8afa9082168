"""Erasing personal data once a letter's retention is over.

Listed organisations stay: their names are no personal data. Their representatives, every
individual, whoever was confidential or never listed, all addresses and reasons go; copies in
others' hands are beyond reach.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, not_, or_, select, update
from sqlmodel import col

from app.db import Db
from app.dispute.disputes import Dispute
from app.duplicate.name_pairs import NamePair
from app.endorsement.decisions import Decision
from app.endorsement.endorsements import Endorsement
from app.endorsement.questions import Question
from app.endorsement.reports import Report
from app.invitation.circulation import Circulation
from app.invitation.invitations import Invitation
from app.letter import letters
from app.letter.letters import Letter
from app.links import Link
from app.mailing.outbox import OutboxMail
from app.message import message_mails
from app.message.messages import Message
from app.organiser.proposals import Proposal
from app.signer.corrections import Correction
from app.trail import audit
from app.trail.audit import AuditEntry

# So long organisers have to decide about a dispute that comes after all else is erased.
DISPUTED_FOR = timedelta(days=30)


def due(db: Db, *of: ColumnElement[bool]) -> list[UUID]:
    """The letters that ended longer ago than their `retention_days` and still hold something."""
    ended = select(Letter).where(col(Letter.status) != "draft", _holds_something(db), *of)
    return [letter.id for letter in db.scalars(ended) if _is_over(db, letter)]


def erase(db: Db, letter_id: UUID) -> None:
    """Erases what the letter holds, unless that was done or it was given more time meanwhile."""
    letter = letters.locked(db, db.get_one(Letter, letter_id))
    if not due(db, col(Letter.id) == letter_id):
        return
    of_letter = col(Endorsement.letter_id) == letter.id
    _erase_invitations(db, letter)
    ids = select(col(Endorsement.id)).where(of_letter)
    db.execute(delete(Correction).where(col(Correction.endorsement_id).in_(ids)))
    db.execute(delete(Question).where(col(Question.endorsement_id).in_(ids)))
    db.execute(delete(Decision).where(col(Decision.endorsement_id).in_(ids)))
    db.execute(delete(Dispute).where(col(Dispute.endorsement_id).in_(ids)))
    db.execute(delete(Link).where(col(Link.endorsement_id).in_(ids)))
    db.execute(delete(NamePair).where(col(NamePair.letter_id) == letter.id))
    db.execute(update(Report).where(col(Report.letter_id) == letter.id).values(note=""))
    for message in db.scalars(select(Message).where(col(Message.letter_id) == letter.id)):
        message_mails.forget(db, message)
    db.execute(delete(OutboxMail).where(col(OutboxMail.letter_id) == letter.id))
    db.execute(update(Proposal).where(col(Proposal.letter_id) == letter.id).values(reason=None))
    db.execute(update(AuditEntry).where(col(AuditEntry.letter_id) == letter.id).values(reason=None))
    stays_listed = and_(
        col(Endorsement.kind) == "organisation",
        col(Endorsement.status) == "approved",
        col(Endorsement.visibility) == "public",
        col(Endorsement.hidden_at).is_(None),
        col(Endorsement.merged_into).is_(None),
    )
    # First, so that folded names may become equal: no two have one mailbox then, as with one digest
    # for all. The row's id is random.
    of_nobody = {"name": "", "role": "", "address": "", "reason": None}
    db.execute(
        update(Endorsement).where(of_letter).values(**of_nobody, mailbox=col(Endorsement.public_id))
    )
    db.execute(
        update(Endorsement)
        .where(of_letter, not_(stays_listed))
        .values(
            organisation="",
            folded="",
            country="",
            website="",
            logo="",
            sort_key=None,
            category="",
            hidden_at=db.now,
        )
    )
    letter.listed_order = []  # it may name individuals; those listed have their places
    db.flush()
    audit.record(db, "personal data erased", by=audit.WORKER, letter_id=letter.id)
    letters.revise(db, letter.id)


def _is_over(db: Db, letter: Letter) -> bool:
    ends = letter.ends_at
    return ends is not None and db.now - timedelta(days=letter.retention_days) >= ends


def _holds_something(db: Db) -> ColumnElement[bool]:
    # Of what was reported the address may never have been known.
    kept = or_(col(Endorsement.address) != "", col(Endorsement.name) != "")
    return or_(
        exists().where(col(Endorsement.letter_id) == col(Letter.id), kept),
        exists().where(col(Invitation.letter_id) == col(Letter.id)),
        # What stays listed can be disputed later still.
        exists().where(
            col(Endorsement.letter_id) == col(Letter.id),
            col(Dispute.endorsement_id) == col(Endorsement.id),
            col(Dispute.created_at) < db.now - DISPUTED_FOR,
        ),
    )


def _erase_invitations(db: Db, letter: Letter) -> None:
    """The whole circulation list: who was asked is nobody's business any more."""
    ids = select(col(Invitation.id)).where(col(Invitation.letter_id) == letter.id)
    db.execute(delete(Link).where(col(Link.invitation_id).in_(ids)))
    db.execute(delete(Invitation).where(col(Invitation.letter_id) == letter.id))
    db.execute(delete(Circulation).where(col(Circulation.letter_id) == letter.id))
