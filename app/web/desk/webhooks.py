"""Webhooks of a letter: made, tried, removed, and the last calls with what was answered."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app.db import Db
from app.errors import NotFound, Refused
from app.i18n import _
from app.letter.letters import Letter
from app.organiser import organisers, roles
from app.organiser.organisers import Organiser
from app.web.desk.access import AtDesk, Desk
from app.web.forms import Form, Posted
from app.web.views import form_view, letter_view
from app.webhook import webhook_calls, webhooks

router = APIRouter()

WEBHOOKS = "/desk/letters/{slug}/webhooks"
ONE = WEBHOOKS + "/{webhook_id}"


@router.get(WEBHOOKS)
def webhooks_page(slug: str, desk: AtDesk) -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.OWN)
        everything = Posted({}, {"events": list(webhooks.EVENTS)})
        return _page(desk, db, organiser, letter, everything)


@router.post(WEBHOOKS)
def create_webhook(slug: str, form: Form, desk: AtDesk) -> Response:
    """The only answer that ever holds the secret."""
    try:
        with desk.writing(form, fresh_for=f"/desk/letters/{slug}/webhooks") as (db, organiser):
            letter = organisers.letter_of(db, organiser, slug, roles.OWN)
            events = form.lists.get("events", [])
            webhook, secret = webhooks.create(
                db, letter.id, form.get("url"), events, by=organiser.actor
            )
            return desk.page(
                "desk/webhook.html",
                db,
                organiser,
                letter=letter_view(letter, db.now),
                webhook=webhook,
                secret=secret,
            )
    except Refused as refused:
        with desk.reading() as (db, organiser):
            letter = organisers.letter_of(db, organiser, slug, roles.OWN)
            return _page(desk, db, organiser, letter, form, refused)


@router.post(ONE + "/test")
def test_webhook(slug: str, webhook_id: UUID, form: Form, desk: AtDesk) -> Response:
    with desk.writing(form) as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.OWN)
        webhooks.test(db, webhooks.one_of(db, letter.id, webhook_id), by=organiser.actor)
    return _back(slug)


@router.post(ONE + "/removal")
def remove_webhook(slug: str, webhook_id: UUID, form: Form, desk: AtDesk) -> Response:
    with desk.writing(form) as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.OWN)
        webhooks.remove(db, webhooks.one_of(db, letter.id, webhook_id), by=organiser.actor)
    return _back(slug)


@router.post(WEBHOOKS + "/calls/{call_id}/repetition")
def repeat_call(slug: str, call_id: UUID, form: Form, desk: AtDesk) -> Response:
    with desk.writing(form) as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.OWN)
        call = db.get(webhook_calls.WebhookCall, call_id)
        if call is None:
            raise NotFound(_("There is no such call."))
        webhook = webhooks.one_of(db, letter.id, call.webhook_id)
        webhooks.repeat(db, webhook, call, by=organiser.actor)
    return _back(slug)


def _back(slug: str) -> Response:
    return RedirectResponse(f"/desk/letters/{slug}/webhooks", status_code=303)


def _page(
    desk: Desk,
    db: Db,
    organiser: Organiser,
    letter: Letter,
    form: Posted,
    refused: Refused | None = None,
) -> Response:
    errors = {refused.field or "": refused.sentence} if refused else {}
    mine = webhooks.of_letter(db, letter.id)
    return desk.page(
        "desk/webhooks.html",
        db,
        organiser,
        code=refused.status if refused else 200,
        letter=letter_view(letter, db.now),
        form=form_view(form.values, errors),
        chosen=form.lists.get("events", []),
        events=[(event, _event_name(event)) for event in webhooks.EVENTS],
        webhooks=[
            {**one.model_dump(exclude={"secret"}), "events": [_event_name(e) for e in one.events]}
            for one in mine
        ],
        urls={one.id: one.url for one in mine},
        stopped=[one.id for one in mine if one.stopped_at],
        calls=webhook_calls.last(db, [one.id for one in mine]),
        event_name=_event_name,
    )


def _event_name(event: str) -> str:
    names = {
        "endorsement.verified": _("Somebody confirmed by mail"),
        "endorsement.approved": _("An endorsement was approved"),
        "endorsement.declined": _("An endorsement was declined or taken off the list"),
        "endorsement.withdrawn": _("An endorsement was withdrawn"),
        "endorsement.hidden": _("A line was hidden, as it is disputed"),
        "endorsement.shown": _("A hidden line is shown again"),
        "version.published": _("A new version of the text"),
        webhooks.TEST: _("A test"),
    }
    return names[event]
