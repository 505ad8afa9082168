"""Showing once more that it is oneself, and going on where one was."""

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app import step_up
from app.errors import Refused
from app.web.desk.access import AtDesk, own_path
from app.web.forms import Form
from app.web.views import form_view

router = APIRouter()


@router.get("/desk/step-up")
def step_up_page(desk: AtDesk, next: str = "") -> Response:  # noqa: A002  # as it stands in the address
    with desk.reading() as (db, organiser):
        then = own_path(next)
        return desk.page("desk/step_up.html", db, organiser, then=then, form=form_view({}))


@router.post("/desk/step-up/link")
def mail_link(form: Form, desk: AtDesk) -> Response:
    then = own_path(form.get("next"))
    with desk.writing(form) as (db, organiser):
        try:
            step_up.mail_link(db, organiser, desk.session, then)
        except Refused as refused:
            view = form_view(form.values, {"": refused.sentence})
            return desk.page("desk/step_up.html", db, organiser, code=422, then=then, form=view)
        return desk.page("desk/step_up_sent.html", db, organiser, then=then)


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
