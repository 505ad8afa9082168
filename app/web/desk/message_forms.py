"""Writing a message: the form of a new one, and of a draft that is changed."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app import i18n
from app.db import Db
from app.errors import Conflict, Refused
from app.letter.letters import Letter
from app.message import audiences, messages
from app.message.messages import Message
from app.name import countries
from app.organiser import organisers, roles
from app.organiser.organisers import Organiser
from app.web.desk.access import AtDesk, Desk
from app.web.forms import Form, Posted
from app.web.views import form_view, letter_view

router = APIRouter()

MESSAGES = "/desk/letters/{slug}/messages"
ONE = MESSAGES + "/{message_id}"


@router.get(MESSAGES + "/new")
def new_page(slug: str, desk: AtDesk) -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
        values = {"confidential": "yes", "reply_to": db.keys.unseal(organiser.address)}
        return _form(desk, db, organiser, letter, None, values)


@router.post(MESSAGES)
def draft(slug: str, form: Form, desk: AtDesk) -> Response:
    special = desk.site.settings.is_loopback
    try:
        with desk.writing(form) as (db, organiser):
            letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
            message = messages.draft(db, letter, form.values, by=organiser, allow_special=special)
    except Refused as refused:
        return _form_again(slug, None, form, desk, refused)
    return to_message(slug, message.id)


@router.get(ONE + "/text")
def text_page(slug: str, message_id: UUID, desk: AtDesk) -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
        message = messages.of_letter(db, letter, message_id)
        return _form(desk, db, organiser, letter, message, _values(db, message))


@router.post(ONE + "/text")
def change(slug: str, message_id: UUID, form: Form, desk: AtDesk) -> Response:
    special = desk.site.settings.is_loopback
    try:
        with desk.writing(form) as (db, organiser):
            letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
            message = messages.of_letter(db, letter, message_id)
            messages.change(
                db, letter, message, form.values, by=organiser.actor, allow_special=special
            )
    except (Refused, Conflict) as refused:
        return _form_again(slug, message_id, form, desk, refused)
    return to_message(slug, message_id)


def _form_again(
    slug: str, message_id: UUID | None, form: Posted, desk: Desk, refusal: Refused | Conflict
) -> Response:
    at = getattr(refusal, "field", None) or ""
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
        message = messages.of_letter(db, letter, message_id) if message_id else None
        # Whoever is told that somebody was quicker, and saves again, means it.
        seen = {"seen": message.seen} if message and isinstance(refusal, Conflict) else {}
        values = {**form.values, **seen}
        errors = {at: refusal.sentence}
        return _form(desk, db, organiser, letter, message, values, errors, code=refusal.status)


def _form(
    desk: Desk,
    db: Db,
    organiser: Organiser,
    letter: Letter,
    message: Message | None,
    values: dict[str, str],
    errors: dict[str, str] | None = None,
    **answer: Any,
) -> Response:
    present = set(audiences.countries_of(db, letter))
    named = countries.choices(i18n.language())
    return desk.page(
        "desk/message_form.html",
        db,
        organiser,
        letter=letter_view(letter, db.now),
        message=message,
        form=form_view(values, errors),
        countries=[(code, name) for code, name in named if code in present],
        languages=[(tag, i18n.named(tag)) for tag in letter.languages],
        versions=[(str(n), i18n.format_number(n)) for n in range(letter.version, 0, -1)],
        **answer,
    )


def _values(db: Db, message: Message) -> dict[str, str]:
    audience = message.to
    return {
        "subject": message.subject,
        "body": message.body,
        "reply_to": messages.reply_address(db, message),
        "seen": message.seen,
        "to": audience.to,
        "kind": audience.kind,
        "country": audience.country,
        "language": audience.language,
        "version": str(audience.version or ""),
        "confidential": "yes" if audience.confidential else "no",
    }


def path_of(slug: str, message_id: UUID) -> str:
    return f"/desk/letters/{slug}/messages/{message_id}"


def to_message(slug: str, message_id: UUID) -> Response:
    return RedirectResponse(path_of(slug, message_id), status_code=303)
