"""Regulars: the address book learns from those who sign, and lends them what it knows.

Only approved, public endorsements of organisations teach it anything, and nothing but what the
public sees of them: no representative, no mail address. What stands in an entry stays; empty
fields are filled.
"""

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select
from sqlmodel import col

from app import audit, book_entries, evidence, mailboxes, organisations
from app.db import Db
from app.letters import Letter
from app.likeness import Likeness
from app.organisations import Organisation, Sought

if TYPE_CHECKING:
    from app.endorsements import Endorsement

LENT = ("category", "logo")


def at_approval(
    db: Db,
    endorsement: "Endorsement",
    letter: Letter,
    others: Select[Any],
    *,
    by: audit.Actor,
) -> dict[str, Any]:
    """What approval sets of the endorsement: its entry, made or completed, and what that lends.

    `others` selects the entries that other approved endorsements of the letter stand for.
    """
    linked = _linked(db, endorsement, letter)
    may_teach = endorsement.visibility == "public" and endorsement.kind == "organisation"
    if not linked and not (may_teach and letter.book_id):
        return {}
    entry = linked or _found(db, endorsement, letter, others)
    if entry is None:
        return {"organisation_id": _added(db, endorsement, letter, by).id}
    if may_teach:
        taught = _taught(endorsement, is_namesake=endorsement.folded == entry.folded)
        lacking = {name: value for name, value in taught.items() if not getattr(entry, name)}
        book_entries.change(db, entry, lacking, by=by)
    return {"organisation_id": entry.id, **_lent(entry, endorsement)}


def _linked(db: Db, endorsement: "Endorsement", letter: Letter) -> Organisation | None:
    """The entry that an invitation or an earlier approval said it stands for."""
    entry = organisations.standing(db, endorsement.organisation_id)
    return entry if entry and entry.book_id == letter.book_id else None


def _found(
    db: Db, endorsement: "Endorsement", letter: Letter, others: Select[Any]
) -> Organisation | None:
    site = evidence.own_domain(endorsement.website) if endorsement.website else None
    sought = Sought(
        endorsement.organisation, site or _mail_domain(db, endorsement), endorsement.country
    )
    found = organisations.matches(db, letter.book_id, [sought])[0]
    if found is None:
        return None
    if found.how == "name":
        return found.entry
    # Faculties share a domain: two lines of one letter that are called differently are two.
    is_taken = select(col(Organisation.id)).where(
        col(Organisation.id).in_(organisations.family(db, found.entry)),
        col(Organisation.id).in_(others),
    )
    # A mail domain alone says too little: a law firm may sign for many.
    is_theirs = site or _is_called_alike(found.entry, endorsement.organisation)
    return found.entry if is_theirs and not db.scalar(is_taken.limit(1)) else None


def _mail_domain(db: Db, endorsement: "Endorsement") -> str:
    address = db.keys.unseal(endorsement.address) if endorsement.address else ""
    return mailboxes.domain(address) if address else ""


def _is_called_alike(entry: Organisation, name: str) -> bool:
    """Whether only a legal form, an article or an acronym in brackets tells the names apart."""
    alike = Likeness(entry.all_names).like(name)
    return any(match.how in ("folded", "core") for match in alike)


def _added(db: Db, endorsement: "Endorsement", letter: Letter, by: audit.Actor) -> Organisation:
    assert letter.book_id
    entry = Organisation(
        book_id=letter.book_id,
        name=endorsement.organisation,
        folded=endorsement.folded,
        language=endorsement.language,
        created_at=db.now,
        changed_at=db.now,
        **_taught(endorsement, is_namesake=True),
    )
    book_entries.add(db, entry, by=by)
    return entry


def _taught(endorsement: "Endorsement", *, is_namesake: bool) -> dict[str, Any]:
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


def _lent(entry: Organisation, endorsement: "Endorsement") -> dict[str, Any]:
    lent = {
        name: getattr(entry, name)
        for name in LENT
        if getattr(entry, name) and not getattr(endorsement, name)
    }
    if entry.sort_key and not endorsement.sort_key and endorsement.folded == entry.folded:
        lent["sort_key"] = entry.sort_key
    return lent
