"""What the invitations of a letter say, and when its reminders leave."""

import base64
import hashlib
from collections.abc import Callable

from fastapi import APIRouter
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.db import Db
from app.errors import DomainError, Refused
from app.i18n import _
from app.invitation import circulation, inviting, reminders
from app.invitation.circulation import checked_introduction
from app.invitation.invitations import Invitation
from app.letter.letters import Letter
from app.mailing import mail
from app.mailing.stationery import Mail
from app.organiser import organisers, roles
from app.organiser.organisers import Organiser
from app.web.desk.access import AtDesk, Desk
from app.web.desk.invitations import LIST
from app.web.forms import Form, Posted
from app.web.views import form_view, letter_view

router = APIRouter()

INTRODUCTION = LIST + "/introduction"
REMINDERS = LIST + "/reminders"
Change = Callable[[Db, Letter, Organiser], None]


@router.get(INTRODUCTION)
def introduction_page(slug: str, desk: AtDesk) -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
        introduction = circulation.of(db, letter).introduction
        return _introduction(desk, db, organiser, letter, introduction)


@router.post(INTRODUCTION)
def introduce(slug: str, form: Form, desk: AtDesk) -> Response:
    try:
        with desk.writing(form) as (db, organiser):
            letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
            circulation.introduce(db, letter, form.get("introduction"), by=organiser.actor)
    except Refused as refused:
        with desk.reading() as (db, organiser):
            letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
            text = form.get("introduction")
            return _introduction(desk, db, organiser, letter, text, refused)
    return RedirectResponse(f"/desk/letters/{slug}/invitations/introduction", status_code=303)


@router.get(INTRODUCTION + "/mail")
def invitation_mail(slug: str, desk: AtDesk) -> Response:
    """The invitation's mail as those see it whose program shows HTML."""
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
        message = _message(db, letter, organiser, circulation.of(db, letter).introduction)
    headers = {"content-security-policy": _policy(message.html), "cache-control": "no-store"}
    return HTMLResponse(message.html, headers=headers)


@router.get(REMINDERS)
def reminders_page(slug: str, desk: AtDesk) -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        return _reminders(desk, db, organiser, letter)


@router.post(REMINDERS)
def set_reminders(slug: str, form: Form, desk: AtDesk) -> Response:
    try:
        on_promise = form.get("on_promise") == "yes"

        def change(db: Db, letter: Letter, organiser: Organiser) -> None:
            days = _days(form.get("days"))
            circulation.remind(db, letter, days, on_promise=on_promise, by=organiser.actor)

        return _changed(slug, form, desk, change)
    except Refused as refused:
        with desk.reading() as (db, organiser):
            letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
            return _reminders(desk, db, organiser, letter, form, refused)


@router.post(REMINDERS + "/stop")
def stop_all(slug: str, form: Form, desk: AtDesk) -> Response:
    def change(db: Db, letter: Letter, organiser: Organiser) -> None:
        circulation.stop_all(db, letter, by=organiser.actor)

    return _changed(slug, form, desk, change)


@router.post(REMINDERS + "/resumption")
def resume(slug: str, form: Form, desk: AtDesk) -> Response:
    def change(db: Db, letter: Letter, organiser: Organiser) -> None:
        circulation.resume(db, letter, by=organiser.actor)

    return _changed(slug, form, desk, change)


@router.post(REMINDERS + "/promises/stop")
def stop_promises(slug: str, form: Form, desk: AtDesk) -> Response:
    def change(db: Db, letter: Letter, organiser: Organiser) -> None:
        circulation.stop_promises(db, letter, by=organiser.actor)

    return _changed(slug, form, desk, change)


@router.post(REMINDERS + "/{days}/stop")
def stop_one(slug: str, days: int, form: Form, desk: AtDesk) -> Response:
    def change(db: Db, letter: Letter, organiser: Organiser) -> None:
        circulation.stop_one(db, letter, days, by=organiser.actor)

    return _changed(slug, form, desk, change)


def _policy(html: str) -> str:
    """A mail brings its own style and must not do anything else."""
    style = html.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'; sandbox allow-popups"
    )


def _introduction(
    desk: Desk,
    db: Db,
    organiser: Organiser,
    letter: Letter,
    text: str,
    refused: Refused | None = None,
) -> Response:
    """The form, and the mail exactly as it will leave; without the text while it is refused."""
    shown = "" if refused else checked_introduction(text)
    message = _message(db, letter, organiser, shown)
    return desk.page(
        "desk/introduction.html",
        db,
        organiser,
        code=refused.status if refused else 200,
        letter=letter_view(letter, db.now),
        form=form_view(
            {"introduction": text}, {"introduction": refused.sentence} if refused else {}
        ),
        message=message,
        sender=db.settings.mail_from,
    )


def _message(db: Db, letter: Letter, organiser: Organiser, introduction: str) -> Mail:
    """To an organisation of the example's name, with a link that leads nowhere."""
    example = Invitation(
        letter_id=letter.id,
        organisation=_("Name of the organisation"),
        folded="",
        address=organiser.address,
        mailbox="",
        language=letter.language,
        created_at=db.now,
    )
    facts = inviting.facts_of(db, letter, example, organiser)
    facts |= {"introduction": introduction, "secret": ""}
    message = mail.compose(mail.invitation.__name__, facts, db.settings, db.keys)
    assert message is not None
    return message


def _reminders(
    desk: Desk,
    db: Db,
    organiser: Organiser,
    letter: Letter,
    form: Posted | None = None,
    refused: DomainError | None = None,
) -> Response:
    chosen = circulation.of(db, letter)
    values = {
        "days": ", ".join(map(str, chosen.days_before)),
        "on_promise": "yes" if chosen.on_promise else "",
    }
    if form:
        values = {"days": form.get("days"), "on_promise": form.get("on_promise")}
    return desk.page(
        "desk/reminders.html",
        db,
        organiser,
        code=refused.status if refused else 200,
        letter=letter_view(letter, db.now),
        planned=reminders.planned(db, letter),
        stopped=chosen.stopped_at is not None,
        is_open=letter.closed_reason(db.now) is None,
        form=form_view(values, {"days": refused.sentence} if refused else {}),
    )


def _changed(slug: str, form: Posted, desk: Desk, change: Change) -> Response:
    with desk.writing(form) as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
        change(db, letter, organiser)
    return RedirectResponse(f"/desk/letters/{slug}/invitations/reminders", status_code=303)


def _days(typed: str) -> list[int]:
    """The numbers of "7, 2"; raises Refused for anything else."""
    parts = typed.replace(",", " ").replace(";", " ").split()
    if any(not part.isdecimal() or len(part) > 3 for part in parts):
        raise Refused(_("Write numbers of days with commas between, such as 7, 2."), "days")
    return [int(part) for part in parts]
