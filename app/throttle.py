"""Named allowances: how much mail strangers may cause, and how the number is kept.

Windows are fixed and counted by one upsert; the count of a mailbox slides, from the
outbox itself. Networks are stored as a keyed hash with a key that changes daily.
"""

import ipaddress
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Column, Integer, String, bindparam, delete, select, text, update
from sqlmodel import Field, col

from app.db import Db, Moment, Table

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Allowance:
    """At most `limit` in `period`."""

    name: str
    limit: int
    period: timedelta


# A mailbox that never confirmed anything, over all letters; and one that did.
STRANGERS_MAILBOX = Allowance("mailbox", 3, DAY)
KNOWN_MAILBOX = Allowance("known mailbox", 10, DAY)
# Offices, universities and mobile carriers share an address, hence not fewer.
NETWORK = Allowance("network", 120, timedelta(hours=1))
# Most people of a country have their mailbox at one of three providers.
MAIL_DOMAIN = Allowance("mail domain", 1_500, timedelta(minutes=1))
# A national petition's peak is 2,000 a minute.
EVERYTHING = Allowance("everything", 4_000, timedelta(minutes=1))
# What one organiser causes over all letters, to people who asked for nothing: invitations,
# reminders by hand, asking those reported to confirm. Letters are free, so theirs is no limit.
OUTREACH = Allowance("outreach", 1_000, DAY)
# Invitations and reminders of one letter; a list that is written to has hundreds, rarely more.
INVITATIONS = Allowance("invitations", 3_000, DAY)
# To one mailbox, over all letters and for however many organisations it is asked.
INVITED_MAILBOX = Allowance("invited mailbox", 5, DAY)
# What organisers cause: asking those they reported to confirm, and messages to all who signed.
REPORTED_MAILBOX = Allowance("reported mailbox", 3, DAY)
REPORTED_OF_LETTER = Allowance("reported of letter", 2_000, DAY)
DISPUTES_OF_LETTER = Allowance("disputes of letter", 20, DAY)
MESSAGES_OF_LETTER = Allowance("messages of letter", 5, DAY)
SAMPLES_OF_ORGANISER = Allowance("samples of organiser", 30, DAY)
SIGN_IN_FROM_NETWORK = Allowance("sign-in from network", 6, timedelta(hours=1))
SIGN_IN_MAILBOX = Allowance("sign-in mailbox", 60, timedelta(hours=1))
# Guesses of three codes in a million, 30 a day; right ones are given back. Whoever reads somebody's
# mail can use these up, for an hour at first; other ways in are counted apart, or not at all:
# guesses of recovery codes are not, as nobody hits one of ten in 31**10.
WRONG_CODES = Allowance("wrong codes", 10, timedelta(hours=1))
WRONG_CODES_OF_DAY = Allowance("wrong codes of day", 30, DAY)
STEP_UP_MAILS = Allowance("step-up mails", 20, timedelta(hours=1))
SIGN_IN_NETWORK = Allowance("sign-in network", 60, timedelta(hours=1))
# What organisers cause, to one signer about one signature. What is decided or changed more often
# is told a day later, and only as it stands then; more questions are refused.
DECISIONS = Allowance("decisions", 3, DAY)
EDITS = Allowance("edits", 3, DAY)
QUESTIONS = Allowance("questions", 5, DAY)
# Organisers who invite colleagues: a mailbox is not to be filled, and an account that was taken
# over not to be made a source of junk.
TEAM_MAILBOX = Allowance("team mailbox", 5, DAY)
TEAM_INVITER = Allowance("team inviter", 50, DAY)
# What one organiser does over and over mails all others, or calls somebody's system.
PROPOSALS = Allowance("proposals", 30, timedelta(hours=1))
ROLE_CHANGES = Allowance("role changes", 30, timedelta(hours=1))
WEBHOOK_TRIES = Allowance("webhook tries", 30, timedelta(hours=1))
# One by one, where two have to agree to several: no loop of single approvals gets around it.
APPROVALS_ALONE = Allowance("approvals alone", 40, timedelta(hours=1))


class Spending(Table, table=True):
    key: str = Field(sa_column=Column(String(80), primary_key=True))
    spent: int = Field(sa_column=Column(Integer, nullable=False))
    until: datetime = Field(sa_type=Moment)


