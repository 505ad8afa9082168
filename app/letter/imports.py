"""Taking a letter file in: a new letter, or the next version of one there is, with a new text or a
new translation of it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from app import i18n
from app.db import Db
from app.errors import Conflict, NotFound, Refused
from app.i18n import _
from app.letter import letters, writing
from app.letter.letter_files import LetterFile
from app.letter.letters import Letter
from app.letter.versions import Text
from app.mailing import mailboxes
from app.organiser import organisers, roles
from app.signatory import hand_order
from app.trail import audit


def take_in(db: Db, file: LetterFile, *, slug: str | None, by: audit.Actor) -> Letter:
    """Makes the letter or its next version; signatories stay, each with the version they signed.

    The texts in other languages stay as they are; `versions.outdated` names those that lag behind.
    """
    slug = letters.checked_slug(slug or file.slug)
    letter = writing.with_slug(db, slug)
    if letter is None:
        return _publish(db, _new(db, file, slug, by=by), file, by=by)
    file = file.after(letter.language, writing.texts(db, letter))
    _must_fit(letter, file)
    return _publish(db, letter, file, by=by)


def begin(db: Db, file: LetterFile, *, slug: str, by: audit.Actor) -> Letter:
    """Makes a new letter. Raises Refused if another has its slug already, whosever it is."""
    return _publish(db, _new(db, file, letters.checked_slug(slug or file.slug), by=by), file, by=by)


def go_on(db: Db, file: LetterFile, letter: Letter, *, base: str, by: audit.Actor) -> Letter:
    """Makes it the next text of a draft. Raises Conflict if others opened the letter, or changed it
    since the version with the SHA-256 `base`."""
    letters.locked(db, letter)
    if letter.is_public or letter.sha256 != base:
        raise Conflict(
            _(
                "Somebody else has changed this letter while your file was read. Look at it, and "
                "bring the file in again."
            )
        )
    return _publish(db, letter, fitted(db, file, letter), by=by)


def fitted(db: Db, file: LetterFile, letter: Letter) -> LetterFile:
    """The file as the letter's next text, or its next translation if it is in another language;
    the settings of the letter stay as they are."""
    texts = writing.texts(db, letter)
    file = _with_known_logos(file.after(letter.language, texts), texts)
    is_translation = file.text.language != letter.language
    return replace(file, settings={}, is_translation=is_translation)


def _with_known_logos(file: LetterFile, texts: dict[str, Text]) -> LetterFile:
    """Where the file came without a logo that it names, the letter's for the same name stays."""
    known = {lead.name: lead for text in texts.values() for lead in text.letterhead if lead.logo}
    letterhead = tuple(
        replace(lead, logo=known[lead.name].logo, logo_sha256=known[lead.name].logo_sha256)
        if lead.name in file.absent_logos and lead.name in known
        else lead
        for lead in file.text.letterhead
    )
    return replace(file, text=replace(file.text, letterhead=letterhead))


def _publish(db: Db, letter: Letter, file: LetterFile, *, by: audit.Actor) -> Letter:
    version = writing.next_version(db, letter, file.text, by=by)
    changed = _apply(letter, file.settings)
    db.flush()
    if changed:
        audit.record(
            db, "settings changed", by=by, letter_id=letter.id, fields=", ".join(sorted(changed))
        )
        letters.revise(db, letter.id)
    if "listed_order" in changed:
        hand_order.follow_file(db, letter)
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


def _new(db: Db, file: LetterFile, slug: str, *, by: audit.Actor) -> Letter:
    if file.is_translation:
        raise NotFound(
            _("There is no letter “%(slug)s” to translate. --slug names the letter that is meant.")
            % {"slug": slug}
        )
    letter = writing.new(db, file.text, slug)
    audit.record(db, "letter imported", by=by, letter_id=letter.id, subject_id=letter.id)
    return letter


def _apply(letter: Letter, settings: dict[str, Any]) -> list[str]:
    """Sets what the file says; what it doesn't mention stays as it is."""
    values = dict(settings)
    if "signatories" in values:
        values["listed_order"] = values.pop("signatories")
    if values.get("deadline") and values["deadline"] != letter.deadline:
        values["deadline_zone"] = ""
        offset = values["deadline"].utcoffset() or timedelta()
        values["deadline_offset"] = round(offset.total_seconds() / 60)
    changed = [name for name, value in values.items() if getattr(letter, name) != value]
    for name in changed:
        setattr(letter, name, values[name])
    return changed
