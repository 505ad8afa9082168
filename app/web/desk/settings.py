"""The settings of a letter: its deadlines, what visitors see and may do, its address."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app import i18n
from app.db import Db
from app.errors import Refused
from app.i18n import _
from app.letter import deadlines, letter_keys, letter_settings, writing
from app.letter.letter_moves import DEADLINES
from app.letter.letter_settings import SWITCHES
from app.letter.letters import Letter
from app.organiser import agreements, organisers, roles
from app.organiser.organisers import Organiser
from app.web.desk.access import AtDesk, Desk
from app.web.forms import Form, Posted
from app.web.views import form_view, letter_view

router = APIRouter()

LETTER = "/desk/letters/{slug}"


@router.get(LETTER + "/settings")
def settings_page(slug: str, desk: AtDesk, saved: str = "") -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
        return _page(desk, db, organiser, letter, notice=_("Saved.") if saved else "")


@router.post(LETTER + "/settings")
def set_settings(slug: str, form: Form, desk: AtDesk) -> Response:
    def change(db: Db, letter: Letter, organiser: Organiser) -> None:
        switches = {name: form.get(name) == "yes" for name in SWITCHES}
        days = form.values.get("retention_days")
        if days is not None:
            organisers.letter_of(db, organiser, slug, roles.OWN)
            days = days.strip()
        letter_settings.set_(db, letter, switches, days, by=organiser.actor)

    return _changed(slug, form, desk, change)


@router.post(LETTER + "/deadlines")
def set_deadlines(slug: str, form: Form, desk: AtDesk) -> Response:
    """Of a public letter they are the owners' to move: a deadline closes and reopens it."""

    def change(db: Db, letter: Letter, organiser: Organiser) -> str | None:
        facts = {
            "deadline": form.get("deadline").strip(),
            "soft": form.get("soft_deadline").strip(),
            "zone": form.get("zone"),
        }
        if not letter.is_public:
            deadlines.set_(db, letter, **facts, by=organiser.actor)
            return None
        letter = organisers.letter_of(db, organiser, slug, roles.OWN)
        deadlines.checked(db, letter, **facts)
        waits = agreements.carry_out(db, letter, organiser, DEADLINES, facts)
        return f"/desk/letters/{slug}/agreements" if waits else None

    return _changed(slug, form, desk, change)


@router.post(LETTER + "/slug")
def rename_letter(slug: str, form: Form, desk: AtDesk) -> Response:
    def change(db: Db, letter: Letter, organiser: Organiser) -> None:
        letter_settings.rename(db, letter, form.get("slug").strip(), by=organiser.actor)

    return _changed(slug, form, desk, change)


@router.post(LETTER + "/language")
def set_language(slug: str, form: Form, desk: AtDesk) -> Response:
    def change(db: Db, letter: Letter, organiser: Organiser) -> None:
        try:
            language = letter_keys.checked_language(form.get("language"))
        except ValueError:
            raise Refused(_("Choose a language."), "language") from None
        writing.set_language(db, letter, language, by=organiser.actor)

    return _changed(slug, form, desk, change)


def _changed(
    slug: str, form: Posted, desk: Desk, change: Callable[[Db, Letter, Organiser], str | None]
) -> Response:
    """`change` answers where to go instead of back to the settings."""
    try:
        with desk.writing(form) as (db, organiser):
            letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
            elsewhere = change(db, letter, organiser)
            slug = letter.slug
    except Refused as refused:
        with desk.reading() as (db, organiser):
            letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
            return _page(desk, db, organiser, letter, form, refused)
    address = elsewhere or f"/desk/letters/{slug}/settings?saved=yes"
    return RedirectResponse(address, status_code=303)


def _page(
    desk: Desk,
    db: Db,
    organiser: Organiser,
    letter: Letter,
    form: Posted | None = None,
    refused: Refused | None = None,
    notice: str = "",
) -> Response:
    errors = {refused.field or "": refused.sentence} if refused else {}
    offset = _offset(letter)
    return desk.page(
        "desk/settings.html",
        db,
        organiser,
        code=refused.status if refused else 200,
        letter=letter_view(letter, db.now),
        form=form_view(_values(db, organiser, letter, form), errors),
        notice=notice,
        zones=[(zone, zone.replace("_", " ")) for zone in deadlines.zones()],
        offset=offset,
        proposes_zone=not (form or letter.deadline_zone or offset),
        may_show_representatives=letter_settings.may_show_representatives(db, letter),
        is_draft=letter.status == "draft",
        languages=i18n.language_choices(),
        has_translations=len(letter.titles) > 1,
    )


def _values(db: Db, organiser: Organiser, letter: Letter, form: Posted | None) -> dict[str, Any]:
    """What the letter has, and of the form that was sent what was typed."""
    kept = {
        "deadline": deadlines.typed(letter.local_deadline),
        "soft_deadline": deadlines.typed(letter.local_soft_deadline),
        "zone": letter.deadline_zone or ("" if _offset(letter) else _usual_zone(db, organiser)),
        "retention_days": str(letter.retention_days),
        "slug": letter.slug,
        "language": letter.language,
        **{name: "yes" if getattr(letter, name) else "" for name in SWITCHES},
    }
    typed = dict(form.values) if form else {}
    if "switches" in typed:  # an empty checkbox isn't sent
        typed = {**dict.fromkeys(SWITCHES, ""), **typed}
    return {**kept, **typed}


def _usual_zone(db: Db, organiser: Organiser) -> str:
    """That of the organiser's newest letter that has one; "" if none has."""
    zones = [one.deadline_zone for one in organisers.letters_of(db, organiser) if one.deadline_zone]
    return zones[0] if zones else ""


def _offset(letter: Letter) -> str:
    """The zone of a letter that has an offset only, such as UTC+02:00; "" if it has none."""
    moment: datetime | None = letter.local_deadline or letter.local_soft_deadline
    return (moment.tzname() or "") if moment and not letter.deadline_zone else ""
