"""Named allowances: how much mail strangers may cause, and how the number is kept.

Windows are fixed and counted by one conditional upsert; the count of a mailbox slides, from the
outbox itself. Networks are stored as a keyed hash with a key that changes daily.
"""

import ipaddress
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, Integer, String, bindparam, delete, text
from sqlmodel import Field, col

from app.db import Db, Moment, Table

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Allowance:
    """At most `limit` in `period`. A busy one is counted in several `slots`, each with its share:
    one row that every sign-on updates would halve PostgreSQL's commits."""

    name: str
    limit: int
    period: timedelta
    slots: int = 1


# A mailbox that never confirmed anything, over all letters; and one that did.
STRANGERS_MAILBOX = Allowance("mailbox", 3, DAY)
KNOWN_MAILBOX = Allowance("known mailbox", 10, DAY)
# Offices, universities and mobile carriers share an address, hence not fewer.
NETWORK = Allowance("network", 120, timedelta(hours=1))
MAIL_DOMAIN = Allowance("mail domain", 4_000, timedelta(hours=1), slots=8)
# A national petition's peak is 2,000 a minute.
EVERYTHING = Allowance("everything", 4_000, timedelta(minutes=1), slots=16)
SIGN_IN_MAILBOX = Allowance("sign-in mailbox", 6, timedelta(hours=1))
SIGN_IN_NETWORK = Allowance("sign-in network", 60, timedelta(hours=1))


class Spending(Table, table=True):
    key: str = Field(sa_column=Column(String(80), primary_key=True))
    spent: int = Field(sa_column=Column(Integer, nullable=False))
    until: datetime = Field(sa_type=Moment)


_spend = text(
    "INSERT INTO spending (key, spent, until) VALUES (:key, 1, :until)"
    " ON CONFLICT (key) DO UPDATE SET spent = spending.spent + 1 WHERE spending.spent < :most"
    " RETURNING spent"
).bindparams(bindparam("until", type_=Moment()))


def spend(db: Db, allowance: Allowance, whose: str) -> bool:
    """Takes one from the allowance; False if this window has none left.

    It counts in the caller's transaction: what is undone was not spent.
    """
    window = int(db.now.timestamp() // allowance.period.total_seconds())
    slot = secrets.randbelow(allowance.slots)
    # The window is part of the digested text, so a network's digest differs every window.
    key = f"{allowance.name}:{slot}:{db.keys.index(f'{allowance.name} {window} {whose}')}"
    taken = db.connection().execute(
        _spend,
        {
            "key": key,
            "until": db.now + allowance.period,
            "most": max(1, allowance.limit // allowance.slots),
        },
    )
    return taken.first() is not None


def network(address: str | None) -> str | None:
    """The /24 or /48 a visitor comes from; None for loopback, which no stranger comes from."""
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return None
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if ip.is_loopback:
        return None
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 48), strict=False))


def tidy(db: Db) -> None:
    """Forgets windows that are over."""
    db.execute(delete(Spending).where(col(Spending.until) < db.now))
