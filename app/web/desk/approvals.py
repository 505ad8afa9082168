"""Approving many at once: first who they are and what speaks against them, then the deed."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app.endorsement import approvals
from app.errors import NotFound, Refused
from app.i18n import _
from app.organiser import agreements, organisers, roles
from app.web.desk.access import AtDesk, Desk
from app.web.desk.endorsements import queue_page
from app.web.desk.entries import QUEUE, came_from, to_queue, views
from app.web.forms import Form, Posted
from app.web.views import letter_view

router = APIRouter()

APPROVALS = "/desk/letters/{slug}/approvals"
SEEN = "seen_"


@router.get(APPROVALS)
@router.get(APPROVALS + "/confirmation")
def reopened(slug: str, desk: AtDesk) -> Response:
    """Where a browser finds itself that opens such a page anew: nothing is chosen any more."""
    with desk.reading() as (db, organiser):
        organisers.letter_of(db, organiser, slug, roles.REVIEW)
    return RedirectResponse(QUEUE.format(slug=slug), status_code=303)


@router.post(APPROVALS)
def look_over(slug: str, form: Form, desk: AtDesk) -> Response:
    """Shows who was chosen, and approves nobody."""
    desk.admit(form)
    try:
        return _preview(slug, form, desk)
    except Refused as refused:
        return _queue_again(slug, form, desk, refused)


@router.post(APPROVALS + "/confirmation")
def approve(slug: str, form: Form, desk: AtDesk) -> Response:
    """At once, or as a proposal to a second organiser where the letter asks for two."""
    proposal = None
    try:
        with desk.writing(form) as (db, organiser):
            letter = organisers.letter_of(db, organiser, slug, roles.REVIEW)
            chosen = approvals.chosen(db, letter, _chosen(form))
            if chosen.ready:
                facts = approvals.facts(chosen.ready)
                proposal = agreements.carry_out(db, letter, organiser, approvals.APPROVALS, facts)
    except Refused as refused:
        return _queue_again(slug, form, desk, refused)
    if chosen.left_out:
        return _outcome(slug, desk, chosen, waits=proposal is not None)
    if proposal:
        return RedirectResponse(f"/desk/letters/{slug}/agreements", status_code=303)
    return to_queue(slug, came_from(form, "verified"), f"approved.{len(chosen.ready)}")


def _outcome(slug: str, desk: Desk, chosen: approvals.Sorted, *, waits: bool) -> Response:
    """Names those that were left out; `waits` for a second organiser to agree."""
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.REVIEW)
        return desk.page(
            "desk/approved_together.html",
            db,
            organiser,
            letter=letter_view(letter, db.now),
            waits=waits,
            approved=[one.listed_name for one in chosen.ready],
            left_out=chosen.left_out,
        )


def _preview(slug: str, form: Posted, desk: Desk) -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.REVIEW)
        chosen = approvals.sort(db, letter, _chosen(form))
        return desk.page(
            "desk/approvals.html",
            db,
            organiser,
            letter=letter_view(letter, db.now),
            ready=views(db, letter, organiser, chosen.ready),
            left_out=chosen.left_out,
            back=form.get("back"),
            queue_url=QUEUE.format(slug=slug),
        )


def _queue_again(slug: str, form: Posted, desk: Desk, refused: Refused) -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.REVIEW)
        asked = came_from(form, "verified")
        return queue_page(
            desk, db, organiser, letter, asked, refused=refused.sentence, code=refused.status
        )


def _chosen(form: Posted) -> dict[UUID, str]:
    """Who was ticked, with what the page showed of each; all it showed with "all on this page"."""
    shown = [name.removeprefix(SEEN) for name in form.values if name.startswith(SEEN)]
    ids = shown if form.get("all") == "page" else form.lists.get("id", [])
    try:
        return {UUID(one): form.get(SEEN + one) for one in ids}
    except ValueError:
        raise NotFound(_("There is no such endorsement.")) from None
