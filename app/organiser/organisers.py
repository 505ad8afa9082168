"""Organisers: who may do what on which letter, and how a mailed link signs them in.

There are no passwords: the link works once, for ten minutes, in the browser that asked.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Column, String, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased
from sqlmodel import Field, col

from app import links, throttle
from app.db import Db, Moment, Table, new_id
from app.errors import Conflict, Forbidden, NotFound, Refused
from app.i18n import _, language, languages
from app.letter.letters import Letter
from app.mailing import mail, mailboxes, outbox
from app.name import names
from app.organiser import desk_mails, roles, sessions
from app.organiser.roles import OWNER, Ability, Role
from app.trail import audit
from app.trail.audit import Actor

SIGN_IN_LIFE = timedelta(minutes=10)
FIRST_SIGN_IN_LIFE = timedelta(hours=24)


class Organiser(Table, table=True):
    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str = ""
    address: str
    mailbox: str = Field(sa_column=Column(String(43), nullable=False, unique=True))
    # What the desk and its mails speak: chosen, or that of the browser of the first sign-in; empty
    # before.
    language: str = Field(default="", sa_column=Column(String(20), nullable=False))
    created_at: datetime = Field(sa_type=Moment)
    # The address book that the next letters of theirs use: see organisations.Book.
    book_id: UUID = Field(default_factory=new_id)

    @property
    def actor(self) -> Actor:
        return Actor("organiser", self.id)


def add(db: Db, email: str, name: str = "") -> Organiser:
    """The organiser with this address, new or known; the first one gets the letters nobody owns."""
    known = by_email(db, email)
    if known:
        return known
    organiser = enrol(db, email, name, by=audit.OPERATOR)
    for letter in db.scalars(
        select(Letter).where(col(Letter.id).not_in(select(col(Role.letter_id))))
    ):
        give_role(db, organiser, letter, OWNER, by=audit.OPERATOR)
    return organiser


def enrol(db: Db, email: str, name: str, language: str = "", *, by: Actor) -> Organiser:
    """Somebody who is no organiser yet becomes one, without a role on any letter."""
    organiser = Organiser(
        name=name,
        address=db.keys.seal(email),
        mailbox=db.keys.index(mailboxes.canonical(email)),
        language=language,
        created_at=db.now,
    )
    db.add(organiser)
    try:
        db.flush()
    except IntegrityError:  # asked to work on two letters, and accepting both at once
        raise Conflict(_("This came twice at the same moment. Please try again.")) from None
    audit.record(db, "organiser added", by=by, letter_id=None, subject_id=organiser.id)
    return organiser


def by_email(db: Db, email: str) -> Organiser | None:
    keys = db.keys.indexes(mailboxes.canonical(email))
    return db.scalars(select(Organiser).where(col(Organiser.mailbox).in_(keys))).first()


def shown_name(db: Db, organiser: Organiser) -> str:
    """As others see them, see `shown_names`."""
    return shown_names(db, [organiser])[organiser.id]


def shown_names(db: Db, organisers: Iterable[Organiser]) -> dict[UUID, str]:
    """What organisers are called, by their ids, for whoever works with them or is written to.

    Who gave no name is shown by the masked address, which two may have in common, and a number
    that nobody else has: viewers need no address, and the trail has to say who it was.
    """
    known, earlier = list(organisers), aliased(Organiser)
    place = select(func.count()).where(col(earlier.id) <= col(Organiser.id)).scalar_subquery()
    nameless = [one.id for one in known if not one.name]
    query = select(col(Organiser.id), place).where(col(Organiser.id).in_(nameless))
    numbers = {row[0]: row[1] for row in db.execute(query)} if nameless else {}
    return {one.id: one.name or _label(db, one, numbers[one.id]) for one in known}


def _label(db: Db, organiser: Organiser, number: int) -> str:
    masked = mailboxes.masked(db.keys.unseal(organiser.address))
    return _("%(address)s (organiser %(number)s)") % {"address": masked, "number": number}


def first(db: Db) -> Organiser | None:
    return db.scalars(select(Organiser).order_by(col(Organiser.id)).limit(1)).first()


def give_role(db: Db, organiser: Organiser, letter: Letter, role: str, *, by: Actor) -> None:
    query = select(Role).where(
        col(Role.organiser_id) == organiser.id, col(Role.letter_id) == letter.id
    )
    if db.scalars(query).first():
        return
    db.add(Role(organiser_id=organiser.id, letter_id=letter.id, role=role))
    db.flush()
    if role == OWNER and letter.book_id is None:
        letter.book_id = organiser.book_id
        db.flush()
    audit.record(db, "role given", by=by, letter_id=letter.id, subject_id=organiser.id, role=role)


def keep_or_begin_book(db: Db, organiser: Organiser) -> None:
    """Once letters use a book it is theirs who own one of these; who does no longer begins another
    for the letters to come, so that none of those brings the first one back."""
    used = select(col(Letter.id)).where(col(Letter.book_id) == organiser.book_id)
    owned = used.join(Role, col(Role.letter_id) == col(Letter.id)).where(
        col(Role.organiser_id) == organiser.id, col(Role.role) == OWNER
    )
    if db.scalars(used.limit(1)).first() and not db.scalars(owned.limit(1)).first():
        organiser.book_id = new_id()
        db.flush()


def has_owner(db: Db, letter: Letter) -> bool:
    query = select(col(Role.id)).where(col(Role.letter_id) == letter.id, col(Role.role) == OWNER)
    return db.scalars(query.limit(1)).first() is not None


def letters_of(db: Db, organiser: Organiser, to: Ability = roles.LOOK) -> list[Letter]:
    """All letters on which this organiser has the ability, the newest first."""
    query = select(Letter).join(Role, col(Role.letter_id) == col(Letter.id))
    mine = query.where(
        col(Role.organiser_id) == organiser.id, col(Role.role).in_(roles.with_ability(to))
    )
    return list(db.scalars(mine.order_by(col(Letter.created_at).desc(), col(Letter.id))))


def letter_of(db: Db, organiser: Organiser, slug: str, to: Ability = roles.LOOK) -> Letter:
    """A letter among those this organiser may see; somebody else's is not there at all.

    Raises Forbidden where the organiser has a role on it, but not the ability.
    """
    query = select(Letter, col(Role.role)).join(Role, col(Role.letter_id) == col(Letter.id))
    mine = query.where(col(Role.organiser_id) == organiser.id, col(Letter.slug) == slug)
    found = db.execute(mine).first()
    if not found:
        raise NotFound(_("There is no such letter."))
    letter, role = found
    if to not in roles.ABILITIES[role]:
        raise Forbidden(roles.refusal(to))
    assert isinstance(letter, Letter)
    return letter


def rename(db: Db, organiser: Organiser, name: str) -> None:
    """As the organiser is called on the desk; raises NameRefused."""
    organiser.name = names.checked_line(name)
    db.flush()
    actor, subject = organiser.actor, organiser.id
    audit.record(db, "organiser renamed", by=actor, letter_id=None, subject_id=subject)


def choose_language(db: Db, organiser: Organiser, code: str) -> None:
    """What the desk and its mails speak; raises Refused for one that the interface doesn't."""
    if code not in languages():
        raise Refused(_("Choose one of the languages offered."), "language")
    organiser.language = code
    db.flush()


