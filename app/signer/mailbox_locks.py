"""Locks of mailboxes: of two who enter sign-ons of one mailbox, one does so after the other.

Else both would count the same mails, and neither would see what the other wrote.
"""

import hashlib
from collections.abc import Iterable

from sqlalchemy import text

from app.db import Db

_lock = text("SELECT pg_advisory_xact_lock(n) FROM unnest(CAST(:numbers AS bigint[])) AS n")


def take(db: Db, mailboxes: Iterable[str]) -> None:
    """Takes those of these mailboxes (`Keys.index`), always in the same order, until the
    transaction ends. On SQLite only one writes at a time anyway."""
    if db.is_postgresql:
        numbers = sorted({_number(mailbox) for mailbox in mailboxes})
        db.connection().execute(_lock, {"numbers": numbers})


def _number(mailbox: str) -> int:
    return int.from_bytes(hashlib.sha256(mailbox.encode()).digest()[:8], signed=True)
