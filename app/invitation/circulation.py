"""How a letter is circulated: what organisers say in its invitations, and when they remind.

A letter has a row once its organisers have chosen something; until then the defaults hold.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Text
from sqlmodel import Field

from app.db import Db, Moment, Table
from app.errors import Refused
from app.i18n import _
from app.letter.clean_text import clean_block
from app.letter.letters import Letter
from app.name.names import holds_link
from app.trail import audit

DAYS_BEFORE = (7, 2)
MOST_DAYS_BEFORE = 90
MOST_REMINDERS = 6
LONGEST_INTRODUCTION = 1_000


class Circulation(Table, table=True):
    letter_id: UUID = Field(primary_key=True, foreign_key="letter.id", ondelete="CASCADE")
    introduction: str = Field(default="", sa_column=Column(Text, nullable=False))
    # So many days before the deadline, the most first.
    days_before: list[int] = Field(
        default_factory=lambda: list(DAYS_BEFORE), sa_column=Column(JSON, nullable=False)
    )
    # On the day until which somebody awaits their board.
    on_promise: bool = True
    # All reminders of the letter were stopped.
    stopped_at: datetime | None = Field(default=None, sa_type=Moment)


def of(db: Db, letter: Letter) -> Circulation:
    """What was chosen for the letter, or the defaults, which are not stored."""
    return db.get(Circulation, letter.id) or Circulation(letter_id=letter.id)


def introduce(db: Db, letter: Letter, text: str, *, by: audit.Actor) -> None:
    _set(db, letter, "introduction set", by, introduction=checked_introduction(text))


def checked_introduction(text: str) -> str:
    """Plain lines without links: mails with our name must not lead elsewhere. Raises Refused."""
    introduction = clean_block(text)
    if len(introduction) > LONGEST_INTRODUCTION:
        raise Refused(_("The introduction is too long: at most 1,000 characters."), "introduction")
    if holds_link(introduction):
        raise Refused(
            _("Leave out web and e-mail addresses: the mail links to the letter by itself."),
            "introduction",
        )
    return introduction


def remind(
    db: Db, letter: Letter, days_before: Collection[int], *, on_promise: bool, by: audit.Actor
) -> None:
    """So many days before the deadline each, and on the day of a promise."""
    days = sorted(set(days_before), reverse=True)
    if any(not 0 < one <= MOST_DAYS_BEFORE for one in days):
        raise Refused(_("Each must be from 1 to 90 days before the deadline."), "days")
    if len(days) > MOST_REMINDERS:
        raise Refused(_("Six reminders are the most: who gets more stops reading."), "days")
    _set(db, letter, "reminders set", by, days_before=days, on_promise=on_promise)


def stop_one(db: Db, letter: Letter, days: int, *, by: audit.Actor) -> None:
    """The reminder so many days before the deadline will not leave."""
    kept = [one for one in of(db, letter).days_before if one != days]
    _set(db, letter, "reminder stopped", by, days_before=kept)


def stop_promises(db: Db, letter: Letter, *, by: audit.Actor) -> None:
    _set(db, letter, "reminders of promises stopped", by, on_promise=False)


def stop_all(db: Db, letter: Letter, *, by: audit.Actor) -> None:
    _set(db, letter, "all reminders stopped", by, stopped_at=db.now)


def resume(db: Db, letter: Letter, *, by: audit.Actor) -> None:
    _set(db, letter, "all reminders resumed", by, stopped_at=None)


def _set(db: Db, letter: Letter, action: str, by: audit.Actor, **changes: Any) -> None:
    circulation = of(db, letter)
    for name, value in changes.items():
        setattr(circulation, name, value)
    db.add(circulation)
    db.flush()
    fields = ", ".join(sorted(changes))
    audit.record(db, action, by=by, letter_id=letter.id, fields=fields)
