"""Taking invitees in: which rows of a list can be invited, which can't and why, and keeping them.

One look at the letter's invitations, its signatures and the mailboxes that are closed to us
serves a whole list, whatever its length.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from app.db import Db, new_id
from app.errors import Refused
from app.invitation.circulation_lists import Entry
from app.invitation.invitations import Invitation
from app.invitation.invitees import Invitee, Judge, Known
from app.letter.letters import Letter
from app.organisation.organisations import Organisation
from app.trail import audit


class Bad(NamedTuple):
    """A row that can't, with the sentence why; one that `is_known` needs no mending."""

    entry: Entry
    why: str
    is_known: bool = False


class Checked(NamedTuple):
    good: list[Invitee]
    bad: list[Bad]


def check(
    db: Db,
    letter: Letter,
    entries: Sequence[Entry],
    *,
    besides: Invitation | None = None,
    allow_special: bool = False,
) -> Checked:
    """Each row of a list, judged in its order: of two that are the same the first is taken. The
    invitation `besides` doesn't count. `allow_special` is as in `mailboxes.checked`."""
    allow_special = allow_special or db.settings.is_loopback
    judge = Judge(db, letter, besides, allow_special=allow_special)
    checked = Checked([], [])
    for entry in entries:
        try:
            checked.good.append(judge.taken(entry))
        except Refused as refused:
            checked.bad.append(Bad(entry, refused.sentence, isinstance(refused, Known)))
    return checked


def take_in(
    db: Db,
    letter: Letter,
    invitees: Sequence[Invitee],
    *,
    owner_id: UUID | None,
    by: audit.Actor,
    from_book: bool = False,
) -> int:
    """Keeps them as invitations that are not mailed yet; answers how many."""
    left_out = ("number", "remarks", "address")
    rows = [
        {
            **{k: v for k, v in invitee._asdict().items() if k not in left_out},
            "id": new_id(),
            "letter_id": letter.id,
            "status": "invited",
            "address": db.keys.seal(invitee.address),
            "owner_id": owner_id,
            "from_book": from_book,
            "created_at": db.now,
        }
        for invitee in invitees
    ]
    # Of two organisers who bring the same list in at once, each finds a row kept once.
    number = len(db.execute(_insert(db), rows).all()) if rows else 0
    if number:
        audit.record(db, "invitations taken in", by=by, letter_id=letter.id, number=number)
    return number


def _insert(db: Db) -> Any:
    insert = postgresql.insert if db.is_postgresql else sqlite.insert
    return (
        insert(Invitation)
        .on_conflict_do_nothing(index_elements=["letter_id", "mailbox", "folded"])
        .returning(col(Invitation.id))
    )


def entry_of(number: int, organisation: Organisation, address: str) -> Entry:
    """An entry of the address book as a row of a list."""
    return Entry(
        number,
        address,
        organisation=organisation.name,
        name=organisation.contact_name,
        role=organisation.contact_role,
        country=organisation.country,
        website=organisation.website,
        language=organisation.language,
    )
