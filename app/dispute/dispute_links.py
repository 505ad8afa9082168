"""What a mailed link about a dispute leads to: confirming it, or refusing the mail.

A mailbox at the organisation's own domain hides the line at once, until an organiser decides; any
other only tells the organisers.
"""

from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from app import links, throttle
from app.db import Db
from app.dispute import hiding
from app.dispute.disputes import Dispute
from app.endorsement import endorsements, evidence
from app.endorsement.endorsements import Endorsement
from app.errors import Gone
from app.i18n import _
from app.letter.letters import Letter
from app.links import Link
from app.mailing import mailboxes, suppressions
from app.organisation import organisations
from app.organiser import colleagues, roles
from app.signer import notices
from app.trail import audit


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
    is_ours = is_own(db, line, db.keys.unseal(dispute.address))
    hidden = is_ours and line.is_listed and not _was_set_aside(db, found)
    repeats = _is_open_already(db, found)
    dispute.endorsement_id = line.id
    dispute.confirmed_at = db.now
    dispute.is_own = is_ours
    db.flush()
    audit.record_about(db, "disputed", line, by=audit.VISITOR, own_domain=dispute.is_own)
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
