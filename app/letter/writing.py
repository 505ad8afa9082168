"""Writing a letter: a new one, and the next text of one there is, in any of its languages.

Every text that is saved makes a version, of a draft too: nobody can have signed that, so its
versions are the history of its writing.
"""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from app.db import Db, new_id
from app.documents import sentences, words
from app.errors import Conflict, Refused
from app.i18n import _
from app.letter import letters, versions
from app.letter.letters import Letter
from app.letter.versions import Content, Text, Version
from app.name import names
from app.trail import audit


class TextChanged(Conflict):
    """Somebody else saved this text meanwhile; `before` is what it was when one began, if it was
    there already."""

    def __init__(self, before: Text | None) -> None:
        super().__init__(_("Somebody else has changed this text since you began. Look at both."))
        self.before = before


def begin(db: Db, text: Text, slug: str, *, by: audit.Actor) -> Letter:
    """A new letter, a draft. Raises Refused if another has its slug already, whosever it is."""
    letter = new(db, text, letters.checked_slug(slug))
    audit.record(db, "letter begun", by=by, letter_id=letter.id, subject_id=letter.id)
    letters.adopt(db, letter, next_version(db, letter, text, by=by))
    db.refresh(letter)
    return letter


def new(db: Db, text: Text, slug: str) -> Letter:
    """The letter without a version, which must be made in the same transaction."""
    must_be_free(db, slug)
    letter = Letter(
        slug=slug,
        title=text.title,
        language=text.language,
        titles={text.language: text.title},
        # Set to the first version's as soon as that is made.
        version_id=new_id(),
        version=0,
        sha256="",
        listed_order=[],
        revised_at=db.now,
        created_at=db.now,
    )
    db.add(letter)
    try:
        db.flush()
    except IntegrityError:  # somebody else was faster
        raise taken(slug) from None
    return letter


def must_be_free(db: Db, slug: str) -> None:
    """Raises Refused if there is a letter with this slug: that much anybody may know."""
    if with_slug(db, slug):
        raise taken(slug)


def with_slug(db: Db, slug: str) -> Letter | None:
    return db.scalars(select(Letter).where(col(Letter.slug) == slug)).first()


def must_be_writable(letter: Letter) -> None:
    if letter.status == "delivered":
        raise Conflict(_("The letter was delivered: its text can't change any more."))


def texts(db: Db, letter: Letter) -> dict[str, Text]:
    """The letter's newest texts by their languages."""
    latest = versions.newest(db, letter.id)
    return latest.whole().texts if latest else {}


def must_be_current(db: Db, letter: Letter, language: str, base: str) -> None:
    """Raises TextChanged if others changed the text in that language since the version with the
    SHA-256 `base`. Two people may well write in two languages."""
    if base == letter.sha256:
        return
    query = select(Version).where(col(Version.letter_id) == letter.id, col(Version.sha256) == base)
    version = db.scalars(query.order_by(col(Version.number).desc()).limit(1)).first()
    before = version.whole().texts.get(language) if version else None
    if version is None or before != texts(db, letter).get(language):
        raise TextChanged(before)


def save(db: Db, letter: Letter, text: Text, *, base: str, by: audit.Actor) -> None:
    """Makes it the letter's text in its language, unless others were faster; the same text again
    changes nothing."""
    letters.locked(db, letter)
    must_be_writable(letter)
    must_be_current(db, letter, text.language, base)
    letters.adopt(db, letter, next_version(db, letter, text, by=by))
    db.refresh(letter)


def next_version(db: Db, letter: Letter, text: Text, *, by: audit.Actor) -> Version:
    """The letter's next version, with this text in its language and the others as they are.

    Raises Refused for a title that mails would make a link of.
    """
    must_be_mailable(text.title)
    content = Content(letter.language, {**texts(db, letter), text.language: text})
    return versions.publish(db, letter.id, content, by=by)


def must_be_mailable(title: str) -> None:
    """Titles go out in mails, to strangers too, who must not be led anywhere by them."""
    if names.holds_link(title):
        raise Refused(
            _("Leave web and e-mail addresses out of the title: it stands in mails."), "title"
        )


def set_language(db: Db, letter: Letter, language: str, *, by: audit.Actor) -> None:
    """Says that a draft is written in another language than was thought."""
    letters.locked(db, letter)
    if letter.status != "draft" or len(letter.titles) > 1:
        raise Conflict(_("The language can only change in a draft without translations."))
    text = _spoken(texts(db, letter)[letter.language], language)
    content = Content(language, {language: text})
    letters.adopt(db, letter, versions.publish(db, letter.id, content, by=by))
    db.refresh(letter)


def standing(language: str) -> tuple[str, str]:
    """What is alike in most letters of a language: the subject's label, and the heading of the
    signatories."""
    with words.writing(language):
        return sentences.subject_label(), sentences.signatories_heading()


def _spoken(text: Text, language: str) -> Text:
    """The text as one in that language, with its standing words where it had those of another."""
    before, after = standing(text.language), standing(language)
    label, heading = text.subject_label, text.signatories_heading
    return replace(
        text,
        language=language,
        subject_label=after[0] if label == before[0] else label,
        signatories_heading=after[1] if heading == before[1] else heading,
    )


def taken(slug: str) -> Refused:
    sentence = _("The web address “%(slug)s” is taken. Choose another.")
    return Refused(sentence % {"slug": slug}, "slug")
