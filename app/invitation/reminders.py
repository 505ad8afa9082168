"""Reminders: on days the organisers see and can stop, to those who have not answered.

A row for each invitation and day, unique, decides: of two workers one sends, and whoever was
reminded by hand isn't again the same day. Nothing leaves once the invitee has answered, the
letter is paused or closed, or its deadline has passed, also what waits in the outbox.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Index, String, UniqueConstraint, exists, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, col

from app.db import Db, Moment, Table, new_id
from app.invitation import circulation, inviting
from app.invitation.circulation import Circulation
from app.invitation.invitations import Invitation
from app.invitation.inviting import Written
from app.letter import letters
from app.letter.letters import Letter
from app.mailing.outbox_delivery import Claimed
from app.trail import audit

Kind = Literal["deadline", "promise", "by hand"]

# In the organisers' zone.
LEAVES_AT = time(9)
# A worker that was away sends late, but not later than this.
LATEST = timedelta(hours=24)
# Who was only just invited needs no reminder yet.
REST = timedelta(hours=24)
BATCH = 500


class Reminder(Table, table=True):
    __table_args__ = (UniqueConstraint("invitation_id", "due_on"), Index(None, "letter_id"))

    id: UUID = Field(default_factory=new_id, primary_key=True)
    letter_id: UUID = Field(foreign_key="letter.id", ondelete="CASCADE")
    invitation_id: UUID = Field(foreign_key="invitation.id", ondelete="CASCADE")
    due_on: date
    kind: str = Field(sa_column=Column(String(10), nullable=False))
    queued_at: datetime = Field(sa_type=Moment)


class Slot(NamedTuple):
    """A day on which reminders leave, at `at`; `days` before the deadline, None for promises."""

    due_on: date
    at: datetime
    kind: Kind
    days: int | None


class Planned(NamedTuple):
    slot: Slot
    number: int


def planned(db: Db, letter: Letter) -> list[Planned]:
    """What will leave when, and to how many as things stand; the next day first."""
    chosen = circulation.of(db, letter)
    if chosen.stopped_at:
        return []
    coming = [slot for slot in _slots(db, letter, chosen) if db.now < slot.at + LATEST]
    found = [Planned(slot, _count(db, letter, slot)) for slot in coming]
    # Promises have a day only through those who promised; the others are days to know of.
    return sorted(one for one in found if one.number or one.slot.kind == "deadline")


def send_due(db: Db, batch: int = BATCH) -> None:
    """Queues the reminders that are due, of all letters that can be signed; so many of a letter at
    a time, for they are one transaction."""
    for letter in letters.open_for_signature(db):
        chosen = circulation.of(db, letter)
        if chosen.stopped_at:
            continue
        for slot in _slots(db, letter, chosen):
            if slot.at <= db.now < slot.at + LATEST:
                _send_some(db, letter, slot, batch)


def remind_now(
    db: Db, letter: Letter, invitations: Sequence[Invitation], *, by: audit.Actor
) -> Written:
    """Reminds those of them who have not answered, and were not reminded today; raises TooMany
    where the day's allowances let nobody be reminded."""
    inviting.must_be_open(db, letter)
    writable, _left_out = inviting.sorted_out(db, letter, invitations, again=True)
    today = letter.on_its_calendar(db.now)
    slot = Slot(today, db.now, "by hand", None)
    reminded = select(col(Reminder.invitation_id)).where(
        col(Reminder.letter_id) == letter.id, col(Reminder.due_on) == today
    )
    already = set(db.scalars(reminded))
    fresh = [invitation for invitation in writable if invitation.id not in already]
    granted = inviting.allowed(db, letter, fresh, by=by)
    inviting.must_be_some(db, letter, fresh, granted, by=by)
    return Written(_queue(db, letter, granted, slot, by=by), len(fresh) - len(granted))


def is_still_due(db: Db, mail: Claimed) -> bool:
    """Whether a mail to an invitee, queued a while ago, should still leave."""
    invitation = db.get(Invitation, mail.invitation_id)
    if invitation is None or invitation.status not in ("invited", "promised"):
        return False
    letter = letters.by_id(db, invitation.letter_id)
    if mail.mail != "reminder":
        return letter.closed_reason(db.now) in (None, "paused")
    has_stopped = invitation.stopped_at or circulation.of(db, letter).stopped_at
    return letter.closed_reason(db.now) is None and not has_stopped


def are_stopped(db: Db, letter: Letter) -> bool:
    return circulation.of(db, letter).stopped_at is not None


