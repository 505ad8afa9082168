"""Taking a letter file in: a new letter, or the next version of one there is, with a new text or a
new translation of it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from app import audit, endorsements, i18n, letters, mailboxes, organisers, roles, versions
from app.db import Db, new_id
from app.errors import Conflict, NotFound, Refused
from app.i18n import _
from app.letter_files import LetterFile
from app.letters import Letter
from app.versions import Content, Text


def take_in(db: Db, file: LetterFile, *, slug: str | None, by: audit.Actor) -> Letter:
    """Makes the letter or its next version; signatories stay, each with the version they signed.

    The texts in other languages stay as they are; `versions.outdated` names those that lag behind.
    """
    slug = letters.checked_slug(slug or file.slug)
    letter = _known(db, slug)
    if letter is None:
        return _publish(db, _new(db, file, slug, by=by), file, by=by)
    file = file.after(letter.language, _texts(db, letter))
    _must_fit(letter, file)
    return _publish(db, letter, file, by=by)


def begin(db: Db, file: LetterFile, *, slug: str, by: audit.Actor) -> Letter:
    """Makes a new letter. Raises Refused if another has its slug already, whosever it is."""
    slug = letters.checked_slug(slug or file.slug)
    must_be_free(db, slug)
    try:
        letter = _new(db, file, slug, by=by)
    except IntegrityError:  # somebody else was faster
        raise _taken(slug) from None
    return _publish(db, letter, file, by=by)


def must_be_free(db: Db, slug: str) -> None:
    """Raises Refused if there is a letter with this slug: that much anybody may know."""
    if _known(db, slug):
        raise _taken(slug)


def _taken(slug: str) -> Refused:
    return Refused(_("The slug “%(slug)s” is taken. Choose another.") % {"slug": slug}, "slug")


def go_on(db: Db, file: LetterFile, letter: Letter, *, by: audit.Actor) -> Letter:
    """Makes the letter's next text, or its next translation if it is in another language; its
    settings stay as they are."""
    file = file.after(letter.language, _texts(db, letter))
    is_translation = file.text.language != letter.language
    file = replace(file, settings={}, is_translation=is_translation)
    return _publish(db, letter, file, by=by)


def _known(db: Db, slug: str) -> Letter | None:
    return db.scalars(select(Letter).where(col(Letter.slug) == slug)).first()


def _publish(db: Db, letter: Letter, file: LetterFile, *, by: audit.Actor) -> Letter:
    content = Content(letter.language, {**_texts(db, letter), file.text.language: file.text})
    version = versions.publish(db, letter.id, content, by=by)
    changed = _apply(letter, file.settings)
    db.flush()
    if changed:
        audit.record(
            db, "settings changed", by=by, letter_id=letter.id, fields=", ".join(sorted(changed))
        )
        letters.revise(db, letter.id)
    if "listed_order" in changed:
        endorsements.follow_file(db, letter)
    letters.adopt(db, letter, version)
    db.refresh(letter)
    return letter


def give_owner(db: Db, letter: Letter, email: str | None) -> None:
    """The named organiser owns the letter; without a name the first one, also if added later."""
    if email is None:
        owner = None if organisers.has_owner(db, letter) else organisers.first(db)
    else:
        owner = organisers.by_email(db, mailboxes.checked(email, allow_special=True))
        if owner is None:
            raise Refused(
                f"{email} is no organiser here; add them with “undersigned organiser add”."
            )
    if owner:
        organisers.give_role(db, owner, letter, roles.OWNER, by=audit.OPERATOR)


def _must_fit(letter: Letter, file: LetterFile) -> None:
    """A text in another language must not take the original's place unasked."""
    names = {
        "slug": letter.slug,
        "original": i18n.named(letter.language),
        "language": i18n.named(file.text.language),
    }
    is_original = file.text.language == letter.language
    if is_original and file.is_translation:
        raise Conflict(
            _(
                "The letter “%(slug)s” was written in %(original)s: a translation of it says in "
                "its front matter which other language it is in."
            )
            % names
        )
    if not is_original and not file.is_translation:
        raise Conflict(
            _(
                "The letter “%(slug)s” was written in %(original)s, and this file is in "
                "%(language)s. With --translation it is set beside the original; with --slug and "
                "another name it becomes a letter of its own."
            )
            % names
        )


def _texts(db: Db, letter: Letter) -> dict[str, Text]:
    """The letter's newest texts by their languages."""
    latest = versions.newest(db, letter.id)
    return latest.whole().texts if latest else {}


def _new(db: Db, file: LetterFile, slug: str, *, by: audit.Actor) -> Letter:
    if file.is_translation:
        raise NotFound(
            _("There is no letter “%(slug)s” to translate. --slug names the letter that is meant.")
            % {"slug": slug}
        )
    letter = Letter(
        slug=slug,
        title=file.text.title,
        language=file.text.language,
        titles={file.text.language: file.text.title},
        # Set to the first version's as soon as that is made, in this transaction.
        version_id=new_id(),
        version=0,
        sha256="",
        listed_order=[],
        revised_at=db.now,
        created_at=db.now,
    )
    db.add(letter)
    db.flush()
    audit.record(db, "letter imported", by=by, letter_id=letter.id, subject_id=letter.id)
    return letter


def _apply(letter: Letter, settings: dict[str, Any]) -> list[str]:
    """Sets what the file says; what it doesn't mention stays as it is."""
    values = dict(settings)
    if "signatories" in values:
        values["listed_order"] = values.pop("signatories")
    if values.get("deadline"):
        offset = values["deadline"].utcoffset() or timedelta()
        values["deadline_offset"] = round(offset.total_seconds() / 60)
    changed = [name for name, value in values.items() if getattr(letter, name) != value]
    for name in changed:
        setattr(letter, name, values[name])
    return changed
