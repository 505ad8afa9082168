"""Invitations to work on a letter: mailed to an address, accepted once by whoever reads its mail.

Whoever invites learns nothing about the address: it makes no difference to any page or mail
whether somebody with it is an organiser already. Once an invitation is over it holds neither
name nor address.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Column, Index, String, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, col

from app import (
    audit,
    colleagues,
    links,
    mail,
    mailboxes,
    names,
    organisers,
    outbox,
    outreach,
    roles,
    throttle,
)
from app.audit import Actor
from app.db import Db, Moment, Table, new_id
from app.errors import Conflict, Gone, NotFound, Refused, TooMany
from app.i18n import _, language
from app.letters import Letter
from app.organisers import Organiser, shown_name

# Nobody has answered for so long: the address is no longer needed.
FORGET_AFTER = timedelta(days=30)
PENDING = text("status = 'pending'")


class TeamInvitation(Table, table=True):
    """`status` is pending, accepted, taken back or forgotten."""

    __tablename__ = "team_invitation"
    __table_args__ = (
        # One mailbox is asked once at a time.
        Index(
            "ix_team_invitation_pending",
            "letter_id",
            "mailbox",
            unique=True,
            sqlite_where=PENDING,
            postgresql_where=PENDING,
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    letter_id: UUID = Field(foreign_key="letter.id", ondelete="CASCADE")
    name: str = ""
    address: str
    mailbox: str = Field(sa_column=Column(String(43), nullable=False))
    language: str = Field(sa_column=Column(String(20), nullable=False))
    role: str = Field(sa_column=Column(String(10), nullable=False))
    status: str = Field(default="pending", sa_column=Column(String(10), nullable=False))
    invited_by: UUID = Field(foreign_key="organiser.id", ondelete="CASCADE")
    invited_at: datetime = Field(sa_type=Moment)
    sent_at: datetime = Field(sa_type=Moment)

    def has_expired(self, now: datetime) -> bool:
        return now >= self.sent_at + links.TEAM_LIFE


def pending(db: Db, letter: Letter) -> list[TeamInvitation]:
    """Those not accepted yet, the oldest first; those too old to be accepted among them."""
    query = select(TeamInvitation).where(
        col(TeamInvitation.letter_id) == letter.id, col(TeamInvitation.status) == "pending"
    )
    return list(db.scalars(query.order_by(col(TeamInvitation.id))))


def of_letter(db: Db, letter: Letter, invitation_id: UUID) -> TeamInvitation:
    """Raises NotFound unless it is pending on this letter."""
    found = db.get(TeamInvitation, invitation_id)
    if not found or found.letter_id != letter.id or found.status != "pending":
        raise NotFound(_("There is no such invitation, or it is over."))
    return found


def invite(
    db: Db, letter: Letter, email: str, name: str, role: str, *, by: Organiser
) -> TeamInvitation:
    """`email` is a checked address. Raises Refused with the field, for what can't be."""
    mailbox = db.keys.index(mailboxes.canonical(email))
    _must_be_new(db, letter, email)
    invitation = TeamInvitation(
        letter_id=letter.id,
        name=_checked_name(name),
        address=db.keys.seal(email),
        mailbox=mailbox,
        language=language(),
        role=roles.checked(role),
        invited_by=by.id,
        invited_at=db.now,
        sent_at=db.now,
    )
    db.add(invitation)
    try:
        db.flush()
    except IntegrityError:
        raise Refused(
            _("This address is invited already. You can send the mail again below."), "email"
        ) from None
    _record(db, invitation, "team invitation sent", by=by.actor)
    _send(db, letter, invitation, by=by)
    return invitation


def send_again(db: Db, letter: Letter, invitation: TeamInvitation, *, by: Organiser) -> None:
    """With a new link; those of before work on until they are too old, once in total."""
    invitation.sent_at = db.now
    db.flush()
    _record(db, invitation, "team invitation sent again", by=by.actor)
    _send(db, letter, invitation, by=by)


def take_back(db: Db, invitation: TeamInvitation, *, by: Actor) -> None:
    _record(db, invitation, "team invitation taken back", by=by)
    _end(db, invitation, "taken back")


def take_back_of(db: Db, letter: Letter, inviter: Organiser, *, by: Organiser) -> None:
    """Who is no owner any more must not come back as one through a mailbox they invited."""
    for invitation in pending(db, letter):
        if invitation.invited_by == inviter.id:
            take_back(db, invitation, by=by.actor)


def find(db: Db, token: str) -> TeamInvitation:
    """What a mailed link invites to. Raises NotFound or Gone with the sentence for its reader."""
    link = links.find(db, links.TEAM, token)
    invitation = db.get(TeamInvitation, link.team_invitation_id)
    if not invitation or invitation.status == "taken back" or not _still_stands(db, invitation):
        raise Gone(_("This invitation was taken back."))
    if invitation.status == "accepted":
        raise Gone(_("This invitation was accepted already. You can sign in to the desk."))
    if link.has_expired(db.now):
        raise Gone(_("This invitation is too old. Please ask whoever invited you for a new one."))
    return invitation


