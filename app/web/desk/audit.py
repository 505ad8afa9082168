"""The audit page: who did what, when and why, on a letter and to one endorsement."""

from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app.endorsement import endorsements
from app.organiser import organisers
from app.trail import history
from app.trail.history import ACTORS, actor_name
from app.web.desk.access import AtDesk
from app.web.forms import key_of
from app.web.views import letter_view

router = APIRouter()


@router.get("/desk/letters/{slug}/audit")
def audit_page(slug: str, desk: AtDesk, who: str = "", before: str = "") -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        history.must_be_actor(who)
        found = history.of_letter(
            db, letter, actor=who, before=key_of(before), limit=history.PAGE + 1
        )
        events, more = found[: history.PAGE], len(found) > history.PAGE
        older = urlencode({"who": who, "before": str(events[-1].id)}) if more else ""
        people = [(actor, actor_name(actor)) for actor in ACTORS[1:]]
        return desk.page(
            "desk/audit.html",
            db,
            organiser,
            letter=letter_view(letter, db.now),
            events=events,
            who=who,
            people=[*history.organisers_in(db, letter).items(), *people],
            next_url=f"?{older}" if more else None,
            prev_url=f"?{urlencode({'who': who})}" if before else None,
        )


@router.get("/desk/letters/{slug}/endorsements/{endorsement_id}/audit")
def endorsement_audit(slug: str, endorsement_id: UUID, desk: AtDesk) -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        endorsement = endorsements.of_letter(db, letter, endorsement_id)
        return desk.page(
            "desk/endorsement_audit.html",
            db,
            organiser,
            letter=letter_view(letter, db.now),
            endorsement=endorsement,
            events=history.of_subject(db, letter, endorsement.id),
        )
