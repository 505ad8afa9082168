"""Deciding that a disputed line stays, and the address of whoever disputes it."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app.db import Db
from app.dispute import dispute_decisions
from app.dispute.disputes import Dispute
from app.endorsement import endorsements
from app.endorsement.endorsements import Endorsement
from app.endorsement.review_queue import DISPUTED
from app.errors import NotFound, Refused
from app.i18n import _
from app.letter.letters import Letter
from app.organiser import organisers, roles
from app.organiser.organisers import Organiser
from app.trail import audit
from app.web.desk.access import AtDesk, Desk
from app.web.desk.entries import ONE, came_from, dispute_view, plain_view, to_queue
from app.web.forms import Form, Posted
from app.web.views import form_view, letter_view

router = APIRouter()


@router.post(ONE + "/dispute/dismissal")
def set_aside(slug: str, endorsement_id: UUID, form: Form, desk: AtDesk) -> Response:
    """The line stays; one that was hidden is shown again."""
    reason, seen = form.get("reason"), form.get("seen")
    try:
        with desk.writing(form) as (db, organiser):
            letter = organisers.letter_of(db, organiser, slug, roles.REVIEW)
            endorsement = endorsements.of_letter(db, letter, endorsement_id)
            dispute_decisions.set_aside(db, letter, endorsement, reason, seen, by=organiser.actor)
    except Refused as refused:
        return _again(slug, endorsement_id, form, desk, refused)
    return to_queue(slug, came_from(form, DISPUTED), "kept")


@router.get(ONE + "/disputes/{dispute_id}/address")
def address_page(slug: str, endorsement_id: UUID, dispute_id: UUID, desk: AtDesk) -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.REVIEW)
        endorsement, dispute = _one(db, letter, endorsement_id, dispute_id)
        return _address(desk, db, organiser, letter, endorsement, dispute)


@router.post(ONE + "/disputes/{dispute_id}/address")
def reveal_address(
    slug: str, endorsement_id: UUID, dispute_id: UUID, form: Form, desk: AtDesk
) -> Response:
    page = f"{ONE.format(slug=slug, endorsement_id=endorsement_id)}/disputes/{dispute_id}/address"
    with desk.writing(form, fresh_for=page) as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.REVIEW)
        endorsement, dispute = _one(db, letter, endorsement_id, dispute_id)
        audit.record_about(db, "disputing address revealed", endorsement, by=organiser.actor)
        address = db.keys.unseal(dispute.address)
        return _address(desk, db, organiser, letter, endorsement, dispute, address)


def _one(
    db: Db, letter: Letter, endorsement_id: UUID, dispute_id: UUID
) -> tuple[Endorsement, Dispute]:
    endorsement = endorsements.of_letter(db, letter, endorsement_id)
    found = {one.id: one for one in dispute_decisions.of(db, [endorsement.id])[endorsement.id]}
    if dispute_id not in found:
        raise NotFound(_("There is no such dispute."))
    return endorsement, found[dispute_id]


def _address(
    desk: Desk,
    db: Db,
    organiser: Organiser,
    letter: Letter,
    endorsement: Endorsement,
    dispute: Dispute,
    address: str | None = None,
) -> Response:
    return desk.page(
        "desk/dispute_address.html",
        db,
        organiser,
        letter=letter_view(letter, db.now),
        endorsement=plain_view(db, endorsement),
        dispute=dispute_view(db, dispute),
        address=address,
    )


def _again(slug: str, endorsement_id: UUID, form: Posted, desk: Desk, refused: Refused) -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.REVIEW)
        endorsement = endorsements.of_letter(db, letter, endorsement_id)
        return desk.page(
            "desk/dispute.html",
            db,
            organiser,
            code=refused.status,
            letter=letter_view(letter, db.now),
            endorsement=plain_view(db, endorsement),
            form=form_view(form.values, {"reason": refused.sentence}),
        )
