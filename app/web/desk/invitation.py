"""One invitee at the desk: where they stand, what they told an organiser, and notes about them."""

from collections.abc import Callable
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app.db import Db
from app.errors import Forbidden, Refused
from app.i18n import _
from app.invitation import invitation_notes, invitations, readdressing, reminders
from app.invitation.invitations import Invitation
from app.letter.letters import Letter
from app.mailing import mail_states
from app.organisation import books
from app.organiser import organisers, roles
from app.organiser.organisers import Organiser
from app.trail import audit
from app.trail.audit import Actor
from app.web.desk.access import AtDesk, Desk
from app.web.desk.invitations import LIST, views
from app.web.forms import Form, Posted, day_of
from app.web.views import form_view, letter_view

router = APIRouter()

ONE = LIST + "/{invitation_id}"

Act = Callable[[Db, Invitation, Letter, Actor], None]


@router.get(ONE)
def one_invitation(slug: str, invitation_id: UUID, desk: AtDesk) -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        invitation = invitations.of_letter(db, letter, invitation_id)
        return _one(desk, db, organiser, letter, invitation)


@router.post(ONE + "/address")
def reveal_address(slug: str, invitation_id: UUID, form: Form, desk: AtDesk) -> Response:
    page = ONE.format(slug=slug, invitation_id=invitation_id)
    with desk.writing(form, fresh_for=page) as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
        invitation = invitations.of_letter(db, letter, invitation_id)
        if not books.may_reveal(db, organiser, letter, invitation):
            raise Forbidden(
                _("This address is from the address book: its letters' owners see it in full.")
            )
        audit.record_about(db, "address revealed", invitation, by=organiser.actor)
        address = invitations.address_of(db, invitation)
        return _one(desk, db, organiser, letter, invitation, address=address)


@router.post(ONE + "/correction")
def correct_address(slug: str, invitation_id: UUID, form: Form, desk: AtDesk) -> Response:
    def act(db: Db, invitation: Invitation, letter: Letter, actor: Actor) -> None:
        readdressing.correct(db, invitation, letter, form.get("email"), by=actor)

    return _acted(slug, invitation_id, form, desk, act)


@router.post(ONE + "/note")
def note(slug: str, invitation_id: UUID, form: Form, desk: AtDesk) -> Response:
    def act(db: Db, invitation: Invitation, _letter: Letter, actor: Actor) -> None:
        invitation_notes.note(db, invitation, form.get("note"), by=actor)

    return _acted(slug, invitation_id, form, desk, act)


@router.post(ONE + "/promise")
def note_promise(slug: str, invitation_id: UUID, form: Form, desk: AtDesk) -> Response:
    """What an invitee said on the phone."""

    def act(db: Db, invitation: Invitation, letter: Letter, actor: Actor) -> None:
        invitations.promise(db, invitation, letter, day_of(form.get("until")), by=actor)

    return _acted(slug, invitation_id, form, desk, act)


@router.post(ONE + "/decline")
def note_decline(slug: str, invitation_id: UUID, form: Form, desk: AtDesk) -> Response:
    def act(db: Db, invitation: Invitation, letter: Letter, actor: Actor) -> None:
        invitations.decline(db, invitation, letter, form.get("reason"), by=actor)

    return _acted(slug, invitation_id, form, desk, act)


@router.post(ONE + "/stop")
def stop_reminders(slug: str, invitation_id: UUID, form: Form, desk: AtDesk) -> Response:
    def act(db: Db, invitation: Invitation, _letter: Letter, actor: Actor) -> None:
        invitation_notes.stop_reminders(db, invitation, by=actor)

    return _acted(slug, invitation_id, form, desk, act)


@router.post(ONE + "/resumption")
def resume_reminders(slug: str, invitation_id: UUID, form: Form, desk: AtDesk) -> Response:
    def act(db: Db, invitation: Invitation, _letter: Letter, actor: Actor) -> None:
        invitation_notes.resume_reminders(db, invitation, by=actor)

    return _acted(slug, invitation_id, form, desk, act)


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
    mail = mail_states.latest_to_invitee(db, invitation.id, invitation.mailbox)
    values = {"email": "", "note": invitation.note, "until": "", "reason": ""}
    return desk.page(
        "desk/invitation.html",
        db,
        organiser,
        code=code,
        letter=letter_view(letter, db.now),
        invitation=view,
        address=address,
        may_reveal=books.may_reveal(db, organiser, letter, invitation),
        mail=mail,
        reminders=reminders.history(db, invitation),
        held_back=reminders.held_back(db, letter, invitation),
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
