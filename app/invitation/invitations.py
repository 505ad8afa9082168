"""Invitations: whom a letter was sent to, and where each of them stands."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    String,
    Text,
    UniqueConstraint,
    delete,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, col

from app import links
from app.db import Db, Moment, Table, new_id
from app.errors import Conflict, NotFound, Refused
from app.i18n import _
from app.letter import letters
from app.letter.letters import Letter
from app.mailing import outbox, suppressions
from app.trail import audit

Status = Literal["invited", "promised", "signed", "declined", "bounced"]

STATUSES: tuple[Status, ...] = ("invited", "promised", "signed", "declined", "bounced")
LONGEST_REASON = 1_000
FURTHEST_PROMISE = timedelta(days=366)

# To a status, from which others. From signed only the endorsement itself leads away, from
# bounced back to invited only another address.
MOVES: dict[str, tuple[str, ...]] = {
    "invited": ("signed", "bounced"),
    "promised": ("invited", "promised", "declined", "bounced"),
    "signed": ("invited", "promised", "declined", "bounced"),
    "declined": ("invited", "promised", "signed", "declined", "bounced"),
    "bounced": ("invited", "promised"),
}


class Invitation(Table, table=True):
    __table_args__ = (
        CheckConstraint(
            "status IN ('invited','promised','signed','declined','bounced')", name="status"
        ),
        UniqueConstraint("letter_id", "mailbox", "folded"),
        Index(None, "letter_id", "status", "id"),
        Index(None, "letter_id", "folded", "id"),
        Index(None, "organisation_id"),
        Index(None, "endorsement_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    letter_id: UUID = Field(foreign_key="letter.id", ondelete="CASCADE")
    organisation_id: UUID | None = Field(
        default=None, foreign_key="organisation.id", ondelete="SET NULL"
    )
    status: str = Field(default="invited", sa_column=Column(String(10), nullable=False))

    # As organisers wrote it; an individual's `organisation` is empty.
    organisation: str = ""
    website: str = ""
    country: str = ""
    name: str = ""
    role: str = ""
    folded: str
    address: str
    # Whether the address came from the address book, and nobody on the list typed it.
    from_book: bool = False
    mailbox: str = Field(sa_column=Column(String(43), nullable=False))
    language: str = Field(default="en", sa_column=Column(String(20), nullable=False))
    note: str = Field(default="", sa_column=Column(Text, nullable=False))
    # The organiser who looks after it.
    owner_id: UUID | None = Field(default=None, foreign_key="organiser.id", ondelete="SET NULL")

    # "Awaiting our board until": the day, and the reason where they declined.
    promised_until: date | None = None
    reason: str | None = Field(default=None, sa_column=Column(Text))
    endorsement_id: UUID | None = Field(
        default=None, foreign_key="endorsement.id", ondelete="SET NULL"
    )
    created_at: datetime = Field(sa_type=Moment)
    # None until the mail with the personal link is queued.
    invited_at: datetime | None = Field(default=None, sa_type=Moment)
    answered_at: datetime | None = Field(default=None, sa_type=Moment)
    # No reminders to this one any more.
    stopped_at: datetime | None = Field(default=None, sa_type=Moment)

    @property
    def listed_name(self) -> str:
        """What they are called; "" where organisers gave an address and nothing else."""
        return self.organisation or self.name


def by_link(db: Db, token: str) -> tuple[Invitation, Letter]:
    """Whose personal link this is; raises NotFound for an unknown one, or one taken back."""
    link = links.find(db, links.INVITATION, token)
    invitation = link.invitation_id and db.get(Invitation, link.invitation_id)
    if not invitation:
        raise NotFound(_("This invitation was taken back by the organisers."))
    return invitation, letters.by_id(db, invitation.letter_id)


def of_letter(db: Db, letter: Letter, invitation_id: UUID) -> Invitation:
    invitation = db.get(Invitation, invitation_id)
    if not invitation or invitation.letter_id != letter.id:
        raise NotFound(_("There is no such invitation."))
    return invitation


def chosen(db: Db, letter: Letter, ids: Sequence[UUID]) -> list[Invitation]:
    """Those of these that are the letter's, by name; raises Refused if nothing was chosen."""
    if not ids:
        raise Refused(_("Nobody was chosen, so nothing was done. Tick at least one line."))
    query = select(Invitation).where(
        col(Invitation.letter_id) == letter.id, col(Invitation.id).in_(ids)
    )
    return list(db.scalars(query.order_by(col(Invitation.folded), col(Invitation.id))))


def address_of(db: Db, invitation: Invitation) -> str:
    return db.keys.unseal(invitation.address)


def must_be_answerable(letter: Letter, now: datetime) -> None:
    """Raises Conflict once the letter has closed: until then an answer can be changed."""
    if letter.closed_reason(now) not in (None, "paused"):
        raise Conflict(_("This letter is closed: it can no longer be signed."))


def promise(
    db: Db, invitation: Invitation, letter: Letter, until: date | None, *, by: audit.Actor
) -> None:
    """ "We await our board until that day"."""
    must_be_answerable(letter, db.now)
    until = _checked_promise(letter, until, db.now)
    _answer(db, invitation, "promised", by=by, promised_until=until, reason=None)


