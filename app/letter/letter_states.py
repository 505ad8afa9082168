"""The states of a letter: opening, pausing and closing it, through one door."""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import col

from app.db import Db
from app.errors import Conflict, Refused
from app.i18n import _
from app.letter.clean_text import clean_block
from app.letter.letters import Letter, Status, revise, status_name
from app.trail import audit

LONGEST_REASON = 500
MOVES: dict[str, tuple[str, ...]] = {
    "open": ("draft", "paused", "closed"),
    "paused": ("open",),
    "closed": ("open", "paused"),
    "delivered": ("closed",),
}


def open_(db: Db, letter: Letter, *, by: audit.Actor) -> None:
    _must_have_time(letter, db.now)
    _move(db, letter, "open", by=by, opened_at=letter.opened_at or db.now, closed_at=None)


def pause(db: Db, letter: Letter, reason: str = "", *, by: audit.Actor) -> None:
    """`reason`, which may be empty, is shown to visitors as plain text."""
    _move(db, letter, "paused", reason=checked_reason(reason), by=by)


def close(db: Db, letter: Letter, reason: str = "", *, by: audit.Actor) -> None:
    # A letter whose deadline passed had ended then; closing it later doesn't give more time.
    ended = min(filter(None, (letter.deadline, db.now)))
    _move(db, letter, "closed", reason=checked_reason(reason), by=by, closed_at=ended)


def must_be_movable(letter: Letter, to: Status, now: datetime) -> None:
    """Raises Conflict if it can't become that from where it stands."""
    if letter.status not in MOVES[to]:
        raise _immovable(letter, to)
    if to == "open":
        _must_have_time(letter, now)


def checked_reason(reason: str) -> str:
    """A reason as plain text, which may be empty."""
    reason = clean_block(reason)
    if len(reason) > LONGEST_REASON:
        raise Refused(_("The reason is too long: at most 500 characters."), "reason")
    return reason


def _move(
    db: Db, letter: Letter, to: Status, *, by: audit.Actor, reason: str = "", **changes: Any
) -> None:
    """The only door to a letter's status."""
    came_from = letter.status
    moved = db.changed(
        update(Letter)
        .where(col(Letter.id) == letter.id, col(Letter.status).in_(MOVES[to]))
        .values(status=to, state_reason=reason, **changes)
    )
    if moved != 1:
        raise _immovable(letter, to)
    db.refresh(letter)
    audit.record(
        db,
        f"letter {to}",
        by=by,
        letter_id=letter.id,
        reason=reason or None,
        came_from=came_from,
        version=letter.version,
    )
    revise(db, letter.id)


def _must_have_time(letter: Letter, now: datetime) -> None:
    if letter.deadline and now >= letter.deadline:
        raise Conflict(_("The deadline of this letter has passed; set a later one first."))


def _immovable(letter: Letter, to: Status) -> Conflict:
    return Conflict(
        _("The letter can't become %(to)s: it is %(status)s now.")
        % {"to": status_name(to), "status": status_name(letter.status)}
    )