def asks_name(db: Db, invitation: TeamInvitation) -> bool:
    """Whether whoever accepts it says what they are called: who is no organiser yet."""
    return organisers.by_email(db, db.keys.unseal(invitation.address)) is None


def accept(db: Db, invitation: TeamInvitation, name: str = "") -> tuple[Letter, Organiser, bool]:
    """Gives the role to whoever reads the mailbox: (letter, organiser, whether they are new here).

    `name` is what somebody new is called from now on; raises Refused without one.

    Somebody with an account already is not signed in by it: links that live for days are for
    accounts that have nothing to lose.
    """
    letter = db.get_one(Letter, invitation.letter_id)
    email, by = db.keys.unseal(invitation.address), invitation.invited_by
    # First, so that of two who accept at once one waits and then finds it over.
    _end(db, invitation, "accepted")
    organiser = organisers.by_email(db, email)
    is_new = organiser is None
    if organiser is None:
        called = _own_name(name)
        inviter = Actor("organiser", by)
        organiser = organisers.enrol(db, email, called, invitation.language, by=inviter)
    _record(db, invitation, "team invitation accepted", by=organiser.actor)
    organisers.give_role(db, organiser, letter, invitation.role, by=organiser.actor)
    colleagues.tell_owners(db, letter, "joined", organiser, invitation.role, by=organiser)
    return letter, organiser, is_new


def forget_old(db: Db) -> None:
    """Chore: empties what nobody answered."""
    query = select(TeamInvitation).where(
        col(TeamInvitation.status) == "pending",
        col(TeamInvitation.sent_at) < db.now - FORGET_AFTER,
    )
    for invitation in db.scalars(query.with_for_update(skip_locked=True)).all():
        _record(db, invitation, "team invitation forgotten", by=audit.WORKER)
        _end(db, invitation, "forgotten")


def _still_stands(db: Db, invitation: TeamInvitation) -> bool:
    """Whoever invites at the instant at which they are removed invites nobody."""
    if invitation.status != "pending":
        return True
    return roles.OWN in roles.abilities(db, invitation.invited_by, invitation.letter_id)


def _must_be_new(db: Db, letter: Letter, email: str) -> None:
    known = organisers.by_email(db, email)
    if known and roles.abilities(db, known.id, letter.id):
        raise Refused(_("Whoever has this address works on the letter already."), "email")


def _own_name(name: str) -> str:
    if not name.strip():
        raise Refused(_("Say what you are called: your colleagues see it."), "name")
    return _checked_name(name)


def _checked_name(name: str) -> str:
    """Mails show it to people who don't know the inviter: no links in it."""
    if not name.strip():
        return ""
    try:
        return names.checked_line(name)
    except Refused as refused:
        raise Refused(refused.sentence, "name") from refused


def _send(db: Db, letter: Letter, invitation: TeamInvitation, *, by: Organiser) -> None:
    _must_be_allowed(db, invitation, by=by)
    secret = links.make(
        db, links.TEAM, team_invitation_id=invitation.id, expires_at=db.now + links.TEAM_LIFE
    )
    outbox.enqueue(
        db,
        mail.team_invited.__name__,
        {
            "to": db.keys.unseal(invitation.address),
            "language": invitation.language,
            # Anybody can begin a letter: what it says goes to others once it is public.
            "title": letter.title_in(invitation.language) if letter.is_public else "",
            "name": invitation.name if letter.is_public else "",
            "who": shown_name(db, by),
            "role": invitation.role,
            "secret": secret,
        },
        mailbox=invitation.mailbox,
        letter_id=letter.id,
        link=links.digest(secret),
    )


def _must_be_allowed(db: Db, invitation: TeamInvitation, *, by: Organiser) -> None:
    if not throttle.spend(db, throttle.TEAM_MAILBOX, invitation.mailbox):
        raise TooMany(outreach.of_mailboxes(db, throttle.TEAM_MAILBOX))
    if not throttle.spend(db, throttle.TEAM_INVITER, str(by.id)):
        sentence = _("You may invite %(number)s colleagues a day, and have. Go on on %(when)s.")
        raise TooMany(sentence % outreach.facts_of(db, throttle.TEAM_INVITER))


def _end(db: Db, invitation: TeamInvitation, to: str) -> None:
    """The only door out of pending."""
    ended = db.changed(
        update(TeamInvitation)
        .where(col(TeamInvitation.id) == invitation.id, col(TeamInvitation.status) == "pending")
        .values(status=to, name="", address="", mailbox="")
    )
    if ended != 1:
        raise Conflict(_("This invitation is over already."))
    db.refresh(invitation)


def _record(db: Db, invitation: TeamInvitation, action: str, *, by: Actor) -> None:
    audit.record(
        db,
        action,
        by=by,
        letter_id=invitation.letter_id,
        subject_id=invitation.id,
        role=invitation.role,
    )
