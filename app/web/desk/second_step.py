"""Setting up the second step, its recovery codes, and removing it."""

import segno
from fastapi import APIRouter
from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from app.db import Db
from app.errors import Refused
from app.organiser import totp
from app.organiser.organisers import Organiser
from app.web.desk.access import AtDesk, Desk
from app.web.desk.account import ACCOUNT, to_account
from app.web.forms import Form
from app.web.views import form_view

router = APIRouter()

SECOND_STEP = f"{ACCOUNT}/second-step"


@router.get(SECOND_STEP)
def second_step(desk: AtDesk) -> Response:
    with desk.reading(fresh_for=SECOND_STEP) as (db, organiser):
        return _page(desk, db, organiser)


@router.post(SECOND_STEP)
def begin(form: Form, desk: AtDesk) -> Response:
    with desk.writing(form, fresh_for=SECOND_STEP) as (db, organiser):
        totp.begin(db, organiser)
    return RedirectResponse(SECOND_STEP, status_code=303)


@router.post(f"{SECOND_STEP}/confirmation")
def confirm(form: Form, desk: AtDesk) -> Response:
    try:
        with desk.writing(form, fresh_for=SECOND_STEP) as (db, organiser):
            codes = totp.confirm(db, organiser, form.get("code"))
            return desk.page("desk/recovery_codes.html", db, organiser, codes=codes)
    except Refused as refused:
        with desk.reading() as (db, organiser):
            return _page(desk, db, organiser, error=refused.sentence)


@router.post(f"{SECOND_STEP}/removal")
def remove(form: Form, desk: AtDesk) -> Response:
    with desk.writing(form, fresh_for=ACCOUNT) as (db, organiser):
        totp.remove(db, organiser, by=organiser.actor)
    return to_account("second-step-removed")


@router.post(f"{ACCOUNT}/recovery-codes")
def make_recovery_codes(form: Form, desk: AtDesk) -> Response:
    with desk.writing(form, fresh_for=ACCOUNT) as (db, organiser):
        codes = totp.new_codes(db, organiser)
        return desk.page("desk/recovery_codes.html", db, organiser, codes=codes)


def _page(desk: Desk, db: Db, organiser: Organiser, *, error: str = "") -> Response:
    step = totp.awaited(db, organiser.id)
    return desk.page(
        "desk/second_step.html",
        db,
        organiser,
        code=422 if error else 200,
        form=form_view({}, {"code": error} if error else {}),
        secret=_in_groups(totp.secret_of(db, step)) if step else "",
        qr=_qr(totp.address(db, organiser, step)) if step else "",
        is_set_up=totp.of(db, organiser.id) is not None,
    )


def _in_groups(secret: str) -> str:
    """By fours, as people copy it."""
    return " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))


def _qr(address: str) -> Markup:
    # Black on white whatever the page's colours are: not every app reads it inverted.
    svg = segno.make(address, micro=False, error="m").svg_inline(scale=4, light="#fff")
    return Markup(svg)  # noqa: S704  # made of numbers by segno: the address is in its dots alone
