"""Opening, pausing and closing a letter: a page that says what will happen, and the act."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app.db import Db
from app.endorsement import endorsement_lists
from app.errors import Refused
from app.letter import letter_moves, letter_states, letters
from app.letter.letters import Letter
from app.organiser import agreements, organisers, proposals, roles
from app.organiser.agreements import Action
from app.organiser.organisers import Organiser
from app.web.desk.access import AtDesk, Desk
from app.web.forms import Form, Posted
from app.web.views import form_view, letter_view

router = APIRouter()

LETTER = "/desk/letters/{slug}"


@dataclass(frozen=True)
class Move:
    """A page, and what takes two organisers if the letter asks for it."""

    template: str
    to: letters.Status
    action: Action | None = None


OPENING = Move("desk/opening.html", "open", letter_moves.OPENING)
PAUSE = Move("desk/pause.html", "paused")
CLOSING = Move("desk/closing.html", "closed", letter_moves.CLOSING)


@router.get(LETTER + "/opening")
def opening_page(slug: str, desk: AtDesk) -> Response:
    return _page(slug, desk, OPENING)


@router.post(LETTER + "/opening")
def open_letter(slug: str, form: Form, desk: AtDesk) -> Response:
    return _moved(slug, form, desk, OPENING)


@router.get(LETTER + "/pause")
def pause_page(slug: str, desk: AtDesk) -> Response:
    return _page(slug, desk, PAUSE)


@router.post(LETTER + "/pause")
def pause_letter(slug: str, form: Form, desk: AtDesk) -> Response:
    return _moved(slug, form, desk, PAUSE)


@router.get(LETTER + "/closing")
def closing_page(slug: str, desk: AtDesk) -> Response:
    return _page(slug, desk, CLOSING)


@router.post(LETTER + "/closing")
def close_letter(slug: str, form: Form, desk: AtDesk) -> Response:
    return _moved(slug, form, desk, CLOSING)


def _moved(slug: str, form: Posted, desk: Desk, move: Move) -> Response:
    try:
        with desk.writing(form) as (db, organiser):
            letter = organisers.letter_of(db, organiser, slug, roles.OWN)
            reason = letter_states.checked_reason(form.get("reason"))
            letter_states.must_be_movable(letter, move.to, db.now)
            proposal = None
            if move.action:
                proposal = agreements.carry_out(
                    db, letter, organiser, move.action, {"reason": reason}
                )
            else:
                letter_states.pause(db, letter, reason, by=organiser.actor)
    except Refused as refused:
        errors = {refused.field or "": refused.sentence}
        return _page(slug, desk, move, form.values, errors, code=refused.status)
    following = f"/{proposal.path}" if proposal else ""
    return RedirectResponse(f"/desk/letters/{slug}{following}", status_code=303)


def _page(
    slug: str,
    desk: Desk,
    move: Move,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    *,
    code: int = 200,
) -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.OWN)
        letter_states.must_be_movable(letter, move.to, db.now)
        return desk.page(
            move.template,
            db,
            organiser,
            code=code,
            letter=letter_view(letter, db.now),
            public_url=desk.site.settings.url(letter.path),
            counts=endorsement_lists.counts(db, [letter.id])[letter.id],
            second=_second(db, letter, organiser, move),
            form=form_view(typed or {}, errors),
        )


def _second(db: Db, letter: Letter, organiser: Organiser, move: Move) -> str:
    """Whether one organiser is enough ("") or another has to agree: "asked", "waiting" if it was
    proposed already, "missing" where there is no other."""
    if not (letter.two_person and move.action):
        return ""
    if any(one.action == move.action.name for one in proposals.waiting(db, letter)):
        return "waiting"
    return (
        "asked" if agreements.second_organisers(db, letter, organiser, move.action) else "missing"
    )
