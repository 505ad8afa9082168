"""What waits for a second organiser on a letter, what became of the rest, and the decision."""

from types import SimpleNamespace
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app.db import Db
from app.errors import Conflict, Refused
from app.i18n import _
from app.letter.letters import Letter
from app.organiser import agreed, agreements, colleagues, organisers, proposals, roles
from app.organiser.organisers import Organiser
from app.organiser.proposals import Proposal
from app.web.desk.access import AtDesk, Desk
from app.web.forms import Form, key_of
from app.web.views import form_view, letter_view

router = APIRouter()

AGREEMENTS = "/desk/letters/{slug}/agreements"
ONE = AGREEMENTS + "/{proposal_id}"
PAGE_LINES = 50


@router.get(AGREEMENTS)
def agreements_page(slug: str, desk: AtDesk, before: str = "") -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        ended = proposals.ended(db, letter, before=key_of(before), limit=PAGE_LINES + 1)
        shown = ended[:PAGE_LINES]
        return desk.page(
            "desk/agreements.html",
            db,
            organiser,
            letter=letter_view(letter, db.now),
            waiting=[] if before else _views(db, letter, proposals.waiting(db, letter)),
            ended=_views(db, letter, shown),
            prev_url=f"/desk/letters/{slug}/agreements" if before else None,
            next_url=f"?before={shown[-1].id}" if len(ended) > PAGE_LINES else None,
        )


@router.get(ONE)
def agreement_page(slug: str, proposal_id: UUID, desk: AtDesk) -> Response:
    return _page(slug, proposal_id, desk)


@router.post(ONE + "/agreement")
def agree(slug: str, proposal_id: UUID, form: Form, desk: AtDesk) -> Response:
    page = f"/desk/letters/{slug}/agreements/{proposal_id}"
    with desk.writing(form, fresh_for=page) as (db, organiser):
        letter, proposal = _decided(db, organiser, slug, proposal_id)
        action = agreed.action_of(proposal)
        ended = agreements.agree(db, letter, proposal, organiser, action)
    if ended == "void":
        raise Conflict(
            _("What this was about has changed since it was proposed, so nothing was done.")
        )
    return RedirectResponse(f"/desk/letters/{slug}", status_code=303)


@router.post(ONE + "/rejection")
def reject(slug: str, proposal_id: UUID, form: Form, desk: AtDesk) -> Response:
    try:
        with desk.writing(form) as (db, organiser):
            letter, proposal = _decided(db, organiser, slug, proposal_id)
            action = agreed.action_of(proposal)
            agreements.reject(db, letter, proposal, organiser, action, form.get("reason"))
    except Refused as refused:
        errors = {refused.field or "": refused.sentence}
        return _page(slug, proposal_id, desk, form.values, errors, code=refused.status)
    return RedirectResponse(f"/desk/letters/{slug}/agreements", status_code=303)


@router.post(ONE + "/withdrawal")
def take_back(slug: str, proposal_id: UUID, form: Form, desk: AtDesk) -> Response:
    with desk.writing(form) as (db, organiser):
        _letter, proposal = _decided(db, organiser, slug, proposal_id)
        agreements.take_back(db, proposal, organiser, agreed.action_of(proposal))
    return RedirectResponse(f"/desk/letters/{slug}/agreements", status_code=303)


def _decided(db: Db, organiser: Organiser, slug: str, proposal_id: UUID) -> tuple[Letter, Proposal]:
    """Deciding about a proposal takes what doing it takes."""
    letter = organisers.letter_of(db, organiser, slug)
    proposal = proposals.of_letter(db, letter, proposal_id)
    ability = agreed.action_of(proposal).ability
    return organisers.letter_of(db, organiser, slug, ability), proposal


def _page(
    slug: str,
    proposal_id: UUID,
    desk: Desk,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    *,
    code: int = 200,
) -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        proposal = proposals.of_letter(db, letter, proposal_id)
        action = agreed.action_of(proposal)
        may_decide = action.ability in roles.abilities(db, organiser.id, letter.id)
        waits = proposals.state(proposal, db.now) == "waiting"
        return desk.page(
            "desk/agreement.html",
            db,
            organiser,
            code=code,
            letter=letter_view(letter, db.now),
            proposal=_views(db, letter, [proposal])[0],
            names=action.names(db, letter, proposal.facts) if may_decide else [],
            stands=waits and agreements.still_stands(db, letter, proposal, action),
            is_mine=proposal.proposed_by == organiser.id,
            may_decide=may_decide,
            form=form_view(typed or {}, errors),
        )


def _views(db: Db, letter: Letter, shown: list[Proposal]) -> list[SimpleNamespace]:
    names = colleagues.names(db, {id_ for one in shown for id_ in (one.proposed_by, one.ended_by)})
    return [
        SimpleNamespace(
            id=one.id,
            says=agreed.says(letter, one),
            to_visitors=one.facts.get("reason", ""),
            state=proposals.state(one, db.now),
            state_name=proposals.state_name(proposals.state(one, db.now)),
            proposer=names[one.proposed_by],
            proposed_at=one.proposed_at,
            expires_at=one.expires_at,
            ended_by=names.get(one.ended_by, "") if one.ended_by else "",
            ended_at=one.ended_at,
            reason=one.reason,
        )
        for one in shown
    ]