def ask_to_sign_in(db: Db, email: str, browser: str, *, network: str | None) -> None:
    """Queues the mail with a sign-in link for a known address, and one that goes nowhere for any
    other: the same work and the same page, whoever asks."""
    organiser = by_email(db, email)
    mailbox = db.keys.index(mailboxes.canonical(email))
    # The mailbox's own allowance is large: a stranger must not be able to use it up and so keep
    # an organiser out; how often one network asks for one mailbox is what is limited.
    if not throttle.spend(db, throttle.SIGN_IN_FROM_NETWORK, f"{mailbox} {network}"):
        return
    if network and not throttle.spend(db, throttle.SIGN_IN_NETWORK, network):
        return
    if not throttle.spend(db, throttle.SIGN_IN_MAILBOX, mailbox):
        return
    secret = links.make(
        db,
        links.SIGN_IN,
        organiser_id=organiser.id if organiser else None,
        browser=links.digest(browser),
        expires_at=db.now + SIGN_IN_LIFE,
    )
    outbox.enqueue(
        db,
        (desk_mails.sign_in if organiser else mail.nothing).__name__,
        {
            "to": db.keys.unseal(organiser.address) if organiser else email,
            "language": (organiser and organiser.language) or language(),
            "secret": secret,
        },
        mailbox=mailbox,
        link=links.digest(secret),
    )


def first_link(db: Db, organiser: Organiser) -> str:
    """The secret of a sign-in link for any browser, good once, for 24 hours; for the operator."""
    return links.make(
        db, links.SIGN_IN, organiser_id=organiser.id, expires_at=db.now + FIRST_SIGN_IN_LIFE
    )


def of_session(db: Db, secret: str) -> Organiser | None:
    """Whose live session this is."""
    session = sessions.live(db, secret)
    return db.get_one(Organiser, session.organiser_id) if session else None
