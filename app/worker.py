"""The loop beside the pages: sends what waits, expires what was never confirmed, tidies up.

It may run in the serving process or alone (`undersigned worker`), once or many times: rows are
claimed, so no mail is sent by two.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import exists, or_, select
from sqlmodel import col

from app import links, throttle
from app.db import Database, Db
from app.dispute import disputes
from app.duplicate import name_pairs
from app.endorsement import decisions, retention
from app.endorsement.endorsements import Endorsement
from app.errors import Unavailable
from app.invitation import invitations, reminders
from app.mailing import courier, mailboxes, outbox, outbox_delivery, suppressions
from app.mailing.mail import compose
from app.message import message_mails
from app.organiser import proposals, sessions, team_invitations
from app.signatory import renditions
from app.signer import signers
from app.webhook import webhook_calls
from app.webhook.herald import Herald

PAUSE_SECONDS = 1.0
# With a slow server a batch ends early: what is left must not outlast its lease.
BATCH_SECONDS = 120.0
EXPIRE_BATCH = 200
log = logging.getLogger("undersigned.worker")


class Chore(NamedTuple):
    """Recurring work on one screen: what, and every how many seconds."""

    act: Callable[[Db], object]
    every: int

    def do(self, database: Database) -> None:
        with database.write() as db:
            self.act(db)


class Each(NamedTuple):
    """The same where much is done at a time: to each that is due in a transaction of its own, so
    that one that fails doesn't stop the others."""

    due: Callable[[Db], Iterable[UUID]]
    act: Callable[[Db, UUID], object]
    every: int

    def do(self, database: Database) -> None:
        with database.read() as db:
            due = list(self.due(db))
        for one in due:
            try:
                with database.write() as db:
                    self.act(db, one)
            except Unavailable:
                raise
            except Exception:  # it is tried again next time; the mistake is logged in full
                log.exception("%s failed for %s", self.act.__qualname__, one)


