"""Messages: what organisers write to those who signed, as a draft and on its way.

A draft is looked at as it will arrive, with the names of all who get it, and sent by a second
press, which holds for the very text and the very mailboxes that were seen. What is on its way can
be stopped; message_mails.py sees to the single mails.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import orjson
from sqlalchemy import JSON, CheckConstraint, Column, Index, String, Text, delete, select, update
from sqlmodel import Field, col

from app import throttle
from app.db import Db, Moment, Table, new_id
from app.errors import Conflict, NotFound, Refused
from app.i18n import _
from app.letter.letters import Letter
from app.mailing import mailboxes
from app.message import audiences, message_text
from app.message.audiences import Audience
from app.organiser.organisers import Organiser
from app.trail import audit

Status = Literal["draft", "sending", "sent", "stopped"]

# To a status, from which others. What was sent or stopped stays so.
MOVES: dict[str, tuple[str, ...]] = {
    "sending": ("draft",),
    "sent": ("sending",),
    "stopped": ("sending",),
}


class Message(Table, table=True):
    __table_args__ = (
        CheckConstraint("status IN ('draft','sending','sent','stopped')", name="status"),
        Index(None, "letter_id", "id"),
        Index(None, "status"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    letter_id: UUID = Field(foreign_key="letter.id", ondelete="CASCADE")
    # Whose draft it was first; all who may edit the letter may go on with it.
    organiser_id: UUID | None = Field(default=None, foreign_key="organiser.id", ondelete="SET NULL")
    status: str = Field(default="draft", sa_column=Column(String(10), nullable=False))
    subject: str
    body: str = Field(sa_column=Column(Text, nullable=False))
    # Where answers go, sealed; empty: nowhere.
    reply_to: str = ""
    audience: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    # What became of its mails, by message_mails.FIGURES, once none is on its way any more.
    figures: dict[str, int] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(sa_type=Moment)
    changed_at: datetime = Field(sa_type=Moment)
    # When the second press came.
    sent_at: datetime | None = Field(default=None, sa_type=Moment)

    @property
    def to(self) -> Audience:
        return Audience(**self.audience)

    @property
    def seen(self) -> str:
        """A digest of what is sent, and to which kind of people."""
        parts = [self.subject, self.body, self.reply_to, self.audience]
        return hashlib.sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)).hexdigest()


def draft(
    db: Db, letter: Letter, values: Mapping[str, str], *, by: Organiser, allow_special: bool
) -> Message:
    """A new draft. Raises Refused for what can't be sent."""
    message = Message(
        letter_id=letter.id,
        organiser_id=by.id,
        created_at=db.now,
        changed_at=db.now,
        **_written(db, letter, values, allow_special),
    )
    db.add(message)
    db.flush()
    audit.record_about(db, "message drafted", message, by=by.actor)
    return message


def change(
    db: Db,
    letter: Letter,
    message: Message,
    values: Mapping[str, str],
    *,
    by: audit.Actor,
    allow_special: bool,
) -> None:
    """Raises Conflict if the draft is not the one that the form was filled from."""
    written = _written(db, letter, values, allow_special)
    must_be_draft(db, message)
    if values.get("seen") != message.seen:
        raise Conflict(
            _("Somebody has changed this draft since you opened it. Saving again replaces theirs.")
        )
    for field, value in written.items():
        setattr(message, field, value)
    message.changed_at = db.now
    db.flush()
    audit.record_about(db, "message changed", message, by=by)


def discard(db: Db, message: Message, *, by: audit.Actor) -> None:
    of_draft = delete(Message).where(col(Message.id) == message.id, col(Message.status) == "draft")
    if db.changed(of_draft) != 1:
        raise _moved_on()
    audit.record_about(db, "message discarded", message, by=by)


def sending(db: Db, letter: Letter, message: Message, *, by: audit.Actor) -> None:
    """draft → sending, within the letter's allowance of the day."""
    if not throttle.spend(db, throttle.MESSAGES_OF_LETTER, str(letter.id)):
        raise Conflict(_("At most five messages a day leave for one letter. Try again tomorrow."))
    move(db, message, "sending", by=by, sent_at=db.now)


def move(db: Db, message: Message, to: Status, *, by: audit.Actor, **changes: Any) -> None:
    """The only door to a message's status; one conditional UPDATE decides who came first."""
    came_from = message.status
    moved = db.changed(
        update(Message)
        .where(col(Message.id) == message.id, col(Message.status).in_(MOVES[to]))
        .values(status=to, **changes)
    )
    if moved != 1:
        raise _moved_on()
    db.refresh(message)
    audit.record_about(db, f"message {to}", message, by=by, came_from=came_from)


def must_be_draft(db: Db, message: Message) -> None:
    """As it is now, and kept so until the transaction ends. Raises Conflict if it was sent."""
    db.refresh(message, with_for_update=True)
    if message.status != "draft":
        raise _moved_on()


def of_letter(db: Db, letter: Letter, message_id: UUID) -> Message:
    message = db.get(Message, message_id)
    if not message or message.letter_id != letter.id:
        raise NotFound(_("There is no such message."))
    return message


def page_of(
    db: Db, letter: Letter, *, before: UUID | None = None, limit: int = 50
) -> list[tuple[Message, Organiser | None]]:
    """A page of the letter's messages, the newest first, and who began each."""
    query = (
        select(Message, Organiser)
        .outerjoin(Organiser, col(Organiser.id) == col(Message.organiser_id))
        .where(col(Message.letter_id) == letter.id)
    )
    if before:
        query = query.where(col(Message.id) < before)
    found = db.execute(query.order_by(col(Message.id).desc()).limit(limit))
    return [(message, organiser) for message, organiser in found]


def reply_address(db: Db, message: Message) -> str:
    return db.keys.unseal(message.reply_to) if message.reply_to else ""


def _written(
    db: Db, letter: Letter, values: Mapping[str, str], allow_special: bool
) -> dict[str, Any]:
    typed = values.get("reply_to", "").strip()
    try:
        reply_to = mailboxes.checked(typed, allow_special=allow_special) if typed else ""
    except Refused as refused:
        raise Refused(refused.sentence, "reply_to") from refused
    return {
        "subject": message_text.checked_subject(values.get("subject", "")),
        "body": message_text.checked_body(values.get("body", "")),
        "reply_to": db.keys.seal(reply_to) if reply_to else "",
        "audience": audiences.checked(values, letter).as_json(),
    }


def _moved_on() -> Conflict:
    return Conflict(_("This message is no draft any more; somebody was quicker."))
