"""A crowd that signs at a served instance without a pause, and what must be true of its signatures.

The clients are threads with one kept connection each, as browsers behind a busy front server are.
"""

import http.client
import threading
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

from sqlalchemy import func, select, text
from sqlmodel import col

from app.db import Database, Db
from app.endorsement.endorsements import Endorsement
from app.links import CONFIRM, Link
from app.mailing import mailboxes
from app.mailing.outbox import OutboxMail
from app.trail.audit import AuditEntry

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def person(number: int) -> dict[str, str]:
    """Somebody with a mailbox of their own, each hundred at another domain."""
    return {
        "kind": "individual",
        "name": f"Signer {number}",
        "email": f"signer{number}@d{number // 100}.example",
        "language": "en",
    }


@dataclass
class Crowd:
    """In a `with` it signs; each thread until it gets no answer. Who got none signs again later."""

    path: str
    threads: int = 6
    acknowledged: list[str] = field(default_factory=list)
    """Addresses whose sign-on was answered with the page that follows success."""
    unanswered: list[int] = field(default_factory=list)
    refusals: Counter[int] = field(default_factory=Counter)
    """Other answers, by status."""

    def __post_init__(self) -> None:
        self._numbers = count(1)
        self._lock = threading.Lock()
        self._came = threading.Condition(self._lock)
        self._port = 0
        self._stopping = threading.Event()
        self._running: list[threading.Thread] = []

    def at(self, port: int) -> Self:
        self._port = port
        return self

    def __enter__(self) -> Self:
        self._stopping.clear()
        self._running = [threading.Thread(target=self._sign) for _number in range(self.threads)]
        for thread in self._running:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        for thread in self._running:
            thread.join(timeout=30)

    def wait_for(self, number: int, seconds: float = 20) -> None:
        """Until so many have been acknowledged in all."""
        with self._came:
            there = self._came.wait_for(lambda: len(self.acknowledged) >= number, seconds)
        assert there, f"{len(self.acknowledged)} of {number} in {seconds} s, {self.refusals}"

    def _sign(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        while not self._stopping.is_set():
            number = self._next()
            who = person(number)
            try:
                connection.request("POST", f"{self.path}/endorsements", urlencode(who), FORM)
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                with self._lock:
                    self.unanswered.append(number)
                break
            self._note(number, who["email"], answer.status)
            # Together they stay below what strangers may cause in a minute.
            self._stopping.wait(0.01)
        connection.close()

    def _next(self) -> int:
        with self._lock:
            return self.unanswered.pop(0) if self.unanswered else next(self._numbers)

    def _note(self, number: int, address: str, status: int) -> None:
        with self._came:
            if status == 303:
                self.acknowledged.append(address)
            else:
                self.refusals[status] += 1
                self.unanswered.append(number)
            self._came.notify_all()


def must_be_whole(database: Database, acknowledged: list[str]) -> None:
    """Everything acknowledged is there with all that belongs to it, and nothing by halves."""
    with database.read() as db:
        if db.is_postgresql:  # a killed process's last commit may still be on its way
            db.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        signed = [row.mailbox for row in db.execute(select(col(Endorsement.mailbox)))]
        promised = {db.keys.index(mailboxes.canonical(address)) for address in acknowledged}
        assert promised <= set(signed), f"{len(promised - set(signed))} acknowledged are lost"
        assert len(signed) == len(set(signed)), "somebody is there twice"
        signing = col(AuditEntry.action).in_(("signed", "signed again"))
        times_signed = _per(db, AuditEntry.subject_id, signing)
        assert set(times_signed) == set(db.scalars(select(col(Endorsement.id))))
        is_confirm = col(OutboxMail.mail) == "confirm"
        mailed = _per(db, OutboxMail.endorsement_id, is_confirm)
        assert mailed == times_signed, "a mail for each time somebody signed"
        is_link = col(Link.purpose) == CONFIRM
        assert _per(db, Link.endorsement_id, is_link) == times_signed, "a link for each mail"
        mailed_links = set(db.scalars(select(col(OutboxMail.link)).where(is_confirm)))
        assert mailed_links == set(db.scalars(select(col(Link.digest)).where(is_link)))
        if not db.is_postgresql:
            assert db.scalar(text("PRAGMA integrity_check")) == "ok"
            assert db.execute(text("PRAGMA foreign_key_check")).all() == []


def _per(db: Db, subject: Any, *conditions: Any) -> dict[Any, int]:
    query = select(subject, func.count()).where(col(subject).is_not(None), *conditions)
    rows = db.execute(query.group_by(subject))
    return {row[0]: row[1] for row in rows}
