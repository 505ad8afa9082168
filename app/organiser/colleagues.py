"""Those who work on one letter, and mails to them about it."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.db import Db
from app.letter.letters import Letter
from app.mailing import mail, outbox
from app.mailing.mail import MAILS
from app.organiser import roles
from app.organiser.organisers import Organiser, shown_name, shown_names
from app.organiser.roles import Ability, Role


def of_letter(db: Db, letter: Letter, ability: Ability = roles.LOOK) -> list[Organiser]:
    """Those who have the ability on the letter, whoever joined first standing first."""
    query = select(Organiser).join(Role, col(Role.organiser_id) == col(Organiser.id))
    able = query.where(
        col(Role.letter_id) == letter.id, col(Role.role).in_(roles.with_ability(ability))
    )
    return list(db.scalars(able.order_by(col(Role.id))))


def names(db: Db, ids: Collection[UUID | None]) -> dict[UUID, str]:
    """The names of several organisers by their ids, as the desk shows them."""
    found = db.scalars(select(Organiser).where(col(Organiser.id).in_([one for one in ids if one])))
    return shown_names(db, found)


def tell_owners(
    db: Db,
    letter: Letter,
    news: str,
    about: Organiser,
    role: str,
    *,
    by: Organiser,
    besides: Organiser | None = None,
) -> None:
    """News is joined, changed, removed or left; all owners hear of it but whoever did it."""
    who, whom = shown_name(db, by), shown_name(db, about)
    for owner in of_letter(db, letter, roles.OWN):
        if owner.id not in (by.id, besides and besides.id):
            write(
                db,
                owner,
                letter,
                "team_news",
                page="team",
                news=news,
                who=who,
                whom=whom,
                role=role,
            )


def write(
    db: Db, organiser: Organiser, letter: Letter, name: str, *, page: str = "", **facts: Any
) -> None:
    """Queues the mail `name` (one of app.mailing.mail), with an address under the letter's."""
    assert name in MAILS, name
    address = f"/desk/letters/{letter.slug}"
    outbox.enqueue(
        db,
        name,
        {
            "to": db.keys.unseal(organiser.address),
            "language": organiser.language,
            "letter": mail.letter_facts(letter, letter.readable_in(organiser.language)),
            "desk_path": f"{address}/{page}" if page else address,
            **facts,
        },
        mailbox=organiser.mailbox,
        letter_id=letter.id,
    )
