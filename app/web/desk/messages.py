"""Messages at the desk: writing one, looking at it with all who get it, sending, following it."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import JSONResponse, RedirectResponse, Response

from app import i18n
from app.db import Db
from app.errors import Conflict, DomainError
from app.i18n import _
from app.letter.letters import Letter
from app.message import audiences, message_mails, messages
from app.message.messages import Message
from app.organiser import organisers, roles
from app.organiser.organisers import Organiser
from app.web.desk.access import AtDesk, Desk
from app.web.desk.message_forms import MESSAGES, ONE, path_of, to_message
from app.web.desk.message_views import (
    audience_words,
    line_view,
    message_view,
    progress,
    reach,
    signer_view,
)
from app.web.forms import Form, key_of
from app.web.views import letter_view

router = APIRouter()

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


@router.get(ONE)
def message_page(slug: str, message_id: UUID, desk: AtDesk, sampled: str = "") -> Response:
    """A draft as it will arrive; any other, and how far it is."""
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        message = messages.of_letter(db, letter, message_id)
        notice = _("A sample is on its way to you.") if sampled else ""
        return _page(desk, db, organiser, letter, message, good=notice)


@router.post(ONE + "/sample")
def sample(slug: str, message_id: UUID, form: Form, desk: AtDesk) -> Response:
    try:
        with desk.writing(form) as (db, organiser):
            letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
            message = messages.of_letter(db, letter, message_id)
            message_mails.sample(db, letter, message, to=organiser)
    except Conflict as conflict:
        return _page_again(slug, message_id, desk, conflict)
    return RedirectResponse(f"{path_of(slug, message_id)}?sampled=yes", status_code=303)


@router.post(ONE + "/sending")
def send(slug: str, message_id: UUID, form: Form, desk: AtDesk) -> Response:
    """The second press, in a fresh session: `count` and `seen` say what was looked at."""
    try:
        with desk.writing(form, fresh_for=path_of(slug, message_id)) as (db, organiser):
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
    return to_message(slug, message_id)


@router.post(ONE + "/stop")
def stop(slug: str, message_id: UUID, form: Form, desk: AtDesk) -> Response:
    try:
        with desk.writing(form) as (db, organiser):
            letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
            message = messages.of_letter(db, letter, message_id)
            message_mails.stop(db, message, by=organiser.actor)
    except Conflict as conflict:
        return _page_again(slug, message_id, desk, conflict)
    return to_message(slug, message_id)


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
        audience=audience_words(message),
        figures=numbers,
        progress=progress(message, numbers),
        good=good,
        refusal=notice,
        **(reach(db, letter, message) if is_draft else {}),
        **answer,
    )