def history(db: Db, invitation: Invitation) -> Sequence[Reminder]:
    """The reminders one invitee has got, the oldest first."""
    query = select(Reminder).where(col(Reminder.invitation_id) == invitation.id)
    return db.scalars(query.order_by(col(Reminder.due_on))).all()


def held_back(db: Db, letter: Letter, invitation: Invitation) -> str:
    """Why a reminder that is due to one invitee has not left; "" where none is, or nothing keeps
    it from leaving."""
    if letter.closed_reason(db.now) or are_stopped(db, letter):
        return ""
    for slot in _slots(db, letter, circulation.of(db, letter)):
        is_due = exists().where(*_due(letter, slot), col(Invitation.id) == invitation.id)
        if slot.at <= db.now < slot.at + LATEST and db.scalar(select(is_due)):
            return inviting.why_not_yet(db, letter, invitation)
    return ""


def _send_some(db: Db, letter: Letter, slot: Slot, number: int) -> None:
    """Those whose mailbox got enough today keep nobody behind them waiting."""
    query = select(Invitation).where(*_due(letter, slot)).order_by(col(Invitation.id))
    due = db.scalars(query.limit(number)).all()
    while due and number > 0 and not inviting.is_used_up(db, letter):
        granted = inviting.allowed(db, letter, due, by=audit.WORKER)
        number -= _queue(db, letter, granted, slot, by=audit.WORKER)
        due = db.scalars(query.where(col(Invitation.id) > due[-1].id).limit(number)).all()


def _slots(db: Db, letter: Letter, chosen: Circulation) -> list[Slot]:
    slots = []
    if letter.deadline and letter.local_deadline:
        for days in chosen.days_before:
            due_on = letter.local_deadline.date() - timedelta(days=days)
            slots.append(Slot(due_on, _leaves(letter, due_on), "deadline", days))
    if chosen.on_promise:
        promised = select(col(Invitation.promised_until)).where(
            col(Invitation.letter_id) == letter.id,
            col(Invitation.status) == "promised",
            col(Invitation.promised_until) >= letter.on_its_calendar(db.now - LATEST),
        )
        days_promised = [day for day in db.scalars(promised.distinct()) if day]
        slots += [Slot(day, _leaves(letter, day), "promise", None) for day in days_promised]
    return [slot for slot in slots if letter.deadline is None or slot.at < letter.deadline]


def _leaves(letter: Letter, day: date) -> datetime:
    return datetime.combine(day, LEAVES_AT, letter.zone)


def _count(db: Db, letter: Letter, slot: Slot) -> int:
    return db.scalar(select(func.count()).select_from(Invitation).where(*_due(letter, slot))) or 0


def _due(letter: Letter, slot: Slot) -> list[ColumnElement[bool]]:
    """Who is to be reminded on the slot's day, and was not yet."""
    was_reminded = exists().where(
        col(Reminder.invitation_id) == col(Invitation.id), col(Reminder.due_on) == slot.due_on
    )
    conditions = [
        col(Invitation.letter_id) == letter.id,
        col(Invitation.invited_at).is_not(None),
        col(Invitation.stopped_at).is_(None),
        ~was_reminded,
        inviting.is_writable(letter),
    ]
    if slot.kind == "promise":
        return [
            *conditions,
            col(Invitation.status) == "promised",
            col(Invitation.promised_until) == slot.due_on,
        ]
    return [
        *conditions,
        col(Invitation.status) == "invited",
        col(Invitation.invited_at) <= slot.at - REST,
    ]


def _queue(
    db: Db, letter: Letter, due: Sequence[Invitation], slot: Slot, *, by: audit.Actor
) -> int:
    """The unique key lets one row of a day in; only with the row goes the mail."""
    insert = postgresql.insert if db.is_postgresql else sqlite.insert
    rows = [
        {
            "id": new_id(),
            "letter_id": letter.id,
            "invitation_id": invitation.id,
            "due_on": slot.due_on,
            "kind": slot.kind,
            "queued_at": db.now,
        }
        for invitation in due
    ]
    if not rows:
        return 0
    entered = db.execute(
        insert(Reminder)
        .values(rows)
        .on_conflict_do_nothing(index_elements=["invitation_id", "due_on"])
        .returning(col(Reminder.invitation_id))
    )
    ids = set(entered.scalars())
    inviting.remind(db, letter, [one for one in due if one.id in ids], by=by)
    return len(ids)
