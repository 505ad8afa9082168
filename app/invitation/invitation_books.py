"""Inviting from the address book: its entries that have a contact and are not invited yet."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, exists, or_, select
from sqlmodel import col

from app.db import Db
from app.invitation import intake
from app.invitation.circulation_lists import Entry
from app.invitation.invitations import Invitation
from app.letter.letters import Letter
from app.organisation import organisations
from app.organisation.organisations import Organisation


def not_invited(
    db: Db, letter: Letter, words: str, *, after: UUID | None, limit: int
) -> Sequence[Organisation]:
    """A page of them by name; `words`, folded, must all be in the name."""
    is_invited = exists().where(
        col(Invitation.letter_id) == letter.id,
        or_(
            col(Invitation.organisation_id) == col(Organisation.id),
            and_(
                col(Invitation.mailbox) == col(Organisation.mailbox),
                col(Invitation.folded) == col(Organisation.folded),
            ),
        ),
    )
    query = organisations.in_book(letter.book_id).where(
        col(Organisation.mailbox).is_not(None),
        ~is_invited,
        col(Organisation.id).not_in(_invited_under_another(db, letter)),
    )
    for word in words.split()[:10]:
        query = query.where(col(Organisation.folded).contains(word, autoescape=True))
    last = db.get(Organisation, after) if after else None
    if last:
        later = and_(col(Organisation.folded) == last.folded, col(Organisation.id) > last.id)
        query = query.where(or_(col(Organisation.folded) > last.folded, later))
    query = query.order_by(col(Organisation.folded), col(Organisation.id))
    return db.scalars(query.limit(limit)).all()


def entries(db: Db, letter: Letter, ids: Sequence[UUID]) -> list[Entry]:
    """These entries of the letter's book as rows of a list, in the order of their names."""
    query = organisations.in_book(letter.book_id).where(
        col(Organisation.id).in_(ids), col(Organisation.mailbox).is_not(None)
    )
    found = db.scalars(query.order_by(col(Organisation.folded), col(Organisation.id)))
    return [
        intake.entry_of(number, organisation, db.keys.unseal(organisation.address))
        for number, organisation in enumerate(found, start=1)
    ]


def _invited_under_another(db: Db, letter: Letter) -> set[UUID]:
    """The entries that stand for merged ones which were invited."""
    lines = organisations.lines_of(db, letter.book_id)
    invited = select(col(Invitation.organisation_id)).where(
        col(Invitation.letter_id) == letter.id, col(Invitation.organisation_id).in_(lines)
    )
    return {lines[id_] for id_ in db.scalars(invited) if id_} if lines else set()
