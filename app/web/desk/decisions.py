"""Deciding about one endorsement, and taking it back."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app.db import Db
from app.endorsement import approvals, decisions, endorsements
from app.endorsement.endorsement_states import Overtaken
from app.endorsement.endorsements import Endorsement
from app.endorsement.review_queue import CORRECTION
from app.errors import Refused
from app.letter.letters import Letter
from app.mailing import held_mail
from app.organiser import organisers, roles
from app.signer import corrections, notices
from app.trail.audit import Actor
from app.web.desk.access import AtDesk, Desk
from app.web.desk.entries import ONE, came_from, to_queue
from app.web.forms import Form, Posted
from app.web.views import form_view, letter_view

router = APIRouter()


@router.post(ONE + "/approval")
def approve(slug: str, endorsement_id: UUID, form: Form, desk: AtDesk) -> Response:
    with _deciding(slug, endorsement_id, form, desk) as (db, actor, letter, endorsement):
        decision = approvals.alone(db, letter, endorsement, form.get("seen"), by=actor)
    return to_queue(slug, came_from(form, "verified"), decision.id)


@router.post(ONE + "/decline")
def decline(slug: str, endorsement_id: UUID, form: Form, desk: AtDesk) -> Response:
    reason, seen = form.get("reason"), form.get("seen")
    try:
        with _deciding(slug, endorsement_id, form, desk) as (db, actor, letter, endorsement):
            decision = decisions.decline(db, letter, endorsement, reason, seen, by=actor)
    except Refused as refused:
        return _decline_again(slug, endorsement_id, form, desk, refused)
    return to_queue(slug, came_from(form, decision.came_from), decision.id)


@router.post(ONE + "/undo")
def undo(slug: str, endorsement_id: UUID, form: Form, desk: AtDesk) -> Response:
    with _deciding(slug, endorsement_id, form, desk) as (db, actor, letter, endorsement):
        decisions.undo(db, letter, endorsement, form.get("seen"), by=actor)
    asked = came_from(form, endorsement.status)
    return to_queue(slug, asked, form.get("seen"), at=endorsement_id)


@router.post(ONE + "/mail")
def release_mail(slug: str, endorsement_id: UUID, form: Form, desk: AtDesk) -> Response:
    with desk.writing(form) as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.REVIEW)
        endorsement = endorsements.of_letter(db, letter, endorsement_id)
        held_mail.release(db, endorsement, letter, by=organiser.actor)
    return to_queue(slug, came_from(form, "pending"))


@router.post(ONE + "/correction/acceptance")
def accept_correction(slug: str, endorsement_id: UUID, form: Form, desk: AtDesk) -> Response:
    return _decide_correction(slug, endorsement_id, form, desk, accepted=True)


@router.post(ONE + "/correction/refusal")
def refuse_correction(slug: str, endorsement_id: UUID, form: Form, desk: AtDesk) -> Response:
    return _decide_correction(slug, endorsement_id, form, desk, accepted=False)


@contextmanager
def _deciding(
    slug: str, endorsement_id: UUID, form: Posted, desk: Desk
) -> Iterator[tuple[Db, Actor, Letter, Endorsement]]:
    """What a decision needs. One that comes too late changes nothing, but stands in the trail."""
    try:
        with desk.writing(form) as (db, organiser):
            letter = organisers.letter_of(db, organiser, slug, roles.REVIEW)
            yield db, organiser.actor, letter, endorsements.of_letter(db, letter, endorsement_id)
    except Overtaken:
        with desk.writing(form) as (db, organiser):
            decisions.record_late(db, letter.id, endorsement_id, by=organiser.actor)
        raise


def _decide_correction(
    slug: str, endorsement_id: UUID, form: Posted, desk: Desk, *, accepted: bool
) -> Response:
    decide = corrections.accept if accepted else corrections.refuse
    with _deciding(slug, endorsement_id, form, desk) as (db, actor, letter, endorsement):
        decide(db, endorsement, form.get("seen"), by=actor)
        notices.tell(db, endorsement, letter, "correction_decided", accepted=accepted)
    return to_queue(slug, came_from(form, CORRECTION))


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
