"""Invitations to work on a letter: mailed to an address; joining.py is about accepting them.

Whoever invites learns nothing about the address: it makes no difference to any page or mail
whether somebody with it is an organiser already. Once an invitation is over it holds neither
name nor address.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, String, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, col

from app import links, throttle
from app.db import Db, Moment, Table, new_id
from app.errors import Conflict, NotFound, Refused, TooMany
from app.i18n import _, language
from app.invitation import outreach
from app.letter.letters import Letter
from app.mailing import mailboxes, outbox
from app.name import names
from app.organiser import desk_mails, organisers, proposals, roles, two_person
from app.organiser.organisers import Organiser, shown_name
from app.trail import audit
from app.trail.audit import Actor

# Nobody has answered for so long: the address is no longer needed.
FORGET_AFTER = timedelta(days=30)
PENDING = text("status = 'pending'")


class TeamInvitation(Table, table=True):
    """`status` is prepared, pending, accepted, taken back or forgotten; a prepared one waits for
    another owner to agree, and nothing was mailed yet."""

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
    # The second owner, where two agreed to it.
    agreed_by: UUID | None = None

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
    invitation = _filled_in(db, letter, email, name, role, by)
    db.add(invitation)
    try:
        db.flush()
    except IntegrityError:
        raise _invited_already() from None
    record(db, invitation, "team invitation sent", by=by.actor)
    _send(db, letter, invitation, by=by)
    return invitation


def prepare(
    db: Db, letter: Letter, email: str, name: str, role: str, *, by: Organiser
) -> TeamInvitation:
    """The same, but nothing leaves until another owner has agreed."""
    invitation = _filled_in(db, letter, email, name, role, by)
    if any(one.mailbox == invitation.mailbox for one in pending(db, letter)):
        raise _invited_already()
    invitation.status = "prepared"
    db.add(invitation)
    db.flush()
    return invitation


def send_prepared(db: Db, invitation: TeamInvitation, *, by: Actor) -> None:
    """Another owner, `by`, has agreed; it is still whoever proposed it who invites."""
    letter = db.get_one(Letter, invitation.letter_id)
    inviter = db.get_one(Organiser, invitation.invited_by)
    _must_be_new(db, letter, db.keys.unseal(invitation.address))
    try:
        _move(db, invitation, "prepared", "pending", sent_at=db.now, agreed_by=by.id)
    except IntegrityError:
        raise _invited_already() from None
    record(db, invitation, "team invitation sent", by=inviter.actor)
    _send(db, letter, invitation, by=inviter)


def drop_prepared(db: Db, invitation: TeamInvitation) -> None:
    _move(db, invitation, "prepared", "forgotten", **_EMPTY)


def send_again(db: Db, letter: Letter, invitation: TeamInvitation, *, by: Organiser) -> None:
    """With a new link; those of before work on until they are too old, once in total."""
    if not is_agreed(db, letter, invitation):
        raise Conflict(
            _("Two owners have to agree to this by now. Take it back, and invite them anew.")
        )
    invitation.sent_at = db.now
    db.flush()
    record(db, invitation, "team invitation sent again", by=by.actor)
    _send(db, letter, invitation, by=by)


def take_back(db: Db, invitation: TeamInvitation, *, by: Actor) -> None:
    record(db, invitation, "team invitation taken back", by=by)
    end(db, invitation, "taken back")


def take_back_of(db: Db, letter: Letter, inviter: Organiser, *, by: Organiser) -> None:
    """Who is no owner any more must not come back as one through a mailbox they invited."""
    for invitation in pending(db, letter):
        if invitation.invited_by == inviter.id:
            take_back(db, invitation, by=by.actor)


def take_back_unagreed(db: Db, letter: Letter, *, by: Actor) -> None:
    """Those that a second owner would have to agree to by now, and did not."""
    for invitation in pending(db, letter):
        if not is_agreed(db, letter, invitation):
            take_back(db, invitation, by=by)


def forget_old(db: Db) -> None:
    """Chore: empties what nobody answered."""
    for invitation in _older(db, "pending", FORGET_AFTER):
        record(db, invitation, "team invitation forgotten", by=audit.WORKER)
        end(db, invitation, "forgotten")
    for invitation in _older(db, "prepared", proposals.LIFE):  # nobody can agree to it any more
        drop_prepared(db, invitation)


def _older(db: Db, status: str, age: timedelta) -> Sequence[TeamInvitation]:
    query = select(TeamInvitation).where(
        col(TeamInvitation.status) == status, col(TeamInvitation.sent_at) < db.now - age
    )
    return db.scalars(query.with_for_update(skip_locked=True)).all()


def is_agreed(db: Db, letter: Letter, invitation: TeamInvitation) -> bool:
    """Whether as many have agreed to it as have to by now."""
    by_two = two_person.is_say_by_two(db, letter, invitation.role)
    return invitation.agreed_by is not None or not by_two


def _filled_in(
    db: Db, letter: Letter, email: str, name: str, role: str, by: Organiser
) -> TeamInvitation:
    _must_be_new(db, letter, email)
    return TeamInvitation(
        letter_id=letter.id,
        name=checked_name(name),
        address=db.keys.seal(email),
        mailbox=db.keys.index(mailboxes.canonical(email)),
        language=language(),
        role=roles.checked(role),
        invited_by=by.id,
        invited_at=db.now,
        sent_at=db.now,
    )


def _invited_already() -> Refused:
    return Refused(
        _("This address is invited already. You can send the mail again below."), "email"
    )


def _must_be_new(db: Db, letter: Letter, email: str) -> None:
    known = organisers.by_email(db, email)
    if known and roles.abilities(db, known.id, letter.id):
        raise Refused(_("Whoever has this address works on the letter already."), "email")


def checked_name(name: str) -> str:
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
        desk_mails.team_invited.__name__,
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


def end(db: Db, invitation: TeamInvitation, to: str) -> None:
    """The only door out of pending."""
    _move(db, invitation, "pending", to, **_EMPTY)


_EMPTY = {"name": "", "address": "", "mailbox": ""}


def _move(db: Db, invitation: TeamInvitation, came_from: str, to: str, **values: Any) -> None:
    """The only door to the status of one that is there."""
    moved = db.changed(
        update(TeamInvitation)
        .where(col(TeamInvitation.id) == invitation.id, col(TeamInvitation.status) == came_from)
        .values(status=to, **values)
    )
    if moved != 1:
        raise Conflict(_("This invitation is over already."))
    db.refresh(invitation)


def record(db: Db, invitation: TeamInvitation, action: str, *, by: Actor) -> None:
    audit.record_about(db, action, invitation, by=by, role=invitation.role)
