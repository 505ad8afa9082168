"""Bringing a letter in at the desk, from Word or from Markdown: the form, and what came of it."""

import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app import i18n
from app.db import Db
from app.errors import DomainError, Refused, Unavailable
from app.i18n import _
from app.letter import imports, letter_files, letters, typed_text, writing
from app.letter.front_matter import WrongFile
from app.letter.letter_files import LetterFile
from app.letter.letters import Letter
from app.organiser import organisers, roles
from app.organiser.organisers import Organiser
from app.web.desk.access import AtDesk, Desk
from app.web.desk.text_form import Typed
from app.web.desk.writing import shown_first
from app.web.forms import Form, Posted
from app.web.views import form_view, letter_view, text_view

router = APIRouter()

SUFFIXES = (".docx", ".docm", ".dotx", ".doc", ".md", ".markdown", ".txt")
# Reading a file takes seconds of a processor and half a gigabyte at worst.
AT_ONCE = 2
reading = threading.BoundedSemaphore(AT_ONCE)


@router.get("/desk/letters/import")
def import_page(desk: AtDesk, letter: str = "") -> Response:
    """`letter` is the slug of the one that gets its next text."""
    with desk.reading() as (db, organiser):
        if letter:
            organisers.letter_of(db, organiser, letter, roles.EDIT)
        return _form(desk, db, organiser, {"letter": letter, "changes": "accept"})


@router.post("/desk/letters/import")
def import_letter(form: Form, desk: AtDesk) -> Response:
    """Makes a new letter or the next text of a draft; of any other letter, shows first what
    publishing what was read would change."""
    desk.admit(form)
    try:
        with desk.reading() as (db, organiser):
            before = _must_fit(db, organiser, form)
        file = _read(desk, form, before.language if before else i18n.SOURCE)
        if before and before.is_public:
            return _review(desk, file, form)
        with desk.writing(form) as (db, organiser):
            letter = _taken_in(db, organiser, file, form, base=before.sha256 if before else "")
    except (Refused, WrongFile) as refusal:
        return _form_again(desk, form, refusal)
    with desk.reading() as (db, organiser):
        return _report(desk, db, organiser, letter, file, form)


def _must_fit(db: Db, organiser: Organiser, form: Posted) -> Letter | None:
    """Refuses what can be refused before the file is read; answers the letter that it is for."""
    if form.get("letter"):
        return _letter(db, organiser, form)
    if form.get("slug").strip():
        writing.must_be_free(db, letters.checked_slug(form.get("slug").strip()))
    return None


def _letter(db: Db, organiser: Organiser, form: Posted) -> Letter:
    letter = organisers.letter_of(db, organiser, form.get("letter"), roles.EDIT)
    writing.must_be_writable(letter)
    return letter


def _read(desk: Desk, form: Posted, original: str) -> LetterFile:
    source, name = form.files.get("file", b""), Path(form.file_names.get("file", ""))
    if not source:
        raise Refused(_("Choose a file."), "file")
    if name.suffix.lower() not in SUFFIXES:
        raise Refused(_("Choose a Word file (.docx) or a Markdown file (.md)."), "file")
    if not reading.acquire(blocking=False):
        raise Unavailable(_("Other files are being read just now. Please try again in a minute."))
    try:
        return letter_files.taken(
            name,
            source,
            desk.site.settings.logos_dir,
            language=form.get("language"),
            default_language=original,
            changes="reject" if form.get("changes") == "reject" else "accept",
        )
    finally:
        reading.release()


def _taken_in(db: Db, organiser: Organiser, file: LetterFile, form: Posted, *, base: str) -> Letter:
    if form.get("letter"):
        letter = _letter(db, organiser, form)
        return imports.go_on(db, file, letter, base=base, by=organiser.actor)
    letter = imports.begin(db, file, slug=form.get("slug").strip(), by=organiser.actor)
    organisers.give_role(db, organiser, letter, roles.OWNER, by=organiser.actor)
    return letter


def _review(desk: Desk, file: LetterFile, form: Posted) -> Response:
    with desk.reading() as (db, organiser):
        letter = _letter(db, organiser, form)
        fitted = imports.fitted(db, file, letter)
        values = {
            **typed_text.values(fitted.text),
            "language": fitted.text.language,
            "base": letter.sha256,
        }
        typed = Typed(values, {}, writing.texts(db, letter), desk.site.settings.logos_dir)
        in_type = [lead.name for lead in fitted.text.letterhead if not lead.logo]
        came_in = _came_in(file, fitted.text.language, in_type, is_new=False)
        return shown_first(desk, db, organiser, typed, letter, came_in=came_in)


def _form_again(desk: Desk, form: Posted, refusal: DomainError) -> Response:
    at = getattr(refusal, "field", None) or "file"
    with desk.reading() as (db, organiser):
        return _form(desk, db, organiser, form.values, {at: refusal.sentence}, code=422)


def _form(
    desk: Desk,
    db: Db,
    organiser: Organiser,
    values: dict[str, str],
    errors: dict[str, str] | None = None,
    **answer: Any,
) -> Response:
    mine = organisers.letters_of(db, organiser, roles.EDIT)
    return desk.page(
        "desk/import.html",
        db,
        organiser,
        form=form_view(values, errors),
        letters=[(letter.slug, letter.title) for letter in mine],
        languages=i18n.language_choices(),
        accept=",".join(SUFFIXES),
        **answer,
    )


def _report(
    desk: Desk, db: Db, organiser: Organiser, letter: Letter, file: LetterFile, form: Posted
) -> Response:
    is_new = not form.get("letter")
    after = file if is_new else file.after(letter.language, {})
    language = after.text.language
    text = text_view(db, letter, language)
    in_type = [lead.name for lead in text.letterhead if not lead.logo_url]
    return desk.page(
        "desk/imported.html",
        db,
        organiser,
        letter=letter_view(letter, db.now, language),
        text=text,
        is_translation=language != letter.language,
        is_new=is_new,
        came_in=_came_in(
            file,
            language,
            in_type,
            is_new=is_new,
            logos_url=f"/desk/letters/{letter.slug}/text?lang={language}#leads",
        ),
    )


def _came_in(
    file: LetterFile, language: str, in_type: list[str], *, is_new: bool, logos_url: str = ""
) -> SimpleNamespace:
    """What is to be looked at in a text that was read; `in_type` are the lead organisations that
    have no logo, `logos_url` is where one is uploaded."""
    return SimpleNamespace(
        language=i18n.named(language),
        is_guess=file.language_is_guess and is_new,
        keeps_frame=not (is_new or file.has_frame),
        ignores_settings=bool(file.settings) and not is_new,
        losses=file.warnings,
        absent_logos=[name for name in file.absent_logos if name in in_type],
        logos_url=logos_url,
    )
