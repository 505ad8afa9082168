"""What happened on a letter or in an address book, for organisers to read: the audit trail with
names put to its ids, as far as these are still known."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.db import Db
from app.endorsement.endorsements import Endorsement, listed_name
from app.errors import NotFound
from app.i18n import _
from app.invitation.invitations import Invitation
from app.letter.letters import Letter
from app.organisation.organisations import Book, Organisation
from app.organiser.organisers import Organiser, shown_names
from app.trail import audit_words
from app.trail.audit import AuditEntry

PAGE = 50
# Who did it, by the kinds of actors.
ACTORS = ("organiser", "signer", "visitor", "operator", "worker")

Subject = Literal["endorsement", "invitation", "organiser", "organisation", ""]


@dataclass(frozen=True)
class Event:
    """One entry in words. `about` is whom it is about, "" if that is the letter itself or no
    longer known; `subject` says what kind of thing `subject_id` names."""

    id: UUID
    at: datetime
    who: str
    through_api: bool
    what: str
    about: str
    subject: Subject
    subject_id: UUID | None
    why: str


def of_letter(
    db: Db, letter: Letter, *, actor: str = "", before: UUID | None = None, limit: int | None = PAGE
) -> list[Event]:
    """The newest first; `actor` is one of ACTORS, or "organiser:<id>"."""
    query = select(AuditEntry).where(col(AuditEntry.letter_id) == letter.id)
    if actor in ACTORS:
        query = query.where(col(AuditEntry.actor).startswith(actor))
    elif actor:
        query = query.where(col(AuditEntry.actor) == actor)
    if before:
        query = query.where(col(AuditEntry.id) < before)
    return _told(db, db.scalars(query.order_by(col(AuditEntry.id).desc()).limit(limit)).all())


def of_book(
    db: Db, book: Book, *, before: UUID | None = None, limit: int | None = PAGE
) -> list[Event]:
    """What happened to an address book and its entries, the newest first: also who looked at an
    address, and who took the book out."""
    query = select(AuditEntry).where(col(AuditEntry.book_id) == book.id)
    if before:
        query = query.where(col(AuditEntry.id) < before)
    return _told(db, db.scalars(query.order_by(col(AuditEntry.id).desc()).limit(limit)).all())


def of_subject(db: Db, letter: Letter, subject_id: UUID) -> list[Event]:
    """All that happened to one endorsement or invitation, the oldest first."""
    query = select(AuditEntry).where(
        col(AuditEntry.letter_id) == letter.id, col(AuditEntry.subject_id) == subject_id
    )
    return _told(db, db.scalars(query.order_by(col(AuditEntry.id))).all())


def authors(db: Db, letter: Letter) -> dict[UUID, str]:
    """Who published each version of the letter, by the version's id."""
    query = select(AuditEntry).where(
        col(AuditEntry.letter_id) == letter.id, col(AuditEntry.action) == "version published"
    )
    entries = db.scalars(query).all()
    return {
        entry.subject_id: event.who
        for entry, event in zip(entries, _told(db, entries), strict=True)
        if entry.subject_id
    }


def organisers_in(db: Db, letter: Letter) -> dict[str, str]:
    """The organisers who did something on the letter: their names by their actor."""
    query = select(col(AuditEntry.actor)).where(
        col(AuditEntry.letter_id) == letter.id, col(AuditEntry.actor).startswith("organiser:")
    )
    actors = list(db.scalars(query.distinct()))
    names = _organisers(db, _ids(actors))
    return {actor: names[id_] for actor, id_ in zip(actors, _ids(actors), strict=True)}


def must_be_actor(actor: str) -> None:
    """Raises NotFound for what can't be anybody."""
    kind, _colon, id_ = actor.partition(":")
    try:
        known = kind in ACTORS and (not id_ or bool(UUID(id_)))
    except ValueError:
        known = False
    if actor and not known:
        raise NotFound(_("There is no such list."))


def _told(db: Db, entries: Sequence[AuditEntry]) -> list[Event]:
    who = _organisers(db, _ids(entry.actor for entry in entries))
    about = _Subjects(db, {entry.subject_id for entry in entries if entry.subject_id})
    return [_event(entry, who, about) for entry in entries]


def _event(entry: AuditEntry, who: dict[UUID, str], about: "_Subjects") -> Event:
    kind, _colon, id_ = entry.actor.partition(":")
    actor = who.get(UUID(id_), "") if id_ else actor_name(kind)
    subject, name = about.named(entry.subject_id)
    return Event(
        id=entry.id,
        at=entry.at,
        who=actor,
        through_api=entry.facts.get("via") == "api",
        what=audit_words.sentence(entry.action, entry.facts),
        about=name,
        subject=subject,
        subject_id=entry.subject_id,
        why=entry.reason or "",
    )


def actor_name(kind: str) -> str:
    names = {
        "organiser": _("An organiser"),
        "signer": _("The signer"),
        "visitor": _("A visitor"),
        "operator": _("The operator, on the machine"),
        "worker": _("Undersigned, by itself"),
    }
    return names[kind]


class _Subjects:
    """What entries are about, looked up together."""

    def __init__(self, db: Db, ids: Collection[UUID]) -> None:
        e, i = Endorsement, Invitation
        signers = select(col(e.id), col(e.kind), col(e.organisation), col(e.name)).where(
            col(e.id).in_(ids)
        )
        invited = select(col(i.id), col(i.organisation), col(i.name)).where(col(i.id).in_(ids))
        self.found: dict[UUID, tuple[Subject, str]] = {}
        for row in db.execute(signers):
            name = listed_name(row)
            self.found[row.id] = ("endorsement", name)
        for row in db.execute(invited):
            self.found[row.id] = ("invitation", row.organisation or row.name)
        entries = select(col(Organisation.id), col(Organisation.name))
        for row in db.execute(entries.where(col(Organisation.id).in_(ids))):
            self.found[row.id] = ("organisation", row.name)
        for id_, name in _organisers(db, ids).items():
            self.found[id_] = ("organiser", name)

    def named(self, subject_id: UUID | None) -> tuple[Subject, str]:
        return self.found.get(subject_id, ("", "")) if subject_id else ("", "")


def _organisers(db: Db, ids: Collection[UUID]) -> dict[UUID, str]:
    query = select(Organiser).where(col(Organiser.id).in_(ids))
    return shown_names(db, db.scalars(query).all())


def _ids(actors: Iterable[str]) -> list[UUID]:
    parts = (actor.partition(":")[2] for actor in actors)
    return [UUID(part) for part in parts if part]
