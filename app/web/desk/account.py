"""An organiser's own account: what they are called, how they get in, and where they are in now."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app import i18n
from app.db import Db
from app.errors import NotFound, Refused
from app.i18n import _
from app.organiser import organisers, passkeys, sessions, totp
from app.organiser.organisers import Organiser
from app.organiser.sessions import DeskSession
from app.web.desk.access import AtDesk, Desk
from app.web.forms import Form
from app.web.views import form_view

router = APIRouter()

ACCOUNT = "/desk/account"


@router.get(ACCOUNT)
def account_page(desk: AtDesk, done: str = "") -> Response:
    with desk.reading() as (db, organiser):
        return _page(desk, db, organiser, _form(organiser, {}, {}), done=done)


@router.post(f"{ACCOUNT}/name")
def rename(form: Form, desk: AtDesk) -> Response:
    try:
        with desk.writing(form) as (db, organiser):
            organisers.rename(db, organiser, form.get("name"))
    except Refused as refused:
        with desk.reading() as (db, organiser):
            view = _form(organiser, form.values, {"name": refused.sentence})
            return _page(desk, db, organiser, view, code=422)
    return to_account("name")


@router.post(f"{ACCOUNT}/language")
def choose_language(form: Form, desk: AtDesk) -> Response:
    with desk.writing(form) as (db, organiser):
        organisers.choose_language(db, organiser, form.get("language"))
    return to_account("language")


@router.post(f"{ACCOUNT}/sessions/{{handle}}/ending")
def end_session(handle: str, form: Form, desk: AtDesk) -> Response:
    with desk.writing(form) as (db, organiser):
        mine = sessions.of(db, organiser.id)
        session = next((one for one in mine if one.handle == handle), None)
        if session is None:
            raise NotFound(_("This session has ended already."))
        sessions.end(db, session)
    return to_account("session")


@router.post(f"{ACCOUNT}/other-sessions/ending")
def end_others(form: Form, desk: AtDesk) -> Response:
    with desk.writing(form) as (db, organiser):
        sessions.end_all(db, organiser.id, but=desk.session)
    return to_account("sessions")


def to_account(done: str) -> Response:
    """Back to the account's page, which says what was done."""
    return RedirectResponse(f"{ACCOUNT}?done={done}", status_code=303)


def _form(organiser: Organiser, typed: Mapping[str, str], errors: Mapping[str, str]) -> Any:
    known = {"name": organiser.name, "language": organiser.language}
    return form_view({**known, **typed}, errors)


def _page(
    desk: Desk, db: Db, organiser: Organiser, form: object, *, code: int = 200, done: str = ""
) -> Response:
    return desk.page(
        "desk/account.html",
        db,
        organiser,
        code=code,
        form=form,
        languages=[(code, i18n.language_name(code)) for code in i18n.languages()],
        notice=_notices().get(done, ""),
        can_have_passkeys=bool(passkeys.site_name(db.settings)),
        passkeys=passkeys.of(db, organiser.id),
        second_step=totp.of(db, organiser.id),
        codes_left=totp.codes_left(db, organiser.id),
        sessions=[_session_view(one, desk) for one in sessions.of(db, organiser.id)],
    )


def _session_view(session: DeskSession, desk: Desk) -> SimpleNamespace:
    return SimpleNamespace(
        handle=session.handle,
        browser=session.browser,
        begun_at=session.created_at,
        seen_at=session.seen_at and session.seen_at.replace(minute=0, second=0),
        is_this=session.digest == desk.session.digest,
    )


def _notices() -> dict[str, str]:
    return {
        "name": _("Your name is saved."),
        "language": _("The desk speaks your language now."),
        "unnamed": _(
            "Please say what you are called: your colleagues see it beside what you do. Until then "
            "they see your masked address, and a number."
        ),
        "session": _("The session has ended."),
        "sessions": _("All other sessions have ended."),
        "passkey": _("The passkey is added. Next time it signs you in."),
        "passkey-removed": _("The passkey is removed."),
        "second-step-removed": _("The second step is removed."),
    }