_spend = text(
    "INSERT INTO spending (key, spent, until) VALUES (:key, :number, :until)"
    " ON CONFLICT (key) DO UPDATE SET spent = spending.spent + :number"
).bindparams(bindparam("until", type_=Moment()))
_give_back = (
    update(Spending)
    .where(col(Spending.key) == bindparam("whose"))
    .values(spent=col(Spending.spent) - bindparam("number"))
)
_spent = select(col(Spending.key), col(Spending.spent)).where(
    col(Spending.key).in_(bindparam("keys", expanding=True))
)


def spend(db: Db, allowance: Allowance, whose: str) -> bool:
    """Takes one from the allowance; False if this window has none left.

    It counts in the caller's transaction: what is undone was not spent.
    """
    return spend_each(db, allowance, [whose]) == [True]


def spend_each(db: Db, allowance: Allowance, whose: Sequence[str]) -> list[bool]:
    """The same for each name; the first named get what is left."""
    if not whose:
        return []
    keys = {name: _key(db, allowance, name) for name in set(whose)}
    left = _left_before(db, allowance, Counter(keys[name] for name in whose))
    granted = []
    for name in whose:
        granted.append(left[keys[name]] > 0)
        left[keys[name]] -= 1
    return granted


def spend_together(db: Db, *each: tuple[Allowance, Sequence[str]]) -> list[bool]:
    """Each asker wants one of every allowance, and names itself in all of them, in one order.

    Only who gets all of them spends any, so what one is refused costs nobody else anything.
    """
    granted = [True] * len(each[0][1])
    asked: list[list[int]] = []
    for allowance, names in each:
        asking = [n for n, is_granted in enumerate(granted) if is_granted]
        answers = spend_each(db, allowance, [names[n] for n in asking])
        for n, answer in zip(asking, answers, strict=True):
            granted[n] = answer
        asked.append(asking)
    for (allowance, names), asking in zip(each, asked, strict=True):
        back = Counter(names[n] for n in asking if not granted[n])
        rows = [{"whose": _key(db, allowance, one), "number": back[one]} for one in back]
        if rows:
            db.connection().execute(_give_back, sorted(rows, key=lambda row: str(row["whose"])))
    return granted


def left(db: Db, allowance: Allowance, whose: str) -> int:
    """How much of it this window still has."""
    spent = db.connection().execute(_spent, {"keys": [_key(db, allowance, whose)]}).first()
    return max(0, allowance.limit - (spent.spent if spent else 0))


def renewed_at(db: Db, allowance: Allowance) -> datetime:
    """When the next window begins."""
    seconds = allowance.period.total_seconds()
    return datetime.fromtimestamp((db.now.timestamp() // seconds + 1) * seconds, UTC)


def give_back(db: Db, allowance: Allowance, whose: str) -> None:
    """Returns the one taken last: it turned out to be none that the allowance is about."""
    db.connection().execute(_give_back, {"whose": _key(db, allowance, whose), "number": 1})


def first_use(db: Db, kind: str, secret: str, *, until: datetime) -> bool:
    """Whether this secret comes for the first time; it is remembered until then."""
    row = {"key": f"{kind}:{db.keys.index(secret)}", "number": 1, "until": until}
    db.connection().execute(_spend, row)
    return bool(db.connection().execute(_spent, {"keys": [row["key"]]}).one().spent == 1)


def _key(db: Db, allowance: Allowance, name: str) -> str:
    window = int(db.now.timestamp() // allowance.period.total_seconds())
    # The window is part of the digested text, so a network's digest differs every window.
    digest = db.keys.index(f"{allowance.name} {window} {name}")
    return f"{allowance.name}:{digest}"


def _left_before(db: Db, allowance: Allowance, wanted: Counter[str]) -> dict[str, int]:
    """Takes what is wanted of each key and answers how much there was."""
    until = db.now + allowance.period
    rows = [{"key": key, "number": wanted[key], "until": until} for key in sorted(wanted)]
    db.connection().execute(_spend, rows)
    spent = db.connection().execute(_spent, {"keys": list(wanted)})
    return {row.key: allowance.limit - (row.spent - wanted[row.key]) for row in spent}


def network(address: str | None) -> str | None:
    """The /24 or /48 a visitor comes from; None for loopback, which no stranger comes from.

    What can't be read is one network of its own, so that nonsense is limited too.
    """
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if ip.is_loopback:
        return None
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 48), strict=False))


def tidy(db: Db) -> None:
    """Forgets windows that are over."""
    db.execute(delete(Spending).where(col(Spending.until) < db.now))
