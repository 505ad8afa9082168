"""Private links to drafts: whoever has one reads the letter before it is open.

Each letter has one at a time; a new one ends the one before. The row is found by the digest of the
link's secret, and holds the secret encrypted, so that the desk can show the link again.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, String, delete, select
from sqlmodel import Field, col

from app import links
from app.db import Db, Moment, Table
from app.errors import Conflict, NotFound
from app.i18n import _
from app.letter import letters
from app.letter.letters import Letter
from app.trail import audit

PURPOSE = "draft"


class DraftLink(Table, table=True):
    __tablename__ = "draft_link"

    letter_id: UUID = Field(foreign_key="letter.id", ondelete="CASCADE", primary_key=True)
    digest: str = Field(sa_column=Column(String(64), nullable=False, unique=True))
    sealed: str
    made_at: datetime = Field(sa_type=Moment)


def renew(db: Db, letter: Letter, *, by: audit.Actor) -> None:
    """Makes a link; the one before leads nowhere from now on. Raises Conflict unless it is a
    draft."""
    letters.locked(db, letter)
    if letter.is_public:
        raise Conflict(_("The letter is no draft any more: whoever has its address can read it."))
    _end(db, letter)
    secret = links.new_secret()
    digest, sealed = links.digest(secret), db.keys.seal(secret)
    db.add(DraftLink(letter_id=letter.id, digest=digest, sealed=sealed, made_at=db.now))
    db.flush()
    audit.record(db, "draft link made", by=by, letter_id=letter.id)


def take_back(db: Db, letter: Letter, *, by: audit.Actor) -> None:
    """Ends the link; raises Conflict if there is none."""
    if not _end(db, letter):
        raise Conflict(_("There is no private link: it was taken back already."))
    audit.record(db, "draft link taken back", by=by, letter_id=letter.id)


def path(db: Db, letter: Letter) -> str:
    """The link's path; "" if the letter has none."""
    link = db.get(DraftLink, letter.id)
    if not link:
        return ""
    return f"/drafts/{links.token(db.keys, PURPOSE, db.keys.unseal(link.sealed))}"


def letter_of(db: Db, token: str) -> Letter:
    """The letter behind a link; raises NotFound for one that is unknown or was renewed."""
    secret = links.secret_of(db.keys, PURPOSE, token)
    query = select(DraftLink).where(col(DraftLink.digest) == links.digest(secret or ""))
    link = db.scalars(query).first()
    if link is None:
        raise NotFound(
            _("This private link is not known here: it may have been replaced by a new one.")
        )
    return letters.by_id(db, link.letter_id)


def _end(db: Db, letter: Letter) -> bool:
    return bool(db.changed(delete(DraftLink).where(col(DraftLink.letter_id) == letter.id)))