class Worker:
    """`run` loops until `stop`; `deliver` and `keep_house` are its two halves, for one pass."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.courier = courier.of(database.settings)
        self.herald = Herald(database)
        self.stopping = threading.Event()
        self.woken = threading.Event()
        self.chores: tuple[Chore | Each, ...] = (
            Chore(message_mails.queue_due, 2),
            Chore(expire_unconfirmed, 60),
            Chore(reminders.send_due, 60),
            Chore(renditions.tidy, 60),
            Chore(throttle.tidy, 600),
            Chore(decisions.tidy, 600),
            Chore(disputes.tidy, 3_600),
            Chore(webhook_calls.tidy, 3_600),
            Chore(outbox.tidy, 3_600),
            Chore(links.tidy, 3_600),
            Chore(sessions.tidy, 3_600),
            Chore(proposals.expire_due, 600),
            Chore(team_invitations.forget_old, 3_600),
            Each(retention.due, retention.erase, 3_600),
        )
        self.due = [0.0 for _chore in self.chores]

    def run(self) -> None:
        calling = threading.Thread(target=self.herald.run, name="herald", daemon=True)
        calling.start()
        while not self.stopping.is_set():
            busy = self._round()
            if not busy:
                self.woken.wait(PAUSE_SECONDS)
                self.woken.clear()
        self.courier.close()
        calling.join(timeout=5)

    def wake(self) -> None:
        """There may be something to send: don't wait out the pause."""
        self.woken.set()
        self.herald.wake()

    def stop(self) -> None:
        self.stopping.set()
        self.woken.set()
        self.herald.stop()

    def deliver(self) -> int:
        """Sends a batch of what is due; returns how many mails it took."""
        with self.database.write() as db:
            claimed = outbox_delivery.claim(db)
        untried, began = deque(claimed), time.monotonic()
        try:
            while untried and not self.stopping.is_set():
                if time.monotonic() - began > BATCH_SECONDS:
                    break
                self._deliver(untried[0])
                untried.popleft()
        except courier.Away as outage:
            self._postpone(untried, str(outage))
        else:
            with self.database.write() as db:
                outbox_delivery.given_back(db, untried)
        finally:
            self.courier.close()
        return len(claimed)

    def keep_house(self) -> None:
        with self.database.read() as db:
            now = db.now.timestamp()
        for number, chore in enumerate(self.chores):
            if now >= self.due[number]:
                self.due[number] = now + chore.every
                chore.do(self.database)

    def compare_names(self) -> int:
        """Compares some of the names that are new; returns how many it took. It takes its time, in
        which others may write."""
        with self.database.read() as db:
            compared = name_pairs.compare_due(db)
        if not compared:
            return 0
        with self.database.write() as db:
            name_pairs.keep(db, compared)
        return len(compared.names)

    def _round(self) -> int:
        try:
            busy = self.deliver()
            self.keep_house()
            busy += self.compare_names()
        except Unavailable as outage:
            log.warning("The database is away: %s", outage.__cause__)
            return 0
        except Exception:  # the loop must outlive a mistake, which is logged in full
            log.exception("A round of the worker failed")
            return 0
        return busy

    def _postpone(self, mails: Iterable[outbox_delivery.Claimed], answer: str) -> None:
        with self.database.write() as db:
            for mail in mails:
                outbox_delivery.postponed(db, mail, answer, at_most=outbox_delivery.OUTAGE_RETRY)

    def _deliver(self, mail: outbox_delivery.Claimed) -> None:
        # The outcome is committed mail by mail: a crash between sending and writing it down
        # repeats one mail, with the same Message-ID, and no more.
        try:
            is_sent = self._hand_over(mail)
        except courier.Rejected as refusal:
            with self.database.write() as db:
                _bounce(db, mail)
                outbox_delivery.failed(db, mail.id, str(refusal))
        except courier.Away:
            raise
        except courier.TryLater as trouble:
            with self.database.write() as db:
                if outbox_delivery.gives_up(db, mail):
                    _bounce(db, mail)
                outbox_delivery.postponed(db, mail, str(trouble))
        except Unavailable:
            raise
        except Exception as mistake:  # one mail that can't be written must not hold the others up
            log.exception("Mail %s can't be composed", mail.id)
            with self.database.write() as db:
                outbox_delivery.postponed(
                    db, mail, f"It could not be written: {type(mistake).__name__}"
                )
        else:
            with self.database.write() as db:
                self._note(db, mail, is_sent=is_sent)

    def _hand_over(self, mail: outbox_delivery.Claimed) -> bool:
        """False if there was nothing to send, or nobody who wants it."""
        settings, keys = self.database.settings, self.database.keys
        facts = orjson.loads(keys.unseal(mail.facts))
        with self.database.read() as db:
            # Under every key: who wanted no mail before a key was renewed wants none after it.
            spellings = keys.indexes(mailboxes.canonical(facts["to"]))
            scope: suppressions.Scope = "messages" if mail.mail == "message" else "everything"
            if suppressions.covers(db, spellings, mail.letter_id, scope):
                return False
            if mail.invitation_id and not reminders.is_still_due(db, mail):
                return False
        message = compose(mail.mail, facts, settings, keys)
        if message is None:
            return False
        self.courier.hand_over(message, message_id(mail, settings.mail_from))
        return True

    def _note(self, db: Db, mail: outbox_delivery.Claimed, *, is_sent: bool) -> None:
        if not is_sent:
            outbox_delivery.dropped(db, mail.id)
            return
        outbox_delivery.sent(db, mail.id)
        if mail.link:
            links.handed_over(db, [mail.link])


def _bounce(db: Db, mail: outbox_delivery.Claimed) -> None:
    """Before the mail's own row is written to: whoever answers locks in that order too."""
    if mail.invitation_id:
        invitations.bounced(db, mail.invitation_id, mail.queued_at)


def message_id(mail: outbox_delivery.Claimed, mail_from: str) -> str:
    """The same for every attempt, so that a mail sent twice is shown once."""
    return f"<{mail.id.hex}@{mail_from.rpartition('@')[2].strip('>')}>"


def expire_unconfirmed(db: Db) -> None:
    """pending → expired, once no mailed link can confirm it any more.

    What organisers reported waits for their decision instead.
    """
    alive = exists().where(
        col(links.Link.endorsement_id) == col(Endorsement.id),
        col(links.Link.purpose) == links.CONFIRM,
        or_(col(links.Link.expires_at).is_(None), col(links.Link.expires_at) > db.now),
    )
    query = select(Endorsement).where(
        col(Endorsement.status) == "pending",
        col(Endorsement.origin) != "reported",
        col(Endorsement.created_at) < db.now - links.CONFIRM_LIFE - timedelta(days=1),
        ~alive,
    )
    for endorsement in db.scalars(query.limit(EXPIRE_BATCH)):
        signers.expire(db, endorsement)
