"""An organiser's own passkeys: making one, and removing one."""

from fastapi import APIRouter
from starlette.responses import Response

from app.errors import Refused
from app.organiser import passkeys
from app.web.desk.access import AtDesk
from app.web.desk.account import ACCOUNT, to_account
from app.web.forms import Form
from app.web.pages import raw_json
from app.web.views import form_view

router = APIRouter()

NEW = f"{ACCOUNT}/passkeys/new"


@router.get(NEW)
def new_passkey(desk: AtDesk) -> Response:
    with desk.reading(fresh_for=NEW) as (db, organiser):
        has_name = bool(passkeys.site_name(db.settings))
        view = form_view({"name": desk.session.browser})
        return desk.page("desk/passkey.html", db, organiser, form=view, can_have_passkeys=has_name)


@router.get(f"{ACCOUNT}/passkeys/options")
def options_to_add(desk: AtDesk) -> Response:
    with desk.reading(fresh_for=NEW) as (db, organiser):
        return raw_json(passkeys.options_to_add(db, organiser, desk.session.digest))


@router.post(f"{ACCOUNT}/passkeys")
def add_passkey(form: Form, desk: AtDesk) -> Response:
    try:
        with desk.writing(form, fresh_for=NEW) as (db, organiser):
            name, credential = form.get("name"), form.get("credential")
            passkeys.add(db, organiser, name, credential, desk.session.digest)
    except Refused as refused:
        view = form_view({"name": form.get("name")}, {refused.field or "": refused.sentence})
        with desk.reading() as (db, organiser):
            context = {"form": view, "can_have_passkeys": True}
            return desk.page("desk/passkey.html", db, organiser, code=422, **context)
    return to_account("passkey")


@router.post(f"{ACCOUNT}/passkeys/{{passkey_id}}/removal")
def remove_passkey(passkey_id: str, form: Form, desk: AtDesk) -> Response:
    with desk.writing(form, fresh_for=ACCOUNT) as (db, organiser):
        passkeys.remove(db, organiser, passkey_id)
    return to_account("passkey-removed")
