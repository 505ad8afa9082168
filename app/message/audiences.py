"""Audiences: who of a letter's signatories gets a message.

Whoever chose nothing is refused: "everybody" is a choice, and never what is left without one.
Confidential signatories are among them unless left out, for mail is private and each gets their
own. Left out are those who want no messages, whose address is gone, and whom an organiser
reported without their having confirmed it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select
from sqlmodel import col

from app.db import Db
from app.endorsement.endorsements import Endorsement
from app.errors import Refused
from app.i18n import _
from app.letter.letters import Letter
from app.letter.versions import Version
from app.mailing import suppressions
from app.mailing.suppressions import Suppression
from app.name import countries

STATUSES: dict[str, tuple[str, ...]] = {
    "all": ("verified", "approved"),
    "approved": ("approved",),
    "verified": ("verified",),
}


@dataclass(frozen=True)
class Audience:
    """`to` is a key of STATUSES; an empty field, or version 0, leaves nobody out."""

    to: str
    kind: str = ""
    country: str = ""
    language: str = ""
    version: int = 0
    confidential: bool = True

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


# Digits of a version's number.
LONGEST_NUMBER = 9


class Recipient(NamedTuple):
    """A mailbox, and the first of the endorsements it signed."""

    mailbox: str
    endorsement_id: UUID


def checked(values: Mapping[str, str], letter: Letter) -> Audience:
    to = values.get("to", "")
    if to not in STATUSES:
        raise Refused(_("Choose who gets it: nobody is chosen by itself."), "to")
    kind = values.get("kind", "")
    if kind not in ("", "organisation", "individual"):
        raise Refused(_("Choose organisations, individuals, or both."), "kind")
    country, language = values.get("country", ""), values.get("language", "")
    if country not in ("", *countries.CODES):
        raise Refused(_("Please choose a country from the list."), "country")
    if language not in ("", *letter.titles):
        raise Refused(_("The letter can't be read in this language."), "language")
    version = values.get("version", "") or "0"
    is_number = version.isdecimal() and len(version) <= LONGEST_NUMBER
    if not is_number or int(version) > letter.version:
        raise Refused(_("There is no such version."), "version")
    confidential = values.get("confidential", "yes") == "yes"
    return Audience(to, kind, country, language, int(version), confidential)


def recipients(db: Db, letter: Letter, audience: Audience) -> list[Recipient]:
    """One for each mailbox, in their order."""
    e = Endorsement
    query = select(col(e.mailbox), col(e.id)).where(
        _among(letter, audience), ~_unsubscribed(letter)
    )
    rows = db.execute(query.order_by(col(e.mailbox), col(e.id).desc()))
    return [Recipient(*row) for row in {row.mailbox: row for row in rows}.values()]


def count(db: Db, letter: Letter, audience: Audience) -> int:
    """How many recipients there are."""
    return _mailboxes(db, _among(letter, audience), ~_unsubscribed(letter))


def digest(found: Sequence[Recipient]) -> str:
    """Equal while the same mailboxes are meant."""
    text = "\n".join(one.mailbox for one in found)
    return hashlib.sha256(text.encode()).hexdigest()


def unsubscribed(db: Db, letter: Letter, audience: Audience) -> int:
    """How many mailboxes of the audience want no messages."""
    return _mailboxes(db, _among(letter, audience), _unsubscribed(letter))


def unconfirmed(db: Db, letter: Letter, audience: Audience) -> int:
    """How many of it were reported and have not confirmed."""
    reported = col(Endorsement.origin) == "reported"
    unproven = and_(reported, col(Endorsement.verified_at).is_(None))
    query = select(func.count()).where(_chosen(letter, audience), unproven)
    return db.scalar(query) or 0


def named(
    db: Db, letter: Letter, audience: Audience, *, after: UUID | None = None, limit: int = 100
) -> Sequence[Endorsement]:
    """A page of those who get it, by the names they signed with, the oldest first."""
    query = select(Endorsement).where(_among(letter, audience), ~_unsubscribed(letter))
    if after:
        query = query.where(col(Endorsement.id) > after)
    return db.scalars(query.order_by(col(Endorsement.id)).limit(limit)).all()


def countries_of(db: Db, letter: Letter) -> list[str]:
    """The countries that somebody who signed is from."""
    query = select(col(Endorsement.country)).where(
        col(Endorsement.letter_id) == letter.id,
        col(Endorsement.status).in_(STATUSES["all"]),
        col(Endorsement.country) != "",
    )
    return list(db.scalars(query.distinct()))


def _mailboxes(db: Db, *conditions: ColumnElement[bool]) -> int:
    query: Select[Any] = select(func.count(col(Endorsement.mailbox).distinct())).where(*conditions)
    return db.scalar(query) or 0


def _among(letter: Letter, audience: Audience) -> ColumnElement[bool]:
    """The condition of those it may be sent to at all."""
    proven = or_(col(Endorsement.origin) != "reported", col(Endorsement.verified_at).is_not(None))
    return and_(_chosen(letter, audience), col(Endorsement.address) != "", proven)


def _chosen(letter: Letter, audience: Audience) -> ColumnElement[bool]:
    e = Endorsement
    conditions = [
        col(e.letter_id) == letter.id,
        col(e.status).in_(STATUSES[audience.to]),
    ]
    wanted = {field: getattr(audience, field) for field in ("kind", "country", "language")}
    conditions += [col(getattr(e, field)) == value for field, value in wanted.items() if value]
    if audience.version:
        signed = select(col(Version.id)).where(
            col(Version.letter_id) == letter.id, col(Version.number) == audience.version
        )
        conditions.append(col(e.version_id).in_(signed))
    if not audience.confidential:
        conditions.append(not_(col(e.visibility) == "confidential"))
    return and_(*conditions)


def _unsubscribed(letter: Letter) -> ColumnElement[bool]:
    """The condition of those whose mailbox wants no messages about the letter."""
    stopped = select(col(Suppression.mailbox)).where(suppressions.of_letter(letter.id, "messages"))
    return col(Endorsement.mailbox).in_(stopped)
