"""Questions that organisers ask a signer by mail, and the answers from the signer's own page.

At most one is open for each endorsement: asking again takes the place of one not answered.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Index, Text, exists, select, text, update
from sqlmodel import Field, col

from app import throttle
from app.db import Db, Moment, Table, new_id
from app.endorsement import endorsements
from app.endorsement.endorsements import Endorsement
from app.errors import Conflict, Refused
from app.i18n import _
from app.letter.clean_text import clean_block
from app.letter.letters import Letter
from app.name.names import holds_link
from app.signer import notices
from app.trail import audit

LONGEST = 1_000
LONGEST_ANSWER = 2_000
ASKABLE = ("verified", "approved", "declined")


class Question(Table, table=True):
    __table_args__ = (
        Index(
            "uq_question_open",
            "endorsement_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index(None, "endorsement_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    endorsement_id: UUID = Field(foreign_key="endorsement.id", ondelete="CASCADE")
    question: str = Field(sa_column=Column(Text, nullable=False))
    asked_by: UUID | None = None
    asked_at: datetime = Field(sa_type=Moment)
    answer: str | None = Field(default=None, sa_column=Column(Text))
    answered_at: datetime | None = Field(default=None, sa_type=Moment)
    # Answered, or another question took its place.
    closed_at: datetime | None = Field(default=None, sa_type=Moment)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


def ask(
    db: Db, letter: Letter, endorsement: Endorsement, question: str, *, by: audit.Actor
) -> None:
    """Mails the question to the signer, whose own page takes the answer. Raises Refused for a text
    that can't be mailed, and Conflict where the signer can't be asked."""
    asked = checked_question(question)
    endorsements.locked(db, endorsement)
    if not is_askable(endorsement):
        raise Conflict(_("This signer can't be asked: the address is not confirmed, or gone."))
    whose = f"{endorsement.letter_id} {endorsement.mailbox}"
    if not throttle.spend(db, throttle.QUESTIONS, whose):
        raise Refused(
            _("%(number)s questions a day to one signer are enough. Ask again tomorrow.")
            % {"number": throttle.QUESTIONS.limit},
            "question",
        )
    _close(db, endorsement)
    db.add(Question(endorsement_id=endorsement.id, question=asked, asked_by=by.id, asked_at=db.now))
    db.flush()
    audit.record_about(db, "question asked", endorsement, by=by, reason=asked)
    notices.tell(db, endorsement, letter, "question", question=asked)


def answer(db: Db, endorsement: Endorsement, answer: str, seen: str = "") -> None:
    """Keeps the signer's answer to the open question; `seen` is the id of the one they read."""
    said = checked_answer(answer)
    endorsements.locked(db, endorsement)
    question = open_one(db, endorsement)
    if not question or endorsement.status not in ASKABLE:
        raise Conflict(_("There is no question waiting for your answer."))
    if seen not in ("", str(question.id)):
        raise Conflict(
            _("The organisers have asked anew since you opened the page. Please read it again.")
        )
    question.answer, question.answered_at, question.closed_at = said, db.now, db.now
    db.flush()
    audit.record_about(db, "question answered", endorsement, by=audit.SIGNER)


def is_askable(endorsement: Endorsement) -> bool:
    """Only an address that was confirmed gets the text of others."""
    has_address = bool(endorsement.address and endorsement.verified_at)
    return has_address and endorsement.status in ASKABLE


def open_one(db: Db, endorsement: Endorsement) -> Question | None:
    query = select(Question).where(
        col(Question.endorsement_id) == endorsement.id, col(Question.closed_at).is_(None)
    )
    return db.scalars(query.execution_options(populate_existing=True)).first()


def of(db: Db, endorsement_ids: Sequence[UUID]) -> dict[UUID, list[Question]]:
    """The questions about each endorsement, the oldest first."""
    found: dict[UUID, list[Question]] = {id_: [] for id_ in endorsement_ids}
    query = select(Question).where(col(Question.endorsement_id).in_(endorsement_ids))
    for question in db.scalars(query.order_by(col(Question.id))):
        found[question.endorsement_id].append(question)
    return found


def were_asked() -> ColumnElement[bool]:
    """Of an endorsement: somebody asked its signer."""
    return exists().where(col(Question.endorsement_id) == col(Endorsement.id))


def wait_for_answer() -> ColumnElement[bool]:
    """Of an endorsement: its signer was asked and hasn't answered yet."""
    return exists().where(
        col(Question.endorsement_id) == col(Endorsement.id), col(Question.closed_at).is_(None)
    )


def checked_question(question: str) -> str:
    asked = clean_block(question)
    if not asked:
        raise Refused(_("Write the question."), "question")
    if len(asked) > LONGEST:
        raise Refused(_("The question is too long: at most 1,000 characters."), "question")
    if holds_link(asked):
        raise Refused(
            _("Leave out web and e-mail addresses: mails carry our links only."), "question"
        )
    return asked


def checked_answer(answer: str) -> str:
    said = clean_block(answer)
    if not said:
        raise Refused(_("Write your answer."), "answer")
    if len(said) > LONGEST_ANSWER:
        raise Refused(_("The answer is too long: at most 2,000 characters."), "answer")
    return said


def _close(db: Db, endorsement: Endorsement) -> None:
    unanswered = col(Question.endorsement_id) == endorsement.id, col(Question.closed_at).is_(None)
    db.execute(update(Question).where(*unanswered).values(closed_at=db.now))
