"""The mails of a message: one for each mailbox, queued little by little, counted, stopped.

The rows are written when the message is sent, under a unique key, so a mailbox can't get it twice
however often the button is pressed. A worker then queues those that are not queued yet: a few
hundred at a time, so that neither a request nor other mail waits for ten thousand.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    String,
    UniqueConstraint,
    case,
    delete,
    false,
    func,
    insert,
    select,
    update,
)
from sqlmodel import Field, col

from app import links, throttle
from app.db import Db, Moment, Table, new_id
from app.endorsement import endorsements
from app.endorsement.endorsements import Endorsement
from app.errors import Conflict
from app.i18n import _
from app.letter.letters import Letter
from app.mailing import mail, outbox, suppressions
from app.mailing.outbox import OutboxMail
from app.message import audiences, messages
from app.message.audiences import Recipient
from app.message.messages import Message
from app.organiser.organisers import Organiser
from app.trail import audit

BATCH = 200
# So many may wait for the mail server at once: what isn't queued can still be stopped, and the
# outbox doesn't fill with copies of one text while a server is slow.
MOST_WAITING = 500
FIGURES = ("waiting", "sent", "failed", "dropped", "stopped")


class MessageMail(Table, table=True):
    __tablename__ = "message_mail"
    __table_args__ = (
        UniqueConstraint("message_id", "mailbox"),
        Index(None, "message_id", "queued_at"),
        Index(None, "endorsement_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    message_id: UUID = Field(foreign_key="message.id", ondelete="CASCADE")
    # The first that the mailbox signed: whose address and language the mail has.
    endorsement_id: UUID = Field(foreign_key="endorsement.id", ondelete="CASCADE")
    mailbox: str = Field(sa_column=Column(String(43), nullable=False))
    queued_at: datetime | None = Field(default=None, sa_type=Moment)
    # None though queued: nobody was left to write to.
    outbox_id: UUID | None = None


def send(
    db: Db, letter: Letter, message: Message, *, count: str, seen: str, by: audit.Actor
) -> None:
    """What was looked at goes to those who were shown: `count` of them, with the digest `seen`.

    Raises Conflict if the message or its audience is another now.
    """
    messages.must_be_draft(db, message)
    found = audiences.recipients(db, letter, message.to)
    if not found:
        raise Conflict(_("Nobody would get it."))
    if count != str(len(found)) or seen != seen_of(message, found):
        raise Conflict(
            _("The message or its audience has changed since you looked at it. Look again.")
        )
    messages.sending(db, letter, message, by=by)
    rows = [
        {
            "id": new_id(),
            "message_id": message.id,
            "endorsement_id": one.endorsement_id,
            "mailbox": one.mailbox,
        }
        for one in found
    ]
    db.execute(insert(MessageMail), rows)
    audit.record_about(
        db,
        "message addressed",
        message,
        by=by,
        number=len(found),
        **{f"to_{name}": value for name, value in message.audience.items() if name != "to"},
        to=message.to.to,
    )


def seen_of(message: Message, found: list[Recipient]) -> str:
    return f"{message.seen}.{audiences.digest(found)}"


def stop(db: Db, message: Message, *, by: audit.Actor) -> None:
    """What has not left stays here; what a server has is gone."""
    # What is dropped at the very instant of the stop is dropped by it.
    messages.move(db, message, "stopped", by=by, changed_at=db.now)
    outbox.drop(db, _of_message(message))


def sample(db: Db, letter: Letter, message: Message, *, to: Organiser) -> None:
    """The message to its writer, as a signatory would get it."""
    if not throttle.spend(db, throttle.SAMPLES_OF_ORGANISER, str(to.id)):
        raise Conflict(_("You have sent yourself enough samples today. Try again tomorrow."))
    facts = {
        **_facts(db, letter, message, language=letter.language, read_in=letter.language),
        "to": db.keys.unseal(to.address),
        "listed_name": "",
        "secret": "",
    }
    outbox.enqueue(db, mail.message.__name__, facts, mailbox=to.mailbox)
    audit.record_about(db, "message sampled", message, by=to.actor)


def queue_due(db: Db) -> None:
    """Queues some mails of each message on its way; ends those of which none is left."""
    on_their_way = select(Message).where(col(Message.status) == "sending")
    # Another worker that is at one of them now sees to that one.
    mine = on_their_way.order_by(col(Message.sent_at)).with_for_update(skip_locked=True)
    for message in db.scalars(mine).all():
        figures = counted(db, message)
        if not figures["waiting"]:
            messages.move(db, message, "sent", by=audit.WORKER, figures=figures)
        else:
            _queue(db, message, min(BATCH, MOST_WAITING - _in_outbox(db, message)))


def counted(db: Db, message: Message) -> dict[str, int]:
    """How many of its mails are in which state, by FIGURES; those that have an end as they were
    counted then."""
    if message.figures:
        return message.figures
    states = (
        select(_state(message).label("state"))
        .select_from(MessageMail)
        .outerjoin(OutboxMail, col(OutboxMail.id) == col(MessageMail.outbox_id))
        .where(col(MessageMail.message_id) == message.id)
        .subquery()
    )
    query = select(states.c.state, func.count()).group_by(states.c.state)
    found = {row.state: row[1] for row in db.execute(query)}
    return {name: found.get(name, 0) for name in FIGURES}


def unsubscribe(db: Db, endorsement: Endorsement, letter: Letter) -> None:
    """No more messages about the letter to the mailbox; mails about its own signature still come.

    A second time changes nothing.
    """
    endorsements.locked(db, endorsement)
    if not suppressions.covers(db, [endorsement.mailbox], letter.id, "messages"):
        suppressions.add(db, endorsement.mailbox, letter.id, "messages")
        audit.record_about(db, "messages refused", endorsement, by=audit.SIGNER)


def forget(db: Db, message: Message) -> None:
    """Of what was sent only its figures stay, and not who got it."""
    if message.status != "draft":
        message.figures = counted(db, message)
    message.reply_to = ""
    db.flush()
    db.execute(delete(MessageMail).where(col(MessageMail.message_id) == message.id))


def _queue(db: Db, message: Message, number: int) -> None:
    letter = db.get_one(Letter, message.letter_id)
    waiting = (
        select(MessageMail, Endorsement)
        .join(Endorsement, col(Endorsement.id) == col(MessageMail.endorsement_id))
        .where(col(MessageMail.message_id) == message.id, col(MessageMail.queued_at).is_(None))
        .order_by(col(MessageMail.id))
        .limit(max(number, 0))
    )
    taken = db.execute(waiting).all()
    with db.gathering():
        queued = [
            {
                "id": one.id,
                "queued_at": db.now,
                "outbox_id": _enqueue(db, letter, message, endorsement),
            }
            for one, endorsement in taken
        ]
    if queued:
        db.execute(update(MessageMail), queued)


def _enqueue(db: Db, letter: Letter, message: Message, endorsement: Endorsement) -> UUID | None:
    address = endorsements.address_of(db, endorsement)
    # Since it was sent somebody may have withdrawn.
    if not address or endorsement.status not in audiences.STATUSES["all"]:
        return None
    secret = links.make(db, links.MESSAGES, endorsement_id=endorsement.id)
    return outbox.enqueue(
        db,
        mail.message.__name__,
        {
            **_facts(
                db,
                letter,
                message,
                language=endorsements.mail_language(endorsement),
                read_in=endorsement.language,
            ),
            "to": address,
            "listed_name": endorsement.listed_name,
            "visibility": endorsement.visibility,
            "secret": secret,
        },
        mailbox=endorsement.mailbox,
        letter_id=letter.id,
        endorsement_id=endorsement.id,
        link=links.digest(secret),
    )


def _facts(
    db: Db, letter: Letter, message: Message, *, language: str, read_in: str
) -> dict[str, Any]:
    """What a mail that speaks `language` says to whoever read the letter in another perhaps."""
    return {
        "language": language,
        "letter": mail.letter_facts(letter, read_in),
        "subject": message.subject,
        "body": message.body,
        "reply_to": messages.reply_address(db, message),
    }


def _state(message: Message) -> ColumnElement[str]:
    is_stopped = message.status == "stopped"
    by_stop = col(OutboxMail.dropped_at) == message.changed_at if is_stopped else false()
    return case(
        (col(MessageMail.queued_at).is_(None), "stopped" if is_stopped else "waiting"),
        (col(MessageMail.outbox_id).is_(None), "dropped"),
        (col(OutboxMail.sent_at).is_not(None), "sent"),
        (col(OutboxMail.failed_at).is_not(None), "failed"),
        (by_stop, "stopped"),
        (col(OutboxMail.dropped_at).is_not(None), "dropped"),
        else_="waiting",
    )


def _in_outbox(db: Db, message: Message) -> int:
    waits = col(OutboxMail.next_attempt_at).is_not(None)
    query = select(func.count()).select_from(OutboxMail).where(_of_message(message), waits)
    return db.scalar(query) or 0


def _of_message(message: Message) -> ColumnElement[bool]:
    mails = select(col(MessageMail.outbox_id)).where(
        col(MessageMail.message_id) == message.id, col(MessageMail.outbox_id).is_not(None)
    )
    return col(OutboxMail.id).in_(mails)
