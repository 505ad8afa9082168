"""Writing a letter at the desk: a new one, its text, its translations, and the preview of each.

What is typed is never lost: whatever is refused comes back with the form.
"""

from types import SimpleNamespace
from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app import i18n
from app.db import Db
from app.endorsement import endorsement_lists
from app.errors import DomainError, NotFound, Refused
from app.i18n import _
from app.letter import letter_files, letter_keys, typed_text, versions, writing
from app.letter.letters import Letter
from app.letter.typed_text import TextRefused
from app.letter.versions import Text
from app.letter.writing import TextChanged
from app.organiser import organisers, roles
from app.organiser.organisers import Organiser
from app.web.desk import text_form
from app.web.desk.access import AtDesk, Desk
from app.web.desk.text_form import Typed
from app.web.forms import Form, Posted
from app.web.views import comparison_view, form_view, letter_view, unsaved_text_view

router = APIRouter()

NEW = "/desk/letters/new"
TEXT = "/desk/letters/{slug}/text"


@router.get(NEW)
def new_page(desk: AtDesk) -> Response:
    values = typed_text.values(Text(title="", language="", body=""))
    return _new(desk, Typed(values, {}, {}, desk.site.settings.logos_dir))


@router.post(NEW)
def begin_letter(form: Form, desk: AtDesk) -> Response:
    desk.admit(form)
    typed = text_form.typed(form, {}, desk.site.settings.logos_dir)
    try:
        text = typed.checked()
        slug = form.get("slug").strip() or letter_files.slugified(text.title) or "letter"
        with desk.writing(form) as (db, organiser):
            letter = writing.begin(db, text, slug, by=organiser.actor)
            organisers.give_role(db, organiser, letter, roles.OWNER, by=organiser.actor)
    except TextRefused as refusal:
        return _new(desk, typed.refused(refusal.errors), code=422)
    except Refused as refusal:
        return _new(desk, typed.refused({refusal.field or "": refusal.sentence}), code=422)
    return RedirectResponse(f"/desk/letters/{slug}/text?saved=1", status_code=303)


@router.post(NEW + "/preview")
def preview_new(form: Form, desk: AtDesk) -> Response:
    desk.admit(form)
    return _new(desk, text_form.typed(form, {}, desk.site.settings.logos_dir))


@router.get(TEXT)
def text_page(slug: str, desk: AtDesk, lang: str = "", saved: str = "") -> Response:
    """The text in one of the letter's languages, or an empty form for one it doesn't have yet."""
    with desk.reading() as (db, organiser):
        letter = _letter(db, organiser, slug)
        texts = writing.texts(db, letter)
        language = _language(letter, lang)
        text = texts.get(language) or Text(title="", language=language, body="")
        values = {**typed_text.values(text), "language": language, "base": letter.sha256}
        typed = Typed(values, {}, texts, desk.site.settings.logos_dir)
        notice = _("Saved as version %(number)s.") % {"number": saved} if saved.isdecimal() else ""
        return _page(desk, db, organiser, typed, letter, notice=notice)


@router.post(TEXT)
def save_text(slug: str, form: Form, desk: AtDesk) -> Response:
    """Saves the text of a draft; of any other letter, shows first what publishing it changes."""
    typed = _typed(slug, form, desk)
    try:
        text = typed.checked()
        with desk.reading() as (db, organiser):
            letter = _letter(db, organiser, slug)
            writing.must_be_current(db, letter, text.language, form.get("base"))
            if letter.is_public:
                return _review(desk, db, organiser, typed, letter)
        return _saved(slug, form, desk, text)
    except (TextRefused, TextChanged) as refusal:
        return _again(slug, desk, typed, refusal)


@router.post(TEXT + "/publication")
def publish_text(slug: str, form: Form, desk: AtDesk) -> Response:
    typed = _typed(slug, form, desk)
    try:
        return _saved(slug, form, desk, typed.checked())
    except (TextRefused, TextChanged) as refusal:
        return _again(slug, desk, typed, refusal)


@router.post(TEXT + "/preview")
def preview_text(slug: str, form: Form, desk: AtDesk) -> Response:
    return _again(slug, desk, _typed(slug, form, desk), None)


def shown_first(
    desk: Desk,
    db: Db,
    organiser: Organiser,
    typed: Typed,
    letter: Letter,
    *,
    came_in: SimpleNamespace,
) -> Response:
    """What publishing a text that came in as a file would change, or the form with it if something
    is to be mended."""
    try:
        typed.checked()
    except TextRefused as refusal:
        refused = typed.refused(refusal.errors)
        return _page(desk, db, organiser, refused, letter, unsaved=True, code=refusal.status)
    return _review(desk, db, organiser, typed, letter, came_in=came_in)


def _letter(db: Db, organiser: Organiser, slug: str) -> Letter:
    letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
    writing.must_be_writable(letter)
    return letter


