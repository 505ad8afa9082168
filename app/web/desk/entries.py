"""An endorsement as organisers see it in the queue, and the addresses of the queue's pages."""

from collections.abc import Sequence
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlencode

from starlette.responses import RedirectResponse, Response

from app.db import Db
from app.dispute import dispute_decisions
from app.dispute.disputes import Dispute
from app.endorsement import edits, endorsements, questions, review
from app.endorsement.endorsements import Endorsement
from app.endorsement.questions import Question
from app.endorsement.review_queue import FILTERS, ORDERS, TABS, Asked
from app.letter.letters import Letter
from app.mailing import mail_states, mailboxes
from app.organiser import as_seen
from app.organiser.organisers import Organiser
from app.signer import corrections
from app.web.forms import Posted
from app.web.views import correction_view

QUEUE = "/desk/letters/{slug}/endorsements"
ONE = QUEUE + "/{endorsement_id}"


def query(asked: Asked, **more: str) -> str:
    """What goes at the end of the queue's address; what is as it always is stays out of it."""
    usual = Asked()._asdict() | {"status": ""}
    given = {k: v for k, v in {**asked._asdict(), **more}.items() if v and v != usual.get(k)}
    return f"?{urlencode(given)}"


def came_from(form: Posted, status: str) -> Asked:
    """The page of the queue that a form was on, as its field `back` says; else that status."""
    given = {k: v for k, v in parse_qsl(form.get("back")) if k in Asked._fields}
    asked = Asked(**{"status": status, **given})
    is_known = asked.status in TABS and asked.order in ORDERS and asked.only in FILTERS
    return asked if is_known else Asked(status=status)


def to_queue(slug: str, asked: Asked, done: object = "", at: object = "") -> Response:
    """Back to the queue, which says what was `done`, at the entry with the id `at`."""
    place = f"#e-{at}" if at else ""
    more = {"done": str(done)} if done else {}
    queue = QUEUE.format(slug=slug)
    return RedirectResponse(f"{queue}{query(asked, **more)}{place}", status_code=303)


def views(
    db: Db, letter: Letter, organiser: Organiser, found: Sequence[Endorsement]
) -> list[SimpleNamespace]:
    ids = [endorsement.id for endorsement in found]
    findings = review.findings(db, letter, organiser, found)
    mails, waiting = mail_states.latest_of(db, ids), corrections.waiting(db, ids)
    asked, disputed = questions.of(db, ids), dispute_decisions.of(db, ids)
    entries = []
    for one in found:
        view = plain_view(db, one)
        mail, correction = mails.get(one.id), waiting.get(one.id)
        view.mail_state = "held" if one.mail_held_at else mail.state if mail else "sent"
        view.mail_error = mail.answer if mail else None
        view.evidence = findings[one.id]
        view.correction = correction_view(one, correction.changes) if correction else None
        view.correction_id = correction.id if correction else None
        view.questions = [question_view(question) for question in asked[one.id]]
        view.disputes = [dispute_view(db, dispute) for dispute in disputed[one.id]]
        view.has_open_dispute = one.status == "approved" and any(
            dispute.is_open for dispute in view.disputes
        )
        entries.append(view)
    return entries


def plain_view(db: Db, one: Endorsement) -> SimpleNamespace:
    """The endorsement by itself, without what has to be looked up about it."""
    view = SimpleNamespace(**one.model_dump(exclude={"address", "mailbox", "folded", "consent"}))
    address = endorsements.address_of(db, one)
    view.listed_name = one.listed_name
    view.logo = f"/logos/{one.logo}" if one.logo else ""
    view.email_masked = mailboxes.masked(address) if address else ""
    view.decline_reason = one.reason
    view.seen = as_seen.seen(one)
    view.moves = _moves(one)
    view.is_hidden = one.is_disputed
    return view


def question_view(question: Question) -> SimpleNamespace:
    return SimpleNamespace(
        id=question.id,
        question=question.question,
        asked_at=question.asked_at,
        answer=question.answer,
        answered_at=question.answered_at,
        is_open=question.is_open,
    )


def dispute_view(db: Db, dispute: Dispute) -> SimpleNamespace:
    return SimpleNamespace(
        id=dispute.id,
        email_masked=mailboxes.masked(db.keys.unseal(dispute.address)),
        is_own=dispute.is_own,
        reason=dispute.reason,
        confirmed_at=dispute.confirmed_at,
        decided_at=dispute.decided_at,
        is_open=dispute.decided_at is None,
    )


def _moves(endorsement: Endorsement) -> list[str]:
    """What the organiser may do about it now, by the names of the forms."""
    possible = {
        "approval": endorsement.may_become("approved"),
        "decline": endorsement.may_become("declined"),
        "mail": endorsement.status == "pending" and endorsement.mail_held_at,
        "question": questions.is_askable(endorsement),
        "line": endorsement.status in edits.EDITABLE and endorsement.address,
    }
    return [move for move, may in possible.items() if may]