def decline(
    db: Db, invitation: Invitation, letter: Letter, reason: str, *, by: audit.Actor
) -> None:
    """ "We will not sign"; the reason may be empty."""
    must_be_answerable(letter, db.now)
    if len(reason.strip()) > LONGEST_REASON:
        raise Refused(_("The reason is too long: at most 1,000 characters."), "reason")
    _answer(db, invitation, "declined", by=by, reason=reason.strip() or None, promised_until=None)


def stop_writing(db: Db, invitation: Invitation, *, everywhere: bool) -> None:
    """ "Stop writing to me": no more mail about this letter, or about any."""
    about = None if everywhere else invitation.letter_id
    if not suppressions.covers(db, [invitation.mailbox], about):
        suppressions.add(db, invitation.mailbox, about)
        audit.record_about(db, "mail refused", invitation, by=audit.SIGNER, everywhere=everywhere)
    outbox.take_back_invitations(db, [invitation.id])


def remove(db: Db, invitations: Sequence[Invitation], *, by: audit.Actor) -> None:
    """Takes them off the list; their links stop working, what they signed stays."""
    _end_mail(db, [invitation.id for invitation in invitations])
    for invitation in invitations:
        audit.record_about(db, "invitation removed", invitation, by=by, came_from=invitation.status)
        db.delete(invitation)
    db.flush()


def readdress(
    db: Db, invitation: Invitation, address: str, mailbox: str, *, by: audit.Actor
) -> None:
    """Another address of the same invitee: the mail and the link to the old one end, and nothing
    has been mailed to this one yet. readdressing.py sees to it that it can be invited."""
    lock(db, invitation)
    if invitation.status in ("signed", "declined"):
        raise Conflict(_("They have answered, so their address can't change any more."))
    _end_mail(db, [invitation.id])
    if invitation.status == "bounced":
        move(db, invitation, "invited", by=by)
    sealed = db.keys.seal(address)
    changes = {"address": sealed, "mailbox": mailbox, "from_book": False, "invited_at": None}
    try:
        set_facts(db, invitation, "invitation readdressed", by, **changes)
    except IntegrityError:  # a colleague has invited that mailbox at the same moment
        raise Conflict(_("This came twice at the same moment. Please try again.")) from None


def bounced(db: Db, invitation_id: UUID, queued_at: datetime) -> None:
    """The mail that was queued then failed for good; one to an address they had before doesn't
    count."""
    invitation = db.get(Invitation, invitation_id, with_for_update=True)
    if not invitation or not invitation.invited_at or queued_at < invitation.invited_at:
        return
    if invitation.status in MOVES["bounced"]:
        move(db, invitation, "bounced", by=audit.WORKER)


def status_name(status: str) -> str:
    names = {
        "invited": _("invited"),
        "promised": _("promised"),
        "signed": _("signed"),
        "declined": _("declined"),
        "bounced": _("bounced"),
    }
    return names[status]


def _checked_promise(letter: Letter, until: date | None, now: datetime) -> date:
    today = letter.on_its_calendar(now)
    if until is None or until <= today:
        raise Refused(_("Choose a day after today."), "until")
    if until > today + FURTHEST_PROMISE:
        raise Refused(_("Choose a day within a year."), "until")
    if letter.local_deadline and until > letter.local_deadline.date():
        raise Refused(_("Choose a day before signing ends."), "until")
    return until


def _answer(db: Db, invitation: Invitation, to: Status, *, by: audit.Actor, **changes: Any) -> None:
    lock(db, invitation)
    if invitation.status not in MOVES[to] or invitation.status == "signed":
        raise Conflict(
            _("The signature is confirmed. To take it back, use the link in the mail about it.")
        )
    move(db, invitation, to, by=by, answered_at=db.now, **changes)
    outbox.take_back_invitations(db, [invitation.id])


def _end_mail(db: Db, ids: Sequence[UUID]) -> None:
    """What waits for them doesn't leave, and their personal links stop working."""
    outbox.take_back_invitations(db, ids)
    db.execute(delete(links.Link).where(col(links.Link.invitation_id).in_(ids)))


def lock(db: Db, invitation: Invitation) -> None:
    db.refresh(invitation, with_for_update=True)


def move(db: Db, invitation: Invitation, to: Status, *, by: audit.Actor, **changes: Any) -> None:
    """The only door to an invitation's status; one conditional UPDATE decides who came first."""
    came_from = invitation.status
    moved = db.changed(
        update(Invitation)
        .where(col(Invitation.id) == invitation.id, col(Invitation.status).in_(MOVES[to]))
        .where(col(Invitation.status) == came_from)
        .values(status=to, **changes)
    )
    if moved != 1:
        raise Conflict(
            _("This invitation is %(status)s now; somebody was quicker. Nothing was changed.")
            % {"status": status_name(came_from)}
        )
    db.refresh(invitation)
    reason = changes.get("reason")
    audit.record_about(
        db, f"invitation {to}", invitation, by=by, reason=reason, came_from=came_from
    )


def set_facts(db: Db, invitation: Invitation, action: str, by: audit.Actor, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(invitation, name, value)
    db.flush()
    audit.record_about(db, action, invitation, by=by)
