"""The circulation list at the desk: who was asked, who answered, and one invitee alone."""

from collections.abc import Callable, Sequence
from datetime import date
from types import SimpleNamespace
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import select
from sqlmodel import col
from starlette.responses import RedirectResponse, Response

from app import (
    audit,
    countries,
    i18n,
    invitation_lists,
    invitations,
    mailboxes,
    organisers,
    outbox,
    reminders,
    roles,
    suppressions,
)
from app.audit import Actor
from app.db import Db
from app.errors import Refused
from app.i18n import _, ngettext
from app.invitation_lists import COLUMNS, NOBODY, UNMAILED, Filter
from app.invitations import Invitation
from app.letters import Letter
from app.organisers import Organiser
from app.web.desk.access import AtDesk, Desk
from app.web.forms import Form, Posted
from app.web.views import form_view, letter_view

router = APIRouter()

LIST = "/desk/letters/{slug}/invitations"
ONE = LIST + "/{invitation_id}"
PAGE_LINES = 50
CARDS = 20

Act = Callable[[Db, Invitation, Letter, Actor], None]


@router.get(LIST)
def circulation_list(
    slug: str,
    desk: AtDesk,
    view: str = "list",
    status: str = "",
    owner: str = "",
    country: str = "",
    q: str = "",
    after: str = "",
    done: str = "",
) -> Response:
    wanted = Filter(status, owner, country, q[:200])
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        counts = invitation_lists.counts(db, letter)
        board = columns(db, letter, wanted) if view == "board" else []
        lines: list[SimpleNamespace] = []
        if view != "board":
            found = invitation_lists.page(
                db, letter, wanted, after=_id(after), limit=PAGE_LINES + 1
            )
            lines = views(db, letter, found)
        parameters = wanted.parameters()
        more = len(lines) > PAGE_LINES
        last = str(lines[PAGE_LINES - 1].id) if more else ""
        return desk.page(
            "desk/invitations.html",
            db,
            organiser,
            letter=letter_view(letter, db.now),
            view="board" if view == "board" else "list",
            counts=counts,
            total=sum(counts.values()),
            columns=COLUMNS,
            board=board,
            lines=lines[:PAGE_LINES],
            matching=invitation_lists.number(db, letter, wanted) if parameters else None,
            form=form_view(parameters),
            owners=owner_choices(db, letter),
            states=_states(),
            countries=_countries(db, letter),
            unfiltered=not parameters,
            query=urlencode(parameters),
            next_url=f"?{urlencode({**parameters, 'after': last})}" if more else None,
            prev_url=f"?{urlencode(parameters)}" if after else None,
            done=_done(done),
            stopped=reminders.are_stopped(db, letter),
        )


@router.get(ONE)
def one_invitation(slug: str, invitation_id: UUID, desk: AtDesk) -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        invitation = invitations.of_letter(db, letter, invitation_id)
        return _one(desk, db, organiser, letter, invitation)


@router.post(ONE + "/address")
def reveal_address(slug: str, invitation_id: UUID, form: Form, desk: AtDesk) -> Response:
    with desk.writing(form) as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
        invitation = invitations.of_letter(db, letter, invitation_id)
        audit.record(
            db,
            "address revealed",
            by=organiser.actor,
            letter_id=letter.id,
            subject_id=invitation.id,
        )
        address = invitations.address_of(db, invitation)
        return _one(desk, db, organiser, letter, invitation, address=address)


@router.post(ONE + "/note")
def note(slug: str, invitation_id: UUID, form: Form, desk: AtDesk) -> Response:
    def act(db: Db, invitation: Invitation, _letter: Letter, actor: Actor) -> None:
        invitations.note(db, invitation, form.get("note"), by=actor)

    return _acted(slug, invitation_id, form, desk, act)


@router.post(ONE + "/promise")
def note_promise(slug: str, invitation_id: UUID, form: Form, desk: AtDesk) -> Response:
    """What an invitee said on the phone."""

    def act(db: Db, invitation: Invitation, letter: Letter, actor: Actor) -> None:
        invitations.promise(db, invitation, letter, _day(form.get("until")), by=actor)

    return _acted(slug, invitation_id, form, desk, act)


@router.post(ONE + "/decline")
def note_decline(slug: str, invitation_id: UUID, form: Form, desk: AtDesk) -> Response:
    def act(db: Db, invitation: Invitation, letter: Letter, actor: Actor) -> None:
        invitations.decline(db, invitation, letter, form.get("reason"), by=actor)

    return _acted(slug, invitation_id, form, desk, act)


@router.post(ONE + "/stop")
def stop_reminders(slug: str, invitation_id: UUID, form: Form, desk: AtDesk) -> Response:
    def act(db: Db, invitation: Invitation, _letter: Letter, actor: Actor) -> None:
        invitations.stop_reminders(db, invitation, by=actor)

    return _acted(slug, invitation_id, form, desk, act)


@router.post(ONE + "/resumption")
def resume_reminders(slug: str, invitation_id: UUID, form: Form, desk: AtDesk) -> Response:
    def act(db: Db, invitation: Invitation, _letter: Letter, actor: Actor) -> None:
        invitations.resume_reminders(db, invitation, by=actor)

    return _acted(slug, invitation_id, form, desk, act)


