"""Asking a signer by mail."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app.endorsement import endorsements, questions
from app.errors import DomainError, NotFound
from app.organiser import organisers, roles
from app.web.desk.access import AtDesk, Desk
from app.web.desk.entries import ONE, came_from, plain_view, question_view, to_queue
from app.web.forms import Form, Posted
from app.web.views import form_view, letter_view

router = APIRouter()


@router.get(ONE + "/question")
def question_page(slug: str, endorsement_id: UUID, desk: AtDesk, back: str = "") -> Response:
    return _page(slug, endorsement_id, desk, Posted({"back": back}))


@router.post(ONE + "/question")
def ask(slug: str, endorsement_id: UUID, form: Form, desk: AtDesk) -> Response:
    try:
        with desk.writing(form) as (db, organiser):
            letter = organisers.letter_of(db, organiser, slug, roles.REVIEW)
            endorsement = endorsements.of_letter(db, letter, endorsement_id)
            questions.ask(db, letter, endorsement, form.get("question"), by=organiser.actor)
    except NotFound:
        raise
    except DomainError as refused:
        if refused.status not in (409, 422):
            raise
        return _page(slug, endorsement_id, desk, form, refused)
    return to_queue(slug, came_from(form, endorsement.status), "asked", at=endorsement_id)


def _page(
    slug: str, endorsement_id: UUID, desk: Desk, form: Posted, refused: DomainError | None = None
) -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.REVIEW)
        endorsement = endorsements.of_letter(db, letter, endorsement_id)
        before = questions.of(db, [endorsement.id])[endorsement.id]
        errors = {getattr(refused, "field", None) or "": refused.sentence} if refused else {}
        return desk.page(
            "desk/question.html",
            db,
            organiser,
            code=refused.status if refused else 200,
            letter=letter_view(letter, db.now),
            endorsement=plain_view(db, endorsement),
            questions=[question_view(question) for question in before],
            longest=questions.LONGEST,
            form=form_view(form.values, errors),
        )
