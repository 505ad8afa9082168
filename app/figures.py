"""The figures of a sign-on: how it goes day by day, from asking to listing, where, and what mail
didn't arrive. Confidential signatories are counted: only organisers see this."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Mapped
from sqlmodel import col

from app.db import Db
from app.endorsement import endorsement_lists
from app.endorsement.endorsements import Endorsement
from app.invitation.invitations import Invitation
from app.letter.letters import Letter
from app.mailing import mail_states, mailboxes
from app.mailing.outbox import OutboxMail

# A chart of more days than this is drawn by weeks.
MOST_DAYS = 92
WEEK = 7


@dataclass(frozen=True)
class Period:
    """A day of the letter's own zone, or the week that begins with it: how many signed, confirmed
    and were approved."""

    first: date
    signed: int
    verified: int
    approved: int


@dataclass(frozen=True)
class Funnel:
    """`invited` is None where nobody was invited by name."""

    invited: int | None
    signed: int
    verified: int
    approved: int


@dataclass(frozen=True)
class Figures:
    periods: list[Period]
    weekly: bool
    funnel: Funnel
    # By ISO code, "" for none given, the most first; failures by mail domain likewise.
    countries: list[tuple[str, int]]
    failures: list[tuple[str, int]]


def of_letter(db: Db, letter: Letter) -> Figures:
    signed = _moments(db, letter, col(Endorsement.created_at))
    verified = _moments(db, letter, col(Endorsement.verified_at))
    approved = _moments(db, letter, col(Endorsement.decided_at), _is_approved())
    days = [_days(letter, moments) for moments in (signed, verified, approved)]
    periods, weekly = _periods(db, letter, *days)
    funnel = Funnel(_invited(db, letter), len(signed), len(verified), len(approved))
    return Figures(periods, weekly, funnel, _countries(db, letter), _failures(db, letter))


def _moments(
    db: Db, letter: Letter, moment: Mapped[Any], *conditions: ColumnElement[bool]
) -> list[datetime]:
    """When it happened to each line to which it did."""
    query = select(moment).where(_is_line(letter), moment.is_not(None))
    return list(db.scalars(query.where(*conditions)))


def _is_line(letter: Letter) -> ColumnElement[bool]:
    """Those merged into another are none, at any step of the funnel."""
    return and_(col(Endorsement.letter_id) == letter.id, endorsement_lists.stands_alone())


def _is_approved() -> ColumnElement[bool]:
    return col(Endorsement.status) == "approved"


def _days(letter: Letter, moments: Iterable[datetime]) -> Counter[date]:
    zone = letter.zone
    return Counter(moment.astimezone(zone).date() for moment in moments)


def _periods(
    db: Db,
    letter: Letter,
    signed: Counter[date],
    verified: Counter[date],
    approved: Counter[date],
) -> tuple[list[Period], bool]:
    """From the first thing that happened to today or the deadline, no day left out."""
    happened = [*signed, *verified, *approved]
    if not happened:
        return [], False
    until = max(*happened, letter.on_its_calendar(db.now), *_deadline(letter))
    first = min(happened)
    length = WEEK if (until - first).days > MOST_DAYS else 1
    starts = [first + timedelta(days=n) for n in range(0, (until - first).days + 1, length)]

    def count(days: Counter[date], start: date) -> int:
        return sum(days[start + timedelta(days=n)] for n in range(length))

    periods = [
        Period(start, count(signed, start), count(verified, start), count(approved, start))
        for start in starts
    ]
    return periods, length == WEEK


def _deadline(letter: Letter) -> list[date]:
    deadline = letter.local_deadline
    return [deadline.date()] if deadline else []


def _invited(db: Db, letter: Letter) -> int | None:
    query = select(func.count()).where(col(Invitation.letter_id) == letter.id)
    return db.scalar(query) or None


def _countries(db: Db, letter: Letter) -> list[tuple[str, int]]:
    query = (
        select(col(Endorsement.country), func.count())
        .where(_is_line(letter), _is_approved())
        .group_by(Endorsement.country)
    )
    return sorted((tuple(row) for row in db.execute(query)), key=lambda one: (-one[1], one[0]))


def _failures(db: Db, letter: Letter) -> list[tuple[str, int]]:
    """The domains whose servers refused mail for good; the outbox itself forgets addresses."""
    addresses: list[str] = []
    for table, mail in (
        (Endorsement, col(OutboxMail.endorsement_id)),
        (Invitation, col(OutboxMail.invitation_id)),
    ):
        failed = select(mail).where(mail_states.has_failed(letter.id), mail.is_not(None))
        query = select(col(table.address)).where(col(table.id).in_(failed))
        addresses += filter(None, db.scalars(query))
    domains = Counter(mailboxes.domain(db.keys.unseal(address)) for address in addresses)
    return sorted(domains.items(), key=lambda one: (-one[1], one[0]))
