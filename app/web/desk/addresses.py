"""A signer's address, shown once it is logged who looked."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app.endorsement import endorsements
from app.organiser import organisers, roles
from app.trail import audit
from app.web.desk.access import AtDesk
from app.web.desk.entries import ONE, plain_view
from app.web.forms import Form
from app.web.views import letter_view

router = APIRouter()


@router.get(ONE + "/address")
def address_page(slug: str, endorsement_id: UUID, desk: AtDesk) -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.REVIEW)
        endorsement = endorsements.of_letter(db, letter, endorsement_id)
        return desk.page(
            "desk/address.html",
            db,
            organiser,
            letter=letter_view(letter, db.now),
            endorsement=plain_view(db, endorsement),
            address=None,
        )


@router.post(ONE + "/address")
def reveal_address(slug: str, endorsement_id: UUID, form: Form, desk: AtDesk) -> Response:
    page = ONE.format(slug=slug, endorsement_id=endorsement_id) + "/address"
    with desk.writing(form, fresh_for=page) as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.REVIEW)
        endorsement = endorsements.of_letter(db, letter, endorsement_id)
        audit.record_about(db, "address revealed", endorsement, by=organiser.actor)
        return desk.page(
            "desk/address.html",
            db,
            organiser,
            letter=letter_view(letter, db.now),
            endorsement=plain_view(db, endorsement),
            address=endorsements.address_of(db, endorsement),
        )
