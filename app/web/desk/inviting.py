"""What is done to many invitees at once: each says to whom and to how many on a page of its own.

The list leads to the page by GET, with the lines ticked or with a filter; the page's form holds
exactly those it names, so what is done is what was read.
"""

from collections.abc import Callable, Sequence
from typing import Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.db import Db
from app.errors import Conflict, DomainError, Refused, TooMany
from app.i18n import _
from app.invitation import (
    circulation,
    invitation_lists,
    invitation_notes,
    invitations,
    inviting,
    reminders,
)
from app.invitation.invitation_lists import Filter
from app.invitation.invitations import Invitation
from app.invitation.inviting import LeftOut, Written
from app.letter.letters import Letter
from app.mailing import mailboxes
from app.organiser import organisers, roles
from app.organiser.organisers import Organiser
from app.web.desk.access import AtDesk, Desk
from app.web.desk.invitations import LIST, list_page, owner_choices
from app.web.forms import Form, Posted
from app.web.views import form_view, letter_view

router = APIRouter()

NAMES_SHOWN = 100
Action = Literal["sending", "reminder", "assignment", "removal"]
# What the list is told was done.
DONE: dict[Action, str] = {
    "sending": "sent",
    "reminder": "reminded",
    "assignment": "assigned",
    "removal": "removed",
}
Act = Callable[[Db, Letter, list[Invitation], Organiser], Written]


@router.get(LIST + "/sending")
def sending_page(slug: str, desk: AtDesk, request: Request) -> Response:
    return _page(slug, desk, "sending", request)


@router.post(LIST + "/sending")
def send(slug: str, form: Form, desk: AtDesk) -> Response:
    def act(db: Db, letter: Letter, found: list[Invitation], organiser: Organiser) -> Written:
        if form.get("introduction").strip():
            circulation.introduce(db, letter, form.get("introduction"), by=organiser.actor)
        return inviting.send(db, letter, found, by=organiser.actor)

    return _done(slug, form, desk, act, "sending")


@router.get(LIST + "/reminder")
def reminder_page(slug: str, desk: AtDesk, request: Request) -> Response:
    return _page(slug, desk, "reminder", request)


@router.post(LIST + "/reminder")
def remind(slug: str, form: Form, desk: AtDesk) -> Response:
    def act(db: Db, letter: Letter, found: list[Invitation], organiser: Organiser) -> Written:
        return reminders.remind_now(db, letter, found, by=organiser.actor)

    return _done(slug, form, desk, act, "reminder")


@router.get(LIST + "/assignment")
def assignment_page(slug: str, desk: AtDesk, request: Request) -> Response:
    return _page(slug, desk, "assignment", request)


@router.post(LIST + "/assignment")
def assign(slug: str, form: Form, desk: AtDesk) -> Response:
    def act(db: Db, letter: Letter, found: list[Invitation], organiser: Organiser) -> Written:
        owner_id = owner_of(db, letter, form.get("owner"))
        invitation_notes.assign(db, found, owner_id, by=organiser.actor)
        return Written(len(found), 0)

    return _done(slug, form, desk, act, "assignment")


@router.get(LIST + "/removal")
def removal_page(slug: str, desk: AtDesk, request: Request) -> Response:
    return _page(slug, desk, "removal", request)


@router.post(LIST + "/removal")
def remove(slug: str, form: Form, desk: AtDesk) -> Response:
    def act(db: Db, letter: Letter, found: list[Invitation], organiser: Organiser) -> Written:
        invitations.remove(db, found, by=organiser.actor)
        return Written(len(found), 0)

    return _done(slug, form, desk, act, "removal")


def owner_of(db: Db, letter: Letter, typed: str) -> UUID | None:
    """The organiser chosen, None for nobody; raises Refused for who doesn't work on the letter."""
    if typed in ("", invitation_lists.NOBODY):
        return None
    for id_, _name in invitation_lists.organisers_of(db, letter):
        if str(id_) == typed:
            return id_
    raise Refused(_("Choose one of those who work on the letter."), "owner")


