""" "This isn't us": whoever finds their organisation or name on a list can say so.

It counts once the mailbox has confirmed it (dispute_links.py), and is open as long as its line is
approved and no organiser has set it aside (dispute_decisions.py). What becomes of it, they are
told: dispute_outcomes.py.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Column, Index, String, Text, delete, select
from sqlmodel import Field, col

from app import i18n, links
from app.db import Db, Moment, Table, new_id
from app.endorsement.endorsements import Endorsement
from app.errors import Refused
from app.i18n import _
from app.letter.clean_text import clean_block
from app.letter.letters import Letter
from app.links import Link
from app.mailing import mail, mailboxes, outbox
from app.signer import mail_allowance, mailbox_locks

LONGEST_REASON = 1_000


class Dispute(Table, table=True):
    __table_args__ = (Index(None, "endorsement_id"), Index(None, "created_at"))

    id: UUID = Field(default_factory=new_id, primary_key=True)
    endorsement_id: UUID = Field(foreign_key="endorsement.id", ondelete="CASCADE")
    # The digest of the mailed link that confirms it.
    link: str = Field(sa_column=Column(String(64), nullable=False, unique=True))
    address: str
    mailbox: str = Field(sa_column=Column(String(43), nullable=False))
    # What a stranger typed, for organisers alone: it enters no mail.
    reason: str = Field(sa_column=Column(Text, nullable=False))
    created_at: datetime = Field(sa_type=Moment)
    confirmed_at: datetime | None = Field(default=None, sa_type=Moment)
    # Whether the mailbox is at the organisation's own domain, as it was known when confirmed.
    is_own: bool = False
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    # What the page spoke on which it was typed, and the language of the letter there.
    spoken: str = Field(default="", sa_column=Column(String(20), nullable=False, server_default=""))
    read_in: str = Field(
        default="", sa_column=Column(String(20), nullable=False, server_default="")
    )
    # Which outcome they were told, "stays" or "gone", and by which mail of the outbox: it may wait.
    told: str = Field(default="", sa_column=Column(String(10), nullable=False, server_default=""))
    told_by: UUID | None = None


def ask(
    db: Db,
    letter: Letter,
    endorsement: Endorsement,
    email: str,
    reason: str,
    read_in: str,
    *,
    network: str | None,
) -> None:
    """Queues the mail that asks whoever reads it to confirm, in the language of the page; `read_in`
    is the letter's, `network` is as throttle gives it.

    The same work for every address; nothing where the day's mails to it are used up.
    """
    spellings = db.keys.indexes(mailboxes.canonical(email))
    asker = mail_allowance.Asker(spellings, mailboxes.domain(email), network)
    mailbox_locks.take(db, spellings[:1])
    if mail_allowance.ask(db, [asker]) != [True]:
        return
    secret = links.make(
        db,
        links.DISPUTE,
        endorsement_id=endorsement.id,
        expires_at=db.now + links.CONFIRM_LIFE + links.LEEWAY,
    )
    digest = links.digest(secret)
    db.add(
        Dispute(
            endorsement_id=endorsement.id,
            link=digest,
            address=db.keys.seal(email),
            mailbox=spellings[0],
            reason=reason,
            created_at=db.now,
            spoken=i18n.language(),
            read_in=read_in,
        )
    )
    db.flush()
    facts = {
        "to": email,
        "language": i18n.language(),
        "letter": mail.letter_facts(letter, read_in),
        "listed_name": endorsement.listed_name,
        "secret": secret,
    }
    outbox.enqueue(
        db,
        mail.dispute.__name__,
        facts,
        mailbox=spellings[0],
        letter_id=letter.id,
        link=digest,
        by_stranger=True,
    )


def checked_reason(reason: str) -> str:
    reason = clean_block(reason)
    if len(reason) > LONGEST_REASON:
        raise Refused(_("This is too long: at most 1,000 characters."), "reason")
    return reason


def tidy(db: Db) -> None:
    """Forgets what nobody confirmed while the link was good."""
    # The row of the link knows: it is good for so long from when the mail server had it.
    over = select(col(Link.digest)).where(
        col(Link.purpose) == links.DISPUTE, col(Link.expires_at) < db.now - timedelta(days=1)
    )
    gone = delete(Dispute).where(col(Dispute.confirmed_at).is_(None), col(Dispute.link).in_(over))
    digests = db.scalars(gone.returning(col(Dispute.link))).all()
    db.execute(delete(Link).where(col(Link.digest).in_(digests)))
