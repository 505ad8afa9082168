"""Regulars: the address book learns from those who sign, and lends them what it knows.

Only approved, public endorsements of organisations teach it anything, and nothing but what the
public sees of them: no representative, no mail address. What stands in an entry stays; empty
fields are filled.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlmodel import col

from app.db import Db
from app.endorsement import evidence
from app.endorsement.endorsements import Endorsement
from app.invitation.invitations import Invitation
from app.letter.letters import Letter
from app.mailing import mailboxes
from app.name.likeness import Likeness
from app.organisation import book_entries, books, entry_matches, organisations
from app.organisation.entry_matches import Sought
from app.organisation.organisations import Organisation
from app.trail import audit

FILLED = ("category", "logo")
LENT = (*FILLED, "sort_key")


@dataclass(frozen=True)
class Lesson:
    """What approval sets of an endorsement, and what the address book learnt from it: fields of
    the entry with their values, as JSON, or that the entry was made for it."""

    changes: dict[str, Any] = field(default_factory=dict)
    taught: dict[str, Any] = field(default_factory=dict)


def at_approval(db: Db, endorsement: Endorsement, letter: Letter, *, by: audit.Actor) -> Lesson:
    """The endorsement's entry is made or completed, and lends what it knows."""
    linked = _linked(db, endorsement, letter)
    may_teach = endorsement.visibility == "public" and endorsement.kind == "organisation"
    if not linked and not (may_teach and letter.book_id):
        return Lesson()
    entry = linked or _found(db, endorsement, letter)
    if entry is None:
        return Lesson({"organisation_id": _added(db, endorsement, letter, by).id})
    lacking = {}
    if may_teach:
        taught = _taught(endorsement, is_namesake=endorsement.folded == entry.folded)
        lacking = {name: value for name, value in taught.items() if not getattr(entry, name)}
        book_entries.change(db, entry, lacking, by=by)
    lent = {"organisation_id": entry.id, **_lent(entry, endorsement)}
    return Lesson(lent, {"entry": str(entry.id), "fields": lacking} if lacking else {})


def unlearn(db: Db, endorsement: Endorsement, taught: dict[str, Any], *, by: audit.Actor) -> None:
    """An approval was taken back: what it alone taught goes, unless somebody built on it."""
    made = select(Organisation).where(col(Organisation.made_by) == endorsement.id)
    for entry in db.scalars(made).all():
        if not _is_used(db, entry):
            books.remove(db, entry, by=by)
    known = db.get(Organisation, UUID(taught["entry"])) if taught else None
    if known:
        fields = taught["fields"]
        as_taught = [name for name, value in fields.items() if getattr(known, name) == value]
        empty: dict[str, Any] = {"domains": [], "sort_key": None}
        book_entries.change(db, known, {name: empty.get(name, "") for name in as_taught}, by=by)


def _is_used(db: Db, entry: Organisation) -> bool:
    """Whether anything but the approval that made it refers to an entry, or changed it."""
    referring = (
        select(col(Endorsement.id)).where(col(Endorsement.organisation_id) == entry.id),
        select(col(Invitation.id)).where(col(Invitation.organisation_id) == entry.id),
        select(col(Organisation.id)).where(col(Organisation.merged_into) == entry.id),
    )
    is_changed = entry.changed_at != entry.created_at or entry.merged_into is not None
    return is_changed or any(db.scalar(query.limit(1)) for query in referring)


def _linked(db: Db, endorsement: Endorsement, letter: Letter) -> Organisation | None:
    """The entry that an invitation or an earlier approval said it stands for."""
    entry = organisations.standing(db, endorsement.organisation_id)
    return entry if entry and entry.book_id == letter.book_id else None


def _found(db: Db, endorsement: Endorsement, letter: Letter) -> Organisation | None:
    site = evidence.own_domain(endorsement.website) if endorsement.website else None
    sought = Sought(
        endorsement.organisation, site or _mail_domain(db, endorsement), endorsement.country
    )
    found = entry_matches.matches(db, letter.book_id, [sought])[0]
    if found is None:
        return None
    if found.how == "name":
        return found.entry
    # Faculties share a domain: two lines of one letter that are called differently are two.
    is_taken = select(col(Organisation.id)).where(
        col(Organisation.id).in_(organisations.family(db, found.entry)),
        col(Organisation.id).in_(_entries_of_others(letter, endorsement)),
    )
    # A mail domain alone says too little: a law firm may sign for many.
    is_theirs = site or _is_called_alike(found.entry, endorsement.organisation)
    return found.entry if is_theirs and not db.scalar(is_taken.limit(1)) else None


def _entries_of_others(letter: Letter, endorsement: Endorsement) -> Select[Any]:
    """The entries that the letter's other signatories stand for."""
    return select(col(Endorsement.organisation_id)).where(
        col(Endorsement.letter_id) == letter.id,
        col(Endorsement.status) == "approved",
        col(Endorsement.id) != endorsement.id,
        col(Endorsement.organisation_id).is_not(None),
    )


def _mail_domain(db: Db, endorsement: Endorsement) -> str:
    address = db.keys.unseal(endorsement.address) if endorsement.address else ""
    return mailboxes.domain(address) if address else ""


def _is_called_alike(entry: Organisation, name: str) -> bool:
    """Whether only a legal form, an article or an acronym in brackets tells the names apart."""
    alike = Likeness(entry.all_names).like(name)
    return any(match.how in ("folded", "core") for match in alike)


def _added(db: Db, endorsement: Endorsement, letter: Letter, by: audit.Actor) -> Organisation:
    assert letter.book_id
    entry = Organisation(
        book_id=letter.book_id,
        name=endorsement.organisation,
        folded=endorsement.folded,
        language=endorsement.language,
        created_at=db.now,
        changed_at=db.now,
        made_by=endorsement.id,
        **_taught(endorsement, is_namesake=True),
    )
    book_entries.add(db, entry, by=by)
    return entry


def _taught(endorsement: Endorsement, *, is_namesake: bool) -> dict[str, Any]:
    """What the endorsement says of the organisation; nothing of what it leaves empty."""
    site = evidence.own_domain(endorsement.website) if endorsement.website else None
    taught = {
        "website": endorsement.website,
        "country": endorsement.country,
        "category": endorsement.category,
        "logo": endorsement.logo,
        "domains": [site] if site else [],
        # Under another name it is sorted by that name.
        "sort_key": endorsement.sort_key if is_namesake else None,
    }
    return {name: value for name, value in taught.items() if value}


def _lent(entry: Organisation, endorsement: Endorsement) -> dict[str, Any]:
    lent = {
        name: getattr(entry, name)
        for name in FILLED
        if getattr(entry, name) and not getattr(endorsement, name)
    }
    if entry.sort_key and not endorsement.sort_key and endorsement.folded == entry.folded:
        lent["sort_key"] = entry.sort_key
    return lent
