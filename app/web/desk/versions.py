"""The versions of a letter: all there are, one as it was read, and what changed between two."""

from types import SimpleNamespace
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import RedirectResponse, Response

from app import i18n
from app.db import Db
from app.endorsement import endorsement_lists
from app.errors import Refused
from app.letter import public_versions, versions, withholdings
from app.letter.letters import Letter
from app.letter.versions import Version
from app.organiser import organisers, roles
from app.organiser.organisers import Organiser
from app.trail import history
from app.web.desk.access import AtDesk, Desk
from app.web.forms import Form
from app.web.views import comparison_view, form_view, letter_view, version_text_view

router = APIRouter()

# What a column of numbers can hold.
LARGEST = 2**31 - 1
Number = Annotated[int, Path(ge=0, le=LARGEST)]
Since = Annotated[int | None, Query(ge=0, le=LARGEST)]

VERSIONS = "/desk/letters/{slug}/versions"


@router.get(VERSIONS)
def versions_page(slug: str, desk: AtDesk) -> Response:
    with desk.reading() as (db, organiser):
        return _page(desk, db, organiser, organisers.letter_of(db, organiser, slug))


@router.post(VERSIONS + "/{number}/withholding")
def withhold(slug: str, number: Number, form: Form, desk: AtDesk) -> Response:
    try:
        with desk.writing(form) as (db, organiser):
            letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
            withholdings.withhold(db, letter, number, form.get("reason"), by=organiser.actor)
    except Refused as refused:
        with desk.reading() as (db, organiser):
            letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
            again = form_view(form.values, {"reason": refused.sentence})
            return _page(
                desk, db, organiser, letter, refused=number, form=again, code=refused.status
            )
    return _to_versions(slug)


@router.post(VERSIONS + "/{number}/withholding/end")
def show_again(slug: str, number: Number, form: Form, desk: AtDesk) -> Response:
    with desk.writing(form) as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
        withholdings.show_again(db, letter, number, by=organiser.actor)
    return _to_versions(slug)


@router.get(VERSIONS + "/{number}")
def version_page(slug: str, number: Number, desk: AtDesk, lang: str = "") -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        version = versions.numbered(db, letter.id, number)
        text = version.text(lang)
        return desk.page(
            "desk/version.html",
            db,
            organiser,
            letter=letter_view(letter, db.now, text.language),
            version=version,
            text=version_text_view(db, version, text.language),
            languages=_languages(version),
        )


@router.get(VERSIONS + "/{number}/changes")
def changes_page(
    slug: str, number: Number, desk: AtDesk, since: Since = None, lang: str = ""
) -> Response:
    """What changed from version `since`, by default the one before, to this one."""
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        new = versions.numbered(db, letter.id, number)
        old = versions.numbered(db, letter.id, number - 1 if since is None else since)
        text = new.text(lang)
        return desk.page(
            "desk/changes.html",
            db,
            organiser,
            letter=letter_view(letter, db.now, text.language),
            old=old,
            new=new,
            others=[one for one in versions.of_letter(db, letter.id) if one.id != new.id],
            text_language=text.language,
            text_direction=i18n.direction(text.language),
            comparison=comparison_view(old.text(text.language), text),
            languages=_languages(new),
        )


def _to_versions(slug: str) -> Response:
    return RedirectResponse(VERSIONS.format(slug=slug), status_code=303)


def _page(
    desk: Desk,
    db: Db,
    organiser: Organiser,
    letter: Letter,
    *,
    refused: int | None = None,
    form: SimpleNamespace | None = None,
    code: int = 200,
) -> Response:
    """`form` is what was sent for the version numbered `refused`."""
    return desk.page(
        "desk/versions.html",
        db,
        organiser,
        code=code,
        letter=letter_view(letter, db.now),
        versions=versions.of_letter(db, letter.id),
        earlier=public_versions.earlier(db, letter),
        authors=history.authors(db, letter),
        signed=endorsement_lists.by_version(db, letter),
        refused=refused,
        form=form or form_view({}),
        blank=form_view({}),
    )


def _languages(version: Version) -> list[SimpleNamespace]:
    return [
        SimpleNamespace(tag=tag, name=i18n.language_name(tag)) for tag in sorted(version.titles)
    ]
