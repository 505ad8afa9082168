"""Editing a signer's line."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app import i18n
from app.endorsement import edits, endorsements
from app.errors import Conflict, DomainError, Refused
from app.name import countries
from app.organiser import organisers, roles
from app.signatory import placing
from app.signer import corrections
from app.signer.submissions import SubmissionRefused
from app.web.desk.access import AtDesk, Desk
from app.web.desk.entries import ONE, came_from, plain_view, to_queue
from app.web.forms import Form, Posted
from app.web.views import correction_view, form_view, letter_view

router = APIRouter()


@router.get(ONE + "/line")
def line_page(slug: str, endorsement_id: UUID, desk: AtDesk, back: str = "") -> Response:
    return _page(slug, endorsement_id, desk, Posted({"back": back}))


@router.post(ONE + "/line")
def edit(slug: str, endorsement_id: UUID, form: Form, desk: AtDesk) -> Response:
    try:
        with desk.writing(form) as (db, organiser):
            letter = organisers.letter_of(db, organiser, slug, roles.REVIEW)
            endorsement = endorsements.of_letter(db, letter, endorsement_id)
            edits.edit(db, letter, endorsement, form.values, form.get("seen"), by=organiser.actor)
    except SubmissionRefused as refused:
        return _page(slug, endorsement_id, desk, form, refused, refused.errors)
    except (Refused, Conflict) as refused:
        return _page(slug, endorsement_id, desk, form, refused, {"": refused.sentence})
    return to_queue(slug, came_from(form, endorsement.status), "edited", at=endorsement_id)


def _page(
    slug: str,
    endorsement_id: UUID,
    desk: Desk,
    form: Posted,
    refused: DomainError | None = None,
    errors: dict[str, str] | None = None,
) -> Response:
    """The form, with what was typed; after a conflict what stands there now is shown beside it."""
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.REVIEW)
        endorsement = endorsements.of_letter(db, letter, endorsement_id)
        waiting = corrections.waiting(db, [endorsement.id]).get(endorsement.id)
        seen = {"seen": edits.seen(endorsement)}
        return desk.page(
            "desk/line.html",
            db,
            organiser,
            code=refused.status if refused else 200,
            letter=letter_view(letter, db.now),
            endorsement=plain_view(db, endorsement),
            is_editable=endorsement.status in edits.EDITABLE,
            now=edits.values(endorsement),
            correction=correction_view(endorsement, waiting.changes) if waiting else None,
            categories=placing.categories(db, letter),
            longest_category=placing.LONGEST_CATEGORY,
            countries=countries.choices(i18n.language()),
            form=form_view({**edits.values(endorsement), **form.values, **seen}, errors),
        )