def columns(db: Db, letter: Letter, wanted: Filter) -> list[tuple[str, list[SimpleNamespace]]]:
    """The first cards of each column of the board, under the filter's other conditions."""
    shown = []
    for column in COLUMNS:
        if wanted.status in ("", column):
            narrowed = Filter(column, wanted.owner, wanted.country, wanted.words)
            found = invitation_lists.page(db, letter, narrowed, limit=CARDS)
            shown.append((column, list(found)))
    owners = dict(invitation_lists.organisers_of(db, letter))
    return [(column, [_view(db, one, owners) for one in found]) for column, found in shown]


def views(db: Db, letter: Letter, found: Sequence[Invitation]) -> list[SimpleNamespace]:
    """Lines as the list shows them, with what is known of their mailboxes."""
    owners = dict(invitation_lists.organisers_of(db, letter))
    ids = [invitation.id for invitation in found]
    closed = suppressions.unwanted(col(Invitation.mailbox), letter.id)
    unwanted = set(
        db.scalars(select(col(Invitation.id)).where(col(Invitation.id).in_(ids), closed))
    )
    lines = [_view(db, invitation, owners) for invitation in found]
    for line in lines:
        line.unwanted = line.id in unwanted
    return lines


def owner_choices(db: Db, letter: Letter) -> list[tuple[str, str]]:
    named = [(str(id_), name) for id_, name in invitation_lists.organisers_of(db, letter)]
    return [(NOBODY, _("Nobody")), *named]


def _states() -> list[tuple[str, str]]:
    names = {
        UNMAILED: _("Not mailed yet"),
        "invited": _("Invited"),
        "promised": _("Promised"),
        "signed": _("Signed"),
        "declined": _("Will not sign"),
        "bounced": _("Mail refused"),
    }
    return [(column, names[column]) for column in COLUMNS]


def _countries(db: Db, letter: Letter) -> list[tuple[str, str]]:
    codes = set(invitation_lists.countries(db, letter))
    return [choice for choice in countries.choices(i18n.language()) if choice[0] in codes]


def _view(db: Db, invitation: Invitation, owners: dict[UUID, str]) -> SimpleNamespace:
    is_unmailed = invitation.status == "invited" and invitation.invited_at is None
    masked = mailboxes.masked(invitations.address_of(db, invitation))
    return SimpleNamespace(
        id=invitation.id,
        listed_name=invitation.listed_name or masked,
        organisation=invitation.organisation,
        website=invitation.website,
        country=invitation.country,
        name=invitation.name,
        role=invitation.role,
        language=invitation.language,
        email_masked=masked,
        column=UNMAILED if is_unmailed else invitation.status,
        status=invitation.status,
        owner=owners.get(invitation.owner_id, "") if invitation.owner_id else "",
        note=invitation.note,
        reason=invitation.reason,
        promised_until=invitation.promised_until,
        invited_at=invitation.invited_at,
        answered_at=invitation.answered_at,
        stopped_at=invitation.stopped_at,
        created_at=invitation.created_at,
        unwanted=False,
    )


def _one(
    desk: Desk,
    db: Db,
    organiser: Organiser,
    letter: Letter,
    invitation: Invitation,
    *,
    address: str = "",
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    code: int = 200,
) -> Response:
    (view,) = views(db, letter, [invitation])
    mail = outbox.latest_to_invitee(db, invitation.id)
    values = {"note": invitation.note, "until": "", "reason": ""}
    return desk.page(
        "desk/invitation.html",
        db,
        organiser,
        code=code,
        letter=letter_view(letter, db.now),
        invitation=view,
        address=address,
        mail=mail,
        reminders=reminders.history(db, invitation),
        is_answerable=letter.closed_reason(db.now) in (None, "paused"),
        form=form_view({**values, **(typed or {})}, errors),
    )


def _acted(slug: str, invitation_id: UUID, form: Posted, desk: Desk, act: Act) -> Response:
    try:
        with desk.writing(form) as (db, organiser):
            letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
            invitation = invitations.of_letter(db, letter, invitation_id)
            act(db, invitation, letter, organiser.actor)
    except Refused as refused:
        with desk.reading() as (db, organiser):
            letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
            invitation = invitations.of_letter(db, letter, invitation_id)
            errors = {refused.field or "": refused.sentence}
            return _one(
                desk,
                db,
                organiser,
                letter,
                invitation,
                typed=form.values,
                errors=errors,
                code=refused.status,
            )
    path = f"/desk/letters/{slug}/invitations/{invitation_id}"
    return RedirectResponse(path, status_code=303)


def _done(done: str) -> str:
    """The sentence for what was just done: "sent-12" comes from an action's redirect."""
    action, _dash, typed = done.partition("-")
    number = int(typed) if typed.isdecimal() and len(typed) < 6 else 0
    sentences = {
        "sent": ngettext(
            "%(num)s invitation leaves now.", "%(num)s invitations leave now.", number
        ),
        "reminded": ngettext(
            "%(num)s reminder leaves now.", "%(num)s reminders leave now.", number
        ),
        "assigned": ngettext(
            "%(num)s invitation was assigned.", "%(num)s invitations were assigned.", number
        ),
        "removed": ngettext(
            "%(num)s invitation was removed.", "%(num)s invitations were removed.", number
        ),
        "taken": ngettext(
            "%(num)s invitation was taken in. Nobody was written to yet.",
            "%(num)s invitations were taken in. Nobody was written to yet.",
            number,
        ),
    }
    return sentences[action] % {"num": number} if action in sentences else ""


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return None


def _id(typed: str) -> UUID | None:
    try:
        return UUID(typed) if typed else None
    except ValueError:
        return None
