"""Messages at the desk: writing one, looking at it with all who get it, sending, following it."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import JSONResponse, RedirectResponse, Response

from app import audiences, countries, i18n, message_mails, messages, organisers, roles
from app.db import Db
from app.errors import Conflict, DomainError, Refused
from app.i18n import _
from app.letters import Letter
from app.messages import Message
from app.organisers import Organiser
from app.web.desk.access import AtDesk, Desk
from app.web.desk.message_views import (
    _audience,
    line_view,
    message_view,
    progress,
    reach,
    signer_view,
)
from app.web.forms import Form, Posted, key_of
from app.web.views import form_view, letter_view

router = APIRouter()

MESSAGES = "/desk/letters/{slug}/messages"
ONE = MESSAGES + "/{message_id}"
PAGE_LINES = 20
NAMES_OF_PAGE = 200


@router.get(MESSAGES)
def messages_page(slug: str, desk: AtDesk, before: str = "") -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        found = messages.page_of(db, letter, before=key_of(before), limit=PAGE_LINES + 1)
        shown = found[:PAGE_LINES]
        names = organisers.shown_names(db, {by.id: by for _message, by in shown if by}.values())
        return desk.page(
            "desk/messages.html",
            db,
            organiser,
            letter=letter_view(letter, db.now),
            messages=[line_view(db, message, names[by.id] if by else "") for message, by in shown],
            prev_url="?" if before else None,
            next_url=f"?before={shown[-1][0].id}" if len(found) > PAGE_LINES else None,
        )


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
    return _to(slug, message.id)


@router.get(ONE)
def message_page(slug: str, message_id: UUID, desk: AtDesk, sampled: str = "") -> Response:
    """A draft as it will arrive; any other, and how far it is."""
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        message = messages.of_letter(db, letter, message_id)
        notice = _("A sample is on its way to you.") if sampled else ""
        return _page(desk, db, organiser, letter, message, good=notice)


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
    return _to(slug, message_id)


@router.post(ONE + "/sample")
def sample(slug: str, message_id: UUID, form: Form, desk: AtDesk) -> Response:
    try:
        with desk.writing(form) as (db, organiser):
            letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
            message = messages.of_letter(db, letter, message_id)
            message_mails.sample(db, letter, message, to=organiser)
    except Conflict as conflict:
        return _page_again(slug, message_id, desk, conflict)
    return RedirectResponse(f"{_path(slug, message_id)}?sampled=yes", status_code=303)


@router.post(ONE + "/sending")
def send(slug: str, message_id: UUID, form: Form, desk: AtDesk) -> Response:
    """The second press, in a fresh session: `count` and `seen` say what was looked at."""
    try:
        with desk.writing(form, fresh_for=_path(slug, message_id)) as (db, organiser):
            letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
            message = messages.of_letter(db, letter, message_id)
            message_mails.send(
                db,
                letter,
                message,
                count=form.get("count"),
                seen=form.get("seen"),
                by=organiser.actor,
            )
    except Conflict as conflict:
        return _page_again(slug, message_id, desk, conflict)
    return _to(slug, message_id)


@router.post(ONE + "/stop")
def stop(slug: str, message_id: UUID, form: Form, desk: AtDesk) -> Response:
    try:
        with desk.writing(form) as (db, organiser):
            letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
            message = messages.of_letter(db, letter, message_id)
            message_mails.stop(db, message, by=organiser.actor)
    except Conflict as conflict:
        return _page_again(slug, message_id, desk, conflict)
    return _to(slug, message_id)


@router.post(ONE + "/removal")
def discard(slug: str, message_id: UUID, form: Form, desk: AtDesk) -> Response:
    with desk.writing(form) as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
        message = messages.of_letter(db, letter, message_id)
        messages.discard(db, message, by=organiser.actor)
    return RedirectResponse(f"/desk/letters/{slug}/messages", status_code=303)


@router.get(ONE + "/recipients")
def recipients_page(slug: str, message_id: UUID, desk: AtDesk, after: str = "") -> Response:
    """All who would get a draft as it is now, by the names they signed with."""
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        message = messages.of_letter(db, letter, message_id)
        found = audiences.named(
            db, letter, message.to, after=key_of(after), limit=NAMES_OF_PAGE + 1
        )
        shown = found[:NAMES_OF_PAGE]
        return desk.page(
            "desk/recipients.html",
            db,
            organiser,
            letter=letter_view(letter, db.now),
            message=message,
            count=audiences.count(db, letter, message.to),
            signers=[signer_view(one) for one in shown],
            prev_url="?" if after else None,
            next_url=f"?after={shown[-1].id}" if len(found) > NAMES_OF_PAGE else None,
        )


@router.get(ONE + "/figures")
def figures(slug: str, message_id: UUID, desk: AtDesk) -> Response:
    """For the page's script, which asks while mails are on their way."""
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        message = messages.of_letter(db, letter, message_id)
        numbers = message_mails.counted(db, message)
    facts = {
        "status": message.status,
        "sentence": progress(message, numbers),
        "figures": {name: i18n.format_number(number) for name, number in numbers.items()},
    }
    return JSONResponse(facts, headers={"cache-control": "no-store"})


def _page_again(slug: str, message_id: UUID, desk: Desk, refusal: DomainError) -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        message = messages.of_letter(db, letter, message_id)
        notice = refusal.sentence
        return _page(desk, db, organiser, letter, message, notice=notice, code=refusal.status)


def _page(
    desk: Desk,
    db: Db,
    organiser: Organiser,
    letter: Letter,
    message: Message,
    *,
    good: str = "",
    notice: str = "",
    **answer: Any,
) -> Response:
    is_draft = message.status == "draft"
    numbers = message_mails.counted(db, message)
    return desk.page(
        "desk/message.html" if is_draft else "desk/message_sent.html",
        db,
        organiser,
        letter=letter_view(letter, db.now),
        message=message_view(db, message),
        audience=_audience(message),
        figures=numbers,
        progress=progress(message, numbers),
        good=good,
        refusal=notice,
        **(reach(db, letter, message) if is_draft else {}),
        **answer,
    )


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


def _path(slug: str, message_id: UUID) -> str:
    return f"/desk/letters/{slug}/messages/{message_id}"


def _to(slug: str, message_id: UUID) -> Response:
    return RedirectResponse(_path(slug, message_id), status_code=303)
