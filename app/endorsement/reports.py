"""Reports: where an organiser has it from that somebody signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, String, Text, select
from sqlmodel import Field, col

from app.db import Db, Moment, Table
from app.endorsement.endorsements import Endorsement, folded_name
from app.i18n import _
from app.letter.letters import Letter
from app.organiser.organisers import Organiser
from app.signer.submissions import Submission

RECEIVED = ("hand", "mail", "meeting")
LONGEST_NOTE = 1_000
MOST_AT_ONCE = 2_000


class Report(Table, table=True):
    __table_args__ = (
        CheckConstraint("received IN ('hand','mail','meeting')", name="received"),
        Index(None, "letter_id", "endorsement_id"),
    )

    endorsement_id: UUID = Field(foreign_key="endorsement.id", ondelete="CASCADE", primary_key=True)
    letter_id: UUID = Field(foreign_key="letter.id", ondelete="CASCADE")
    organiser_id: UUID | None = Field(default=None, foreign_key="organiser.id", ondelete="SET NULL")
    # How and on which day the organiser got the signature.
    received: str = Field(sa_column=Column(String(10), nullable=False))
    received_on: date
    # For organisers alone, such as where the paper is kept.
    note: str = Field(sa_column=Column(Text, nullable=False))
    created_at: datetime = Field(sa_type=Moment)
    # When the newest mail that asks to confirm was queued.
    asked_at: datetime | None = Field(default=None, sa_type=Moment)


@dataclass(frozen=True)
class Entry:
    """One sign-on as an organiser enters it, checked; `email` of the submission may be empty."""

    submission: Submission
    language: str
    received: str
    received_on: date
    note: str

    @property
    def name(self) -> tuple[str, str]:
        typed = self.submission
        return typed.kind, folded_name(typed.kind, typed.organisation, typed.name)


def of(db: Db, endorsement_ids: Sequence[UUID]) -> dict[UUID, Report]:
    query = select(Report).where(col(Report.endorsement_id).in_(endorsement_ids))
    return {report.endorsement_id: report for report in db.scalars(query)}


def of_letter(
    db: Db, letter: Letter, *, before: UUID | None = None, limit: int = 50
) -> list[tuple[Report, Endorsement, Organiser | None]]:
    """A page of what was reported for a letter, the newest first, and by whom."""
    query = (
        select(Report, Endorsement, Organiser)
        .join(Endorsement, col(Endorsement.id) == col(Report.endorsement_id))
        .outerjoin(Organiser, col(Organiser.id) == col(Report.organiser_id))
        .where(col(Report.letter_id) == letter.id)
    )
    if before:
        query = query.where(col(Report.endorsement_id) < before)
    found = db.execute(query.order_by(col(Report.endorsement_id).desc()).limit(limit))
    return [(report, endorsement, organiser) for report, endorsement, organiser in found]


def received_name(received: str) -> str:
    names = {
        "hand": _("by hand, on paper"),
        "mail": _("by mail or e-mail"),
        "meeting": _("at a meeting"),
    }
    return names[received]
