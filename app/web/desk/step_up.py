"""Showing once more that it is oneself, and going on where one was."""

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app.db import Db
from app.errors import Refused
from app.i18n import _
from app.organiser import passkeys, step_up, totp
from app.organiser.organisers import Organiser
from app.organiser.passkeys import Ceremony
from app.web.desk.access import AtDesk, Desk, own_path
from app.web.forms import Form, Posted
from app.web.pages import raw_json
from app.web.views import form_view

router = APIRouter()


@router.get("/desk/step-up")
def step_up_page(desk: AtDesk, next: str = "") -> Response:  # noqa: A002  # as it stands in the address
    with desk.reading() as (db, organiser):
        return _page(desk, db, organiser, own_path(next))


@router.post("/desk/step-up/code")
def by_code(form: Form, desk: AtDesk) -> Response:
    sentence = _("That code is wrong, or it was used already. Wait for the next one.")
    try:
        with desk.writing(form) as (db, organiser):
            # A wrong one leaves by no exception: that it was tried has to be kept.
            is_right = step_up.by_code(db, organiser, desk.session, form.get("code"))
    except Refused as refused:
        is_right, sentence = False, refused.sentence
    return _back(form) if is_right else _page_again(desk, form, "code", sentence)


@router.get("/desk/step-up/passkey")
def passkey_options(desk: AtDesk) -> Response:
    with desk.reading() as (db, organiser):
        ceremony = Ceremony("step-up", desk.session.digest)
        own = passkeys.of(db, organiser.id)
        return raw_json(passkeys.options_to_use(db, ceremony, own))


@router.post("/desk/step-up/passkey")
def by_passkey(form: Form, desk: AtDesk) -> Response:
    try:
        with desk.writing(form) as (db, organiser):
            step_up.by_passkey(db, organiser, desk.session, form.get("credential"))
    except Refused as refused:
        return _page_again(desk, form, "", refused.sentence)
    return _back(form)


@router.post("/desk/step-up/link")
def mail_link(form: Form, desk: AtDesk) -> Response:
    then = own_path(form.get("next"))
    try:
        with desk.writing(form) as (db, organiser):
            step_up.mail_link(db, organiser, desk.session, then)
            return desk.page("desk/step_up_sent.html", db, organiser, then=then)
    except Refused as refused:
        return _page_again(desk, form, "", refused.sentence)


@router.get("/desk/step-up/link/{token}")
def step_up_link(token: str, desk: AtDesk) -> Response:
    with desk.reading() as (db, organiser):
        step_up.usable_link(db, token, desk.session)
        return desk.page("desk/step_up_link.html", db, organiser, token=token)


@router.post("/desk/step-up/link/{token}")
def by_link(token: str, form: Form, desk: AtDesk) -> Response:
    with desk.writing(form) as (db, _organiser):
        step_up.by_link(db, token, desk.session)
    return RedirectResponse(own_path(desk.session.leads_to), status_code=303)


def _back(form: Posted) -> Response:
    return RedirectResponse(own_path(form.get("next")), status_code=303)


def _page_again(desk: Desk, form: Posted, field: str, sentence: str) -> Response:
    with desk.reading() as (db, organiser):
        then = own_path(form.get("next"))
        return _page(desk, db, organiser, then, code=422, errors={field: sentence})


def _page(
    desk: Desk,
    db: Db,
    organiser: Organiser,
    then: str,
    *,
    code: int = 200,
    errors: dict[str, str] | None = None,
) -> Response:
    has_passkeys = bool(passkeys.site_name(db.settings) and passkeys.of(db, organiser.id))
    return desk.page(
        "desk/step_up.html",
        db,
        organiser,
        code=code,
        then=then,
        form=form_view({}, errors),
        has_passkeys=has_passkeys,
        has_second_step=totp.of(db, organiser.id) is not None,
    )
