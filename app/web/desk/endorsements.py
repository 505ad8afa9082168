"""The review queue: what waits, what speaks for and against it, and the decision."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app import (
    audit,
    corrections,
    endorsements,
    mailboxes,
    notices,
    organisers,
    outbox,
    review,
    roles,
    signing,
)
from app.audit import Actor
from app.db import Db
from app.endorsements import STATUSES, Endorsement, Status
from app.errors import Conflict, NotFound, Refused
from app.i18n import _
from app.letters import Letter
from app.names import fold
from app.web.desk.access import AtDesk, Desk
from app.web.forms import Form, Posted
from app.web.views import correction_view, form_view, letter_view

router = APIRouter()

PAGE_LINES = 50
QUEUE = "/desk/letters/{slug}/endorsements"
# The tab of listed endorsements with a correction that waits.
CORRECTION = "correction"
ONE = QUEUE + "/{endorsement_id}"


@router.get(QUEUE)
def queue(
    slug: str, desk: AtDesk, status: str = "verified", after: str = "", q: str = ""
) -> Response:
    if status not in (*STATUSES, CORRECTION):
        raise NotFound(_("There is no such list."))
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        listed = corrections.of_letter if status == CORRECTION else endorsements.with_status
        found = listed(
            db, letter, status, after=_id(after), words=fold(q[:200]), limit=PAGE_LINES + 1
        )
        counts = endorsements.counts(db, [letter.id])[letter.id]
        counts[CORRECTION] = corrections.count(db, letter)
        more = len(found) > PAGE_LINES
        found = found[:PAGE_LINES]
        query = {"status": status, "after": str(found[-1].id) if found else "", "q": q}
        following = f"?{urlencode({k: v for k, v in query.items() if v})}" if more else None
        return desk.page(
            "desk/endorsements.html",
            db,
            organiser,
            letter=letter_view(letter, db.now),
            status=status,
            q=q,
            counts=counts,
            endorsements=_views(db, letter, found),
            next_url=following,
            prev_url=f"?{urlencode({'status': status})}" if after else None,
        )


@router.post(ONE + "/approval")
def approve(slug: str, endorsement_id: UUID, form: Form, desk: AtDesk) -> Response:
    with _deciding(slug, endorsement_id, form, desk) as (db, actor, letter, endorsement):
        endorsements.must_be_as_seen(db, endorsement, form.get("seen"))
        endorsements.approve(db, endorsement, letter, by=actor)
        notices.tell(db, endorsement, letter, "approved", visibility=endorsement.visibility)
    return _to_queue(slug, "verified")


@router.post(ONE + "/decline")
def decline(slug: str, endorsement_id: UUID, form: Form, desk: AtDesk) -> Response:
    try:
        with _deciding(slug, endorsement_id, form, desk) as (db, actor, letter, endorsement):
            endorsements.must_be_as_seen(db, endorsement, form.get("seen"))
            came_from = endorsement.status
            endorsements.decline(db, endorsement, form.get("reason"), by=actor)
            notices.tell(db, endorsement, letter, "declined", reason=endorsement.reason)
    except Refused as refused:
        return _decline_again(slug, endorsement_id, form, desk, refused)
    return _to_queue(slug, came_from)


@router.post(ONE + "/mail")
def release_mail(slug: str, endorsement_id: UUID, form: Form, desk: AtDesk) -> Response:
    with desk.writing(form) as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.REVIEW)
        endorsement = endorsements.of_letter(db, letter, endorsement_id)
        signing.release(db, endorsement, letter, by=organiser.actor)
    return _to_queue(slug, "pending")


@router.post(ONE + "/correction/acceptance")
def accept_correction(slug: str, endorsement_id: UUID, form: Form, desk: AtDesk) -> Response:
    return _decide_correction(slug, endorsement_id, form, desk, accepted=True)


@router.post(ONE + "/correction/refusal")
def refuse_correction(slug: str, endorsement_id: UUID, form: Form, desk: AtDesk) -> Response:
    return _decide_correction(slug, endorsement_id, form, desk, accepted=False)


@router.get(ONE + "/address")
def address_page(slug: str, endorsement_id: UUID, desk: AtDesk) -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.REVIEW)
        endorsement = endorsements.of_letter(db, letter, endorsement_id)
        view = _views(db, letter, [endorsement])[0]
        return desk.page(
            "desk/address.html",
            db,
            organiser,
            letter=letter_view(letter, db.now),
            endorsement=view,
            address=None,
        )


@router.post(ONE + "/address")
def reveal_address(slug: str, endorsement_id: UUID, form: Form, desk: AtDesk) -> Response:
    with desk.writing(form) as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.REVIEW)
        endorsement = endorsements.of_letter(db, letter, endorsement_id)
        audit.record(
            db,
            "address revealed",
            by=organiser.actor,
            letter_id=letter.id,
            subject_id=endorsement.id,
        )
        return desk.page(
            "desk/address.html",
            db,
            organiser,
            letter=letter_view(letter, db.now),
            endorsement=_views(db, letter, [endorsement])[0],
            address=endorsements.address_of(db, endorsement),
        )


@contextmanager
def _deciding(
    slug: str, endorsement_id: UUID, form: Posted, desk: Desk
) -> Iterator[tuple[Db, Actor, Letter, Endorsement]]:
    """What a decision needs. One that comes too late changes nothing, but stands in the trail."""
    letter = None
    try:
        with desk.writing(form) as (db, organiser):
            letter = organisers.letter_of(db, organiser, slug, roles.REVIEW)
            yield db, organiser.actor, letter, endorsements.of_letter(db, letter, endorsement_id)
    except Conflict:
        assert letter is not None
        with desk.writing(form) as (db, organiser):
            audit.record(
                db,
                "decision came too late",
                by=organiser.actor,
                letter_id=letter.id,
                subject_id=endorsement_id,
            )
        raise


def _decide_correction(
    slug: str, endorsement_id: UUID, form: Posted, desk: Desk, *, accepted: bool
) -> Response:
    decide = corrections.accept if accepted else corrections.refuse
    with _deciding(slug, endorsement_id, form, desk) as (db, actor, letter, endorsement):
        decide(db, endorsement, form.get("seen"), by=actor)
        notices.tell(db, endorsement, letter, "correction_decided", accepted=accepted)
    return _to_queue(slug, CORRECTION)


def _decline_again(
    slug: str, endorsement_id: UUID, form: Posted, desk: Desk, refused: Refused
) -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.REVIEW)
        endorsement = endorsements.of_letter(db, letter, endorsement_id)
        return desk.page(
            "desk/decline.html",
            db,
            organiser,
            code=refused.status,
            letter=letter_view(letter, db.now),
            endorsement=endorsement,
            form=form_view(form.values, {"reason": refused.sentence}),
        )


def _to_queue(slug: str, status: str) -> Response:
    return RedirectResponse(f"/desk/letters/{slug}/endorsements?status={status}", status_code=303)


def _views(db: Db, letter: Letter, found: Sequence[Endorsement]) -> list[SimpleNamespace]:
    ids = [endorsement.id for endorsement in found]
    findings = review.findings(db, letter, found)
    mails, waiting = outbox.latest_of(db, ids), corrections.waiting(db, ids)
    views = []
    for one in found:
        view = SimpleNamespace(
            **one.model_dump(exclude={"address", "mailbox", "folded", "consent"})
        )
        mail, correction = mails.get(one.id), waiting.get(one.id)
        view.listed_name = one.listed_name
        view.logo = f"/logos/{one.logo}" if one.logo else ""
        address = endorsements.address_of(db, one)
        view.email_masked = mailboxes.masked(address) if address else ""
        view.mail_state = "held" if one.mail_held_at else mail.state if mail else "sent"
        view.mail_error = mail.answer if mail else None
        view.evidence = findings[one.id]
        view.decline_reason = one.reason
        view.correction = correction_view(one, correction.changes) if correction else None
        view.correction_id = correction.id if correction else None
        view.seen = endorsements.seen(one)
        view.moves = _moves(one)
        views.append(view)
    return views


def _moves(endorsement: Endorsement) -> list[str]:
    """What the organiser may decide now, by the names of the forms."""
    decisions: dict[str, Status] = {"approval": "approved", "decline": "declined"}
    moves = [name for name, status in decisions.items() if endorsement.may_become(status)]
    held = ["mail"] if endorsement.status == "pending" and endorsement.mail_held_at else []
    return moves + held


def _id(typed: str) -> UUID | None:
    try:
        return UUID(typed) if typed else None
    except ValueError:
        return None
