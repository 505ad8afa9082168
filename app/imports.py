"""Taking a letter file in: a new letter, or the next version of one there is."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from app import audit, endorsements, letters, mailboxes, organisers, versions
from app.db import Db, new_id
from app.errors import Refused
from app.letter_files import LetterFile
from app.letters import Letter


def take_in(db: Db, file: LetterFile, *, slug: str | None, by: audit.Actor) -> Letter:
    """Makes the letter or its next version; signatories stay, each with the version they signed."""
    slug = letters.checked_slug(slug or file.slug)
    letter = db.scalars(select(Letter).where(col(Letter.slug) == slug)).first()
    if letter is None:
        letter = _new(db, file, slug)
        audit.record(db, "letter imported", by=by, letter_id=letter.id, subject_id=letter.id)
    version = versions.publish(db, letter.id, file.content(), by=by)
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
        organisers.give_role(db, owner, letter, organisers.OWNER, by=audit.OPERATOR)


def _new(db: Db, file: LetterFile, slug: str) -> Letter:
    letter = Letter(
        slug=slug,
        title=file.text.title,
        language=file.text.language,
        languages=[file.text.language],
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