def _language(letter: Letter, asked: str) -> str:
    if not asked or asked in letter.titles:
        return asked or letter.language
    try:
        return letter_keys.checked_language(asked)
    except ValueError:
        raise NotFound(_("There is no such language.")) from None


def _typed(slug: str, form: Posted, desk: Desk) -> Typed:
    """What was typed, from somebody who may write this letter."""
    desk.admit(form)
    with desk.reading() as (db, organiser):
        letter = _letter(db, organiser, slug)
        texts, original = writing.texts(db, letter), letter.language
    typed = text_form.typed(form, texts, desk.site.settings.logos_dir)
    typed.values.setdefault("language", original)
    return typed


def _saved(slug: str, form: Posted, desk: Desk, text: Text) -> Response:
    with desk.writing(form) as (db, organiser):
        letter = _letter(db, organiser, slug)
        writing.save(db, letter, text, base=form.get("base"), by=organiser.actor)
        number = letter.version
    address = f"/desk/letters/{slug}/text?lang={text.language}&saved={number}"
    return RedirectResponse(address, status_code=303)


def _new(desk: Desk, typed: Typed, code: int = 200) -> Response:
    with desk.reading() as (db, organiser):
        return _page(desk, db, organiser, typed, None, unsaved="slug" in typed.values, code=code)


def _again(slug: str, desk: Desk, typed: Typed, refusal: DomainError | None) -> Response:
    """The form as it was sent: for its preview, or with what is to be mended or decided."""
    with desk.reading() as (db, organiser):
        letter = _letter(db, organiser, slug)
        conflict = None
        if isinstance(refusal, TextChanged):
            conflict = _conflict(refusal.before, writing.texts(db, letter), typed)
            typed.values["base"] = letter.sha256  # whoever saves now has seen it
        errors = refusal.errors if isinstance(refusal, TextRefused) else {}
        return _page(
            desk,
            db,
            organiser,
            typed.refused(errors),
            letter,
            unsaved=True,
            conflict=conflict,
            code=refusal.status if refusal else 200,
        )


def _conflict(before: Text | None, texts: text_form.Texts, typed: Typed) -> SimpleNamespace:
    """What others changed meanwhile, and what saving would change of theirs."""
    mine = typed.text()
    blank = Text(title="", language=mine.language, body="")
    now = texts.get(mine.language, blank)
    return SimpleNamespace(
        theirs=comparison_view(before or blank, now), mine=comparison_view(now, mine)
    )


def _review(
    desk: Desk,
    db: Db,
    organiser: Organiser,
    typed: Typed,
    letter: Letter,
    *,
    came_in: SimpleNamespace | None = None,
) -> Response:
    text = typed.text()
    before = typed.texts.get(text.language)
    if text == before:
        notice = _("Nothing has changed, so there is nothing to publish.")
        return _page(desk, db, organiser, typed, letter, notice=notice)
    blank = Text(title="", language=text.language, body="")
    return desk.page(
        "desk/publication.html",
        db,
        organiser,
        letter=letter_view(letter, db.now),
        comparison=comparison_view(before or blank, text),
        language=text.language,
        direction=i18n.direction(text.language),
        fields=sorted(typed.values.items()),
        came_in=came_in,
        signed=sum(endorsement_lists.by_version(db, letter).values()),
        unconfirmed=endorsement_lists.counts(db, [letter.id])[letter.id]["pending"],
    )


def _page(
    desk: Desk,
    db: Db,
    organiser: Organiser,
    typed: Typed,
    letter: Letter | None,
    *,
    notice: str = "",
    unsaved: bool = False,
    conflict: SimpleNamespace | None = None,
    code: int = 200,
) -> Response:
    view = letter_view(letter, db.now) if letter else None
    return desk.page(
        "desk/text.html",
        db,
        organiser,
        code=code,
        letter=view,
        form=form_view(typed.values, typed.errors),
        rows={part: typed_text.rows(typed.values, part) for part in typed_text.ROWS},
        preview=typed.preview(),
        notice=notice,
        unsaved=unsaved,
        conflict=conflict,
        **_languages(db, letter, typed),
    )


def _languages(db: Db, letter: Letter | None, typed: Typed) -> dict[str, Any]:
    """The one that is written, those the letter has, and those it could have."""
    language, there = typed.language, letter.languages if letter else []
    original = typed.texts[letter.language] if letter and language != letter.language else None
    return {
        "language": language,
        "direction": i18n.direction(language),
        "original": original and unsaved_text_view(original),
        "original_direction": i18n.direction(original.language) if original else "",
        "languages": [(tag, i18n.named(tag)) for tag in dict.fromkeys([*there, language])],
        "outdated": versions.outdated(db, letter.id) if letter else [],
        "choices": [pair for pair in i18n.language_choices() if pair[0] not in there],
    }