def _page(
    slug: str,
    desk: Desk,
    action: Action,
    asked: Request | Posted,
    refusal: DomainError | None = None,
) -> Response:
    """States the number and the names of those asked for: by the list, which says it where that
    can't be done, or by the form of this page, with why it was refused."""
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
        try:
            found = invitations.chosen(db, letter, _ids(db, letter, asked))
            if action in ("sending", "reminder"):
                inviting.must_be_open(db, letter)
        except (Refused, Conflict) as refused:
            if isinstance(asked, Posted):
                raise
            return _list_again(desk, db, organiser, letter, asked, refused)
        concerned, left_out = _sorted_out(db, letter, found, action)
        typed = asked.values if isinstance(asked, Posted) else {}
        values = {"owner": str(organiser.id), "introduction": "", **typed}
        return desk.page(
            "desk/inviting.html",
            db,
            organiser,
            code=refusal.status if refusal else 200,
            refusal=refusal.sentence if isinstance(refusal, TooMany) else "",
            letter=letter_view(letter, db.now),
            doing=action,
            concerned=concerned,
            names=[_named(db, one) for one in concerned[:NAMES_SHOWN]],
            left_out=left_out,
            left_out_names=[
                (_named(db, one.invitation)[0], one.why) for one in left_out[:NAMES_SHOWN]
            ],
            names_shown=NAMES_SHOWN,
            owners=owner_choices(db, letter),
            form=form_view(values, _errors(refusal)),
            planned=reminders.planned(db, letter) if action == "sending" else [],
            is_introduced=bool(circulation.of(db, letter).introduction),
            is_named=bool(organiser.name),
        )


def _errors(refusal: DomainError | None) -> dict[str, str]:
    if isinstance(refusal, Refused) and refusal.field:
        return {refusal.field: refusal.sentence}
    return {}


def _list_again(
    desk: Desk, db: Db, organiser: Organiser, letter: Letter, request: Request, refused: DomainError
) -> Response:
    asked, wanted = request.query_params, _filter(request)
    ticked, after = readable_ids(asked.getlist("id")), asked.get("after", "")
    return list_page(
        desk, db, organiser, letter, wanted, "list", after, refused=refused, ticked=ticked
    )


def _named(db: Db, invitation: Invitation) -> tuple[str, str]:
    """The name, else the masked address, and the person where an organisation is named."""
    if invitation.listed_name:
        return invitation.listed_name, invitation.name if invitation.organisation else ""
    return mailboxes.masked(invitations.address_of(db, invitation)), ""


def _ids(db: Db, letter: Letter, asked: Request | Posted) -> Sequence[UUID]:
    if isinstance(asked, Posted):
        return readable_ids(asked.lists.get("id", []))
    if asked.query_params.get("all") != "yes":
        return readable_ids(asked.query_params.getlist("id"))
    return invitation_lists.ids(db, letter, _filter(asked))


def _filter(request: Request) -> Filter:
    asked = request.query_params
    return Filter(*(asked.get(name, "") for name in ("status", "owner", "country", "q")))


def _sorted_out(
    db: Db, letter: Letter, found: list[Invitation], action: Action
) -> tuple[list[Invitation], list[LeftOut]]:
    if action in ("sending", "reminder"):
        return inviting.sorted_out(db, letter, found, again=action == "reminder")
    return found, []


def _done(slug: str, form: Posted, desk: Desk, act: Act, action: Action) -> Response:
    try:
        with desk.writing(form) as (db, organiser):
            letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
            found = invitations.chosen(db, letter, _ids(db, letter, form))
            written = act(db, letter, found, organiser)
    except TooMany as refusal:
        return _page(slug, desk, action, form, refusal)
    except Refused as refusal:
        if refusal.field != "introduction":
            raise
        return _page(slug, desk, action, form, refusal)
    query = urlencode({"done": f"{DONE[action]}-{written.number}", "held": written.held_back})
    return RedirectResponse(f"/desk/letters/{slug}/invitations?{query}", status_code=303)


def readable_ids(typed: Sequence[str]) -> list[UUID]:
    found = []
    for one in typed:
        try:
            found.append(UUID(one))
        except ValueError:
            continue
    return found
