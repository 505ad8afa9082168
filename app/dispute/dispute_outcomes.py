"""What whoever disputed a line hears of the organisers' decision: that it stays, or is gone.

Only a mailbox that has proven itself by the link hears anything, once of each outcome. The mail
says what the public list shows by then and no more: neither reasons, nor who signed, nor how a
line that is public no longer is called. Of a line that has become confidential nothing is said,
as of one that its signer has withdrawn.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import col

from app.db import Db
from app.dispute.disputes import Dispute
from app.endorsement.endorsements import Endorsement
from app.letter.letters import Letter
from app.mailing import mail, outbox
from app.mailing.outbox import OutboxMail


def tell(
    db: Db,
    letter: Letter,
    line: Endorsement,
    disputes: Sequence[Dispute],
    *,
    after: timedelta = timedelta(),
) -> None:
    """Queues a mail to each mailbox that confirmed one of these disputes of the line, which an
    organiser has just decided about. It leaves after a while if `after` says so."""
    if line.visibility != "public":
        return
    outcome = "stays" if line.is_listed else "gone"
    heard: set[str] = set()
    for dispute in disputes:
        if dispute.confirmed_at is None or dispute.told == outcome:
            continue
        dispute.told, dispute.told_by = outcome, None
        if dispute.mailbox not in heard:
            heard.add(dispute.mailbox)
            dispute.told_by = _enqueue(db, letter, line, dispute, after)
    db.flush()


def open_ones(db: Db, line: Endorsement) -> list[Dispute]:
    """The confirmed disputes of the line that no organiser has set aside, the oldest first."""
    query = select(Dispute).where(
        col(Dispute.endorsement_id) == line.id,
        col(Dispute.confirmed_at).is_not(None),
        col(Dispute.decided_at).is_(None),
    )
    return list(db.scalars(query.order_by(col(Dispute.confirmed_at), col(Dispute.id))))


def take_back(db: Db, line: Endorsement) -> None:
    """The decision is another now: what has not left stays, and is not counted as told."""
    for dispute in open_ones(db, line):
        if dispute.told_by and outbox.drop(db, col(OutboxMail.id) == dispute.told_by):
            dispute.told, dispute.told_by = "", None
    db.flush()


def fall_silent(db: Db, line: Endorsement) -> None:
    """What still waits to tell somebody about the line doesn't leave: its signer has withdrawn it,
    or made it confidential."""
    disputed = select(Dispute).where(col(Dispute.endorsement_id) == line.id)
    for dispute in db.scalars(disputed):
        asked = col(OutboxMail.link) == dispute.link
        outbox.drop(db, or_(asked, col(OutboxMail.id) == dispute.told_by))


def _enqueue(db: Db, letter: Letter, line: Endorsement, dispute: Dispute, after: timedelta) -> UUID:
    stays = dispute.told == "stays"
    read_in = dispute.read_in or letter.language
    facts = {
        "to": db.keys.unseal(dispute.address),
        "language": dispute.spoken or read_in,
        "letter": mail.letter_facts(letter, read_in),
        "listed_name": line.listed_name if stays else "",
        "stays": stays,
    }
    return outbox.enqueue(
        db,
        mail.dispute_decided.__name__,
        facts,
        mailbox=dispute.mailbox,
        letter_id=letter.id,
        after=after,
    )
