""" "This isn't us": whoever finds their organisation or name on a list can say so.

It counts once the mailbox has confirmed it. A mailbox at the organisation's own domain hides the
line at once, until an organiser decides; any other only tells the organisers. A dispute is open as
long as its line is approved and no organiser has set it aside.
"""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    String,
    Text,
    delete,
    select,
)
from sqlmodel import Field, col

from app import (
    audit,
    colleagues,
    endorsements,
    evidence,
    hiding,
    links,
    mail,
    mail_allowance,
    mailbox_locks,
    mailboxes,
    notices,
    organisations,
    outbox,
    roles,
    suppressions,
    throttle,
)
from app.clean_text import clean_block
from app.db import Db, Moment, Table, new_id
from app.endorsements import Endorsement
from app.errors import Gone, Refused
from app.i18n import _
from app.letters import Letter
from app.links import Link

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


class Disputed(NamedTuple):
    """What a mailed link is about: the line is the one that stands for the endorsement now."""

    link: Link
    dispute: Dispute
    line: Endorsement
    letter: Letter

    @property
    def is_done(self) -> bool:
        return self.dispute.confirmed_at is not None

    @property
    def is_refused(self) -> bool:
        """Whoever reads the mailbox said that they did not ask for this."""
        return self.link.used_at is not None and not self.is_done

    @property
    def is_moot(self) -> bool:
        """Whether the line is public no longer, for whatever reason but a dispute."""
        return self.line.status != "approved" or self.line.visibility != "public"


def ask(
    db: Db,
    letter: Letter,
    endorsement: Endorsement,
    email: str,
    reason: str,
    language: str,
    *,
    network: str | None,
) -> None:
    """Queues the mail that asks whoever reads it to confirm; `network` is as throttle gives it.

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
        )
    )
    db.flush()
    facts = {
        "to": email,
        "language": language,
        "letter": mail.letter_facts(letter, language),
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


def by_link(db: Db, token: str) -> Disputed:
    """What a mailed link is about; raises NotFound for an unknown one."""
    link, endorsement, letter = endorsements.by_link(db, links.DISPUTE, token)
    dispute = db.scalars(select(Dispute).where(col(Dispute.link) == link.digest)).one()
    return Disputed(link, dispute, _standing(db, endorsement), letter)


def hides(db: Db, found: Disputed) -> bool:
    """Whether confirming takes the line off the list at once."""
    return (
        found.line.is_listed
        and is_own(db, found.line, db.keys.unseal(found.dispute.address))
        and not _was_set_aside(db, found)
    )


def confirm(db: Db, token: str) -> Disputed:
    """Whoever reads the mailbox stands by it: the line is hidden, or only the organisers told.

    What was confirmed before, or is moot, changes nothing. Raises NotFound, and Gone for a link
    that is too old.
    """
    found = by_link(db, token)
    endorsements.locked(db, found.line)
    if found.line.merged_into:
        found = by_link(db, token)  # merged in this very moment: once more, from where it stands
    if found.is_done or found.is_refused or found.is_moot:
        return found
    must_be_fresh(db, found)
    if not _use(db, found):
        return found
    dispute, line = found.dispute, found.line
    hidden = hides(db, found)
    repeats = _is_open_already(db, found)
    dispute.endorsement_id = line.id
    dispute.confirmed_at = db.now
    dispute.is_own = is_own(db, line, db.keys.unseal(dispute.address))
    db.flush()
    audit.record(
        db,
        "disputed",
        by=audit.VISITOR,
        letter_id=line.letter_id,
        subject_id=line.id,
        own_domain=dispute.is_own,
    )
    if hidden:
        hiding.hide(db, line, by=audit.VISITOR)
        notices.tell(db, line, found.letter, "hidden")
    if hidden or not repeats:
        _tell_organisers(db, found, hidden=hidden)
    return found


def must_be_fresh(db: Db, found: Disputed) -> None:
    if found.link.has_expired(db.now):
        raise Gone(_("This link is older than seven days. Please start again from the list."))


def refuse(db: Db, token: str) -> Disputed:
    """ "I did not ask for this": it ends, and no more mail about the letter comes."""
    found = by_link(db, token)
    if found.is_done or not _use(db, found):
        return found
    mailbox, letter = found.dispute.mailbox, found.letter
    if not suppressions.covers(db, [mailbox], letter.id):
        suppressions.add(db, mailbox, letter.id)
    found.dispute.reason = ""
    db.flush()
    return found


def is_own(db: Db, line: Endorsement, address: str) -> bool:
    """Whether a mailbox is at a domain that is the organisation's own: its website's, or one that
    the address book knows. Mail providers and sites where anybody has a page are nobody's own."""
    if line.kind != "organisation":
        return False
    entry = organisations.standing(db, line.organisation_id)
    places = [line.website, *([entry.website, *entry.domains] if entry else [])]
    theirs = {evidence.own_domain(place) for place in places if place}
    return evidence.own_domain(mailboxes.domain(address)) in theirs - {None}


def tidy(db: Db) -> None:
    """Forgets what nobody confirmed while the link was good."""
    too_old = db.now - links.CONFIRM_LIFE - timedelta(days=1)
    unconfirmed = col(Dispute.confirmed_at).is_(None), col(Dispute.created_at) < too_old
    digests = select(col(Dispute.link)).where(*unconfirmed)
    db.execute(delete(Link).where(col(Link.digest).in_(digests)))
    db.execute(delete(Dispute).where(*unconfirmed))


def _standing(db: Db, endorsement: Endorsement) -> Endorsement:
    """The endorsement, or the line it stands under by now."""
    while endorsement.merged_into:
        endorsement = db.get_one(Endorsement, endorsement.merged_into)
    return endorsement


def _use(db: Db, found: Disputed) -> bool:
    """Uses the link up; False if it was before, or in this moment by another press."""
    is_first = links.use(db, found.link)
    db.refresh(found.link)
    db.refresh(found.dispute)
    return is_first


def _was_set_aside(db: Db, found: Disputed) -> bool:
    """Whether an organiser has decided about this line against this very mailbox before: one
    person can't hide a line over and over."""
    return _has_another(db, found, col(Dispute.decided_at).is_not(None))


def _is_open_already(db: Db, found: Disputed) -> bool:
    return _has_another(db, found, col(Dispute.decided_at).is_(None))


def _has_another(db: Db, found: Disputed, condition: ColumnElement[bool]) -> bool:
    address = db.keys.unseal(found.dispute.address)
    query = select(col(Dispute.id)).where(
        col(Dispute.endorsement_id) == found.line.id,
        col(Dispute.mailbox).in_(db.keys.indexes(mailboxes.canonical(address))),
        col(Dispute.confirmed_at).is_not(None),
        col(Dispute.id) != found.dispute.id,
        condition,
    )
    return db.scalars(query.limit(1)).first() is not None


def _tell_organisers(db: Db, found: Disputed, *, hidden: bool) -> None:
    """Those who decide about signatories; of what hides nothing, a number a day is enough."""
    letter, line = found.letter, found.line
    if not hidden and not throttle.spend(db, throttle.DISPUTES_OF_LETTER, str(letter.id)):
        return
    for organiser in colleagues.of_letter(db, letter, roles.REVIEW):
        colleagues.write(
            db,
            organiser,
            letter,
            "disputed",
            page=f"endorsements?status=disputed#e-{line.id}",
            listed_name=line.listed_name,
            hidden=hidden,
        )
