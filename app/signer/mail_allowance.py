"""Whether a stranger may cause one more mail: to this mailbox, domain, from this network, at all.

Several ask at once and are answered in their order.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlmodel import col

from app import throttle
from app.db import Db
from app.endorsement.endorsements import Endorsement
from app.mailing import mail_states
from app.throttle import Allowance

_confirmed = select(col(Endorsement.mailbox)).where(
    col(Endorsement.mailbox).in_(bindparam("mailboxes", expanding=True)),
    col(Endorsement.status).in_(("verified", "approved")),
)


class Asker(NamedTuple):
    """`mailboxes` are the mailbox's digests under every key, `network` as throttle gives it."""

    mailboxes: list[str]
    domain: str
    network: str | None


def ask(db: Db, askers: Sequence[Asker]) -> list[bool]:
    """Takes one from every allowance for each asker; False where one of them has none left.

    No mailbox may be among the askers twice.
    """
    answers = _by_mailbox(db, askers)
    answers = _spend(db, throttle.NETWORK, askers, answers, lambda asker: asker.network)
    answers = _spend(db, throttle.MAIL_DOMAIN, askers, answers, lambda asker: asker.domain)
    return _spend(db, throttle.EVERYTHING, askers, answers, lambda asker: "")


def _by_mailbox(db: Db, askers: Sequence[Asker]) -> list[bool]:
    """A mailbox that confirmed something may get more than a stranger's."""
    digests = [digest for asker in askers for digest in asker.mailboxes]
    proven = set(db.connection().execute(_confirmed, {"mailboxes": digests}).scalars())
    # Both allowances of a mailbox are for the same period.
    caused = mail_states.caused_by_strangers(db, digests, throttle.STRANGERS_MAILBOX.period)

    def answer(asker: Asker) -> bool:
        is_proven = not proven.isdisjoint(asker.mailboxes)
        allowance = throttle.KNOWN_MAILBOX if is_proven else throttle.STRANGERS_MAILBOX
        return sum(caused[digest] for digest in asker.mailboxes) < allowance.limit

    return [answer(asker) for asker in askers]


def _spend(
    db: Db,
    allowance: Allowance,
    askers: Sequence[Asker],
    answers: list[bool],
    whose: Callable[[Asker], str | None],
) -> list[bool]:
    """Only who got a yes so far spends; who has no name here spends nothing."""
    asked = zip(askers, answers, strict=True)
    names = [whose(asker) if answer else None for asker, answer in asked]
    granted = iter(throttle.spend_each(db, allowance, [name for name in names if name is not None]))
    both = zip(names, answers, strict=True)
    return [answer if name is None else next(granted) for name, answer in both]
