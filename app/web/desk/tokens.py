"""The organiser's tokens for the API: made, shown once, revoked."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app.db import Db
from app.errors import Refused
from app.i18n import ngettext
from app.organiser import api_tokens
from app.organiser.api_tokens import SCOPES, ApiToken
from app.organiser.organisers import Organiser
from app.web.desk.access import AtDesk, Desk
from app.web.forms import Form, Posted
from app.web.views import form_view

router = APIRouter()

TOKENS = "/desk/tokens"


@router.get(TOKENS)
def tokens_page(desk: AtDesk) -> Response:
    with desk.reading() as (db, organiser):
        return _page(desk, db, organiser, Posted({"days": "90"}, {"scopes": ["look"]}))


@router.post(TOKENS)
def create_token(form: Form, desk: AtDesk) -> Response:
    """The only answer that ever holds the token itself."""
    try:
        with desk.writing(form, fresh_for=TOKENS) as (db, organiser):
            token, secret = api_tokens.create(
                db, organiser, form.get("name"), form.lists.get("scopes", []), form.get("days")
            )
            return desk.page("desk/token.html", db, organiser, token=token, secret=secret)
    except Refused as refused:
        with desk.reading() as (db, organiser):
            return _page(desk, db, organiser, form, refused)


@router.post(TOKENS + "/{token_id}/revocation")
def revoke_token(token_id: UUID, form: Form, desk: AtDesk) -> Response:
    with desk.writing(form) as (db, organiser):
        api_tokens.revoke(db, organiser, token_id)
    return RedirectResponse(TOKENS, status_code=303)


def _page(
    desk: Desk, db: Db, organiser: Organiser, form: Posted, refused: Refused | None = None
) -> Response:
    errors = {refused.field or "": refused.sentence} if refused else {}
    return desk.page(
        "desk/tokens.html",
        db,
        organiser,
        code=refused.status if refused else 200,
        form=form_view(form.values, errors),
        chosen=form.lists.get("scopes", []),
        scopes=[(scope, api_tokens.scope_name(scope)) for scope in SCOPES],
        lives=[(str(days), _days(days), "") for days in api_tokens.LIVES],
        tokens=[_view(one, db) for one in api_tokens.of_organiser(db, organiser)],
    )


def _view(token: ApiToken, db: Db) -> dict[str, object]:
    scopes = [api_tokens.scope_name(scope) for scope in token.scopes]
    return {**token.model_dump(exclude={"digest"}), "scopes": scopes, "state": token.state(db.now)}


def _days(days: int) -> str:
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}
