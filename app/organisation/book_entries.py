"""Writing entries of an address book, with all they are found by."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import delete, insert
from sqlmodel import col

from app.db import Db
from app.endorsement import evidence
from app.name.names import fold, latin
from app.organisation.organisations import Organisation, OrganisationKey, portions
from app.trail import audit


def add(db: Db, entry: Organisation, *, by: audit.Actor) -> None:
    _write(db, [entry])
    record(db, "organisation added", entry, by=by)


def change(db: Db, entry: Organisation, fields: dict[str, Any], *, by: audit.Actor) -> bool:
    """Sets what differs; False if nothing does."""
    changed = {name for name, value in fields.items() if getattr(entry, name) != value}
    if not changed:
        return False
    for name in changed:
        setattr(entry, name, fields[name])
    keep(db, [entry])
    # An address sealed anew looks different; the index says whether it is.
    told = ", ".join(sorted(changed - {"mailbox"}))
    record(db, "organisation changed", entry, by=by, fields=told)
    return True


def erase_contact(db: Db, entry: Organisation, *, by: audit.Actor) -> None:
    """What is kept of a person goes; the organisation stays."""
    entry.contact_name = entry.contact_role = entry.address = ""
    entry.mailbox, entry.changed_at = None, db.now
    db.flush()
    record(db, "contact erased", entry, by=by)


def reveal_address(db: Db, entry: Organisation, *, by: audit.Actor) -> str:
    """The contact's address, for an organiser whose look at it is logged."""
    record(db, "address revealed", entry, by=by)
    return address_of(db, entry)


def address_of(db: Db, entry: Organisation) -> str:
    return db.keys.unseal(entry.address) if entry.address else ""


def keep(db: Db, entries: Sequence[Organisation]) -> None:
    """Writes new and changed entries, with all they are found by."""
    for some in portions([entry.id for entry in entries]):
        db.execute(delete(OrganisationKey).where(col(OrganisationKey.organisation_id).in_(some)))
    _write(db, entries)


def _write(db: Db, entries: Sequence[Organisation]) -> None:
    """With keys, of which there must be none yet."""
    for entry in entries:
        fold_names(entry)
        entry.changed_at = db.now
    db.add_all(entries)
    db.flush()
    keys = [key for entry in entries for key in keys_of(entry)]
    if keys:
        db.execute(insert(OrganisationKey), keys)


def record(db: Db, action: str, entry: Organisation, *, by: audit.Actor, **facts: str) -> None:
    """What was done to an entry stands in the history of its book."""
    book, about = entry.book_id, entry.id
    audit.record_of_book(db, action, by=by, book_id=book, subject_id=about, **facts)


def fold_names(entry: Organisation) -> None:
    """Sets what it is sorted and searched by."""
    shown = (evidence.readable(domain) for domain in entry.domains)
    texts = [fold(text) for text in (*entry.all_names, entry.acronym, *entry.domains, *shown)]
    entry.folded = texts[0]
    # On lines of their own, so that no word is found across two names.
    entry.searched = "\n".join(dict.fromkeys(filter(None, [*texts, *map(latin, texts)])))


def keys_of(entry: Organisation) -> Iterator[dict[str, Any]]:
    """The rows of OrganisationKey it is found by."""
    own = (evidence.own_domain(domain) for domain in entry.domains)
    keys = {
        *(("name", fold(name)) for name in entry.all_names),
        *(("domain", domain) for domain in own if domain),
    }
    for kind, key in sorted(keys):
        if key:
            yield {
                "organisation_id": entry.id,
                "kind": kind,
                "key": key,
                "book_id": entry.book_id,
            }
