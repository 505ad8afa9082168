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

from app import (
    invitation_lists,
    invitations,
    inviting,
    mailboxes,
    organisers,
    reminders,
    roles,
)
from app.db import Db
from app.errors import Conflict, DomainError, Refused
from app.i18n import _
from app.invitation_lists import Filter
from app.invitations import Invitation
from app.inviting import LeftOut
from app.letters import Letter
from app.organisers import Organiser
from app.web.desk.access import AtDesk, Desk
from app.web.desk.invitations import LIST, list_page, owner_choices
from app.web.forms import Form, Posted
from app.web.views import form_view, letter_view

router = APIRouter()

NAMES_SHOWN = 100
Action = Literal["sending", "reminder", "assignment", "removal"]
Act = Callable[[Db, Letter, list[Invitation], Organiser], int]


@router.get(LIST + "/sending")
def sending_page(slug: str, desk: AtDesk, request: Request) -> Response:
    return _page(slug, desk, request, "sending")


@router.post(LIST + "/sending")
def send(slug: str, form: Form, desk: AtDesk) -> Response:
    def act(db: Db, letter: Letter, found: list[Invitation], organiser: Organiser) -> int:
        return inviting.send(db, letter, found, by=organiser.actor)

    return _done(slug, form, desk, act, "sent")


@router.get(LIST + "/reminder")
def reminder_page(slug: str, desk: AtDesk, request: Request) -> Response:
    return _page(slug, desk, request, "reminder")


@router.post(LIST + "/reminder")
def remind(slug: str, form: Form, desk: AtDesk) -> Response:
    def act(db: Db, letter: Letter, found: list[Invitation], organiser: Organiser) -> int:
        return reminders.remind_now(db, letter, found, by=organiser.actor)

    return _done(slug, form, desk, act, "reminded")


@router.get(LIST + "/assignment")
def assignment_page(slug: str, desk: AtDesk, request: Request) -> Response:
    return _page(slug, desk, request, "assignment")


@router.post(LIST + "/assignment")
def assign(slug: str, form: Form, desk: AtDesk) -> Response:
    def act(db: Db, letter: Letter, found: list[Invitation], organiser: Organiser) -> int:
        owner_id = owner_of(db, letter, form.get("owner"))
        invitations.assign(db, found, owner_id, by=organiser.actor)
        return len(found)

    return _done(slug, form, desk, act, "assigned")


@router.get(LIST + "/removal")
def removal_page(slug: str, desk: AtDesk, request: Request) -> Response:
    return _page(slug, desk, request, "removal")


@router.post(LIST + "/removal")
def remove(slug: str, form: Form, desk: AtDesk) -> Response:
    def act(db: Db, letter: Letter, found: list[Invitation], organiser: Organiser) -> int:
        invitations.remove(db, found, by=organiser.actor)
        return len(found)

    return _done(slug, form, desk, act, "removed")


def owner_of(db: Db, letter: Letter, typed: str) -> UUID | None:
    """The organiser chosen, None for nobody; raises Refused for who doesn't work on the letter."""
    if typed in ("", invitation_lists.NOBODY):
        return None
    for id_, _name in invitation_lists.organisers_of(db, letter):
        if str(id_) == typed:
            return id_
    raise Refused(_("Choose one of those who work on the letter."), "owner")


def _page(slug: str, desk: Desk, request: Request, action: Action) -> Response:
    """States the number and the names; where it can't be done, the list says why."""
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
        try:
            found = invitations.chosen(db, letter, _ids(db, letter, request))
            if action in ("sending", "reminder"):
                inviting.must_be_open(db, letter)
        except (Refused, Conflict) as refused:
            return _list_again(desk, db, organiser, letter, request, refused)
        concerned, left_out = _sorted_out(db, letter, found, action)
        return desk.page(
            "desk/inviting.html",
            db,
            organiser,
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
            form=form_view({"owner": str(organiser.id)}),
            planned=reminders.planned(db, letter) if action == "sending" else [],
        )


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


def _ids(db: Db, letter: Letter, request: Request) -> Sequence[UUID]:
    asked = request.query_params
    if asked.get("all") != "yes":
        return readable_ids(asked.getlist("id"))
    return invitation_lists.ids(db, letter, _filter(request))


def _filter(request: Request) -> Filter:
    asked = request.query_params
    return Filter(*(asked.get(name, "") for name in ("status", "owner", "country", "q")))


def _sorted_out(
    db: Db, letter: Letter, found: list[Invitation], action: Action
) -> tuple[list[Invitation], list[LeftOut]]:
    if action in ("sending", "reminder"):
        return inviting.sorted_out(db, letter, found, again=action == "reminder")
    return found, []


def _done(slug: str, form: Posted, desk: Desk, act: Act, word: str) -> Response:
    with desk.writing(form) as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
        found = invitations.chosen(db, letter, readable_ids(form.lists.get("id", [])))
        number = act(db, letter, found, organiser)
    query = urlencode({"done": f"{word}-{number}"})
    return RedirectResponse(f"/desk/letters/{slug}/invitations?{query}", status_code=303)


def readable_ids(typed: Sequence[str]) -> list[UUID]:
    found = []
    for one in typed:
        try:
            found.append(UUID(one))
        except ValueError:
            continue
    return found
