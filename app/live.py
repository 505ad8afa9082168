"""How a process learns that a letter's public view has changed, whoever changed it.

SQLite counts commits of other connections (`PRAGMA data_version`, 3 µs); an answer is good for a
millisecond. PostgreSQL tells by NOTIFY; a listening thread keeps the revisions at hand. What this
process itself commits is known at once with both.
"""

import itertools
import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

import psycopg
from sqlalchemy import select
from sqlmodel import col

from app.db import Database, sqlite_module
from app.errors import Unavailable
from app.i18n import _
from app.letter.letters import Letter

CHANNEL = "undersigned_revised"
# SQLite is asked this often at most, however many readers there are.
LOOK_SECONDS = 0.001
POLL_SECONDS = 1.0
PATIENCE_SECONDS = 3.0
# A line that went dead without a word is noticed within seconds.
CONNECTION: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 5_000,
}
log = logging.getLogger("undersigned.live")


class Revisions(Protocol):
    # Called, from whichever thread, when some letter may have a new revision. On SQLite only when
    # this process itself has committed: of others one has to ask.
    told: Callable[[], None]

    def current(self, slug: str) -> int | None:
        """The letter's revision now, None if there is no such letter; raises Unavailable."""

    def close(self) -> None: ...


def of(database: Database) -> Revisions:
    if database.settings.is_sqlite:
        return SqliteRevisions(database)
    return PostgresqlRevisions(database)


class SqliteRevisions:
    def __init__(self, database: Database) -> None:
        self.told: Callable[[], None] = _nobody
        self._sqlite = sqlite_module()
        self._connection: Any = self._sqlite.connect(
            database.settings.database.removeprefix("sqlite:///"),
            check_same_thread=False,
            isolation_level=None,
            timeout=1,
        )
        self._connection.execute("PRAGMA query_only=ON")
        # Kept: making one costs as much as asking. Each answer is read to its end, or the cursor
        # would hold on to the state it saw.
        self._cursor = self._connection.cursor()
        self._lock = threading.Lock()
        self._seen = -1
        self._known: dict[str, int | None] = {}
        self._good_until = 0.0
        database.revised = self._heard

    def current(self, slug: str) -> int | None:
        if time.monotonic() < self._good_until:
            known = self._known.get(slug)
            if known is not None:
                return known
        try:
            return self._asked(slug)
        except self._sqlite.Error as error:
            raise Unavailable(_("The database is away. Please try again in a minute.")) from error

    def close(self) -> None:
        self._connection.close()

    def _heard(self) -> None:
        with self._lock:  # so that nobody who asked before the commit says that it is good after it
            self._good_until = 0.0
        self.told()

    def _asked(self, slug: str) -> int | None:
        with self._lock:
            ((seen,),) = self._cursor.execute("PRAGMA data_version").fetchall()
            if seen != self._seen:
                self._known = {}
                self._seen = seen
            if slug not in self._known:
                if len(self._known) > 1_000:  # made-up slugs must not fill the memory
                    self._known = {}
                query = "SELECT revision FROM letter WHERE slug = ?"
                row = self._connection.execute(query, (slug,)).fetchone()
                self._known[slug] = row[0] if row else None
            self._good_until = time.monotonic() + LOOK_SECONDS
            return self._known[slug]


class PostgresqlRevisions:
    def __init__(self, database: Database) -> None:
        self.told: Callable[[], None] = _nobody
        self._database = database
        self._known: dict[str, int] = {}
        self._looked_at = 0.0
        # Several threads ask, and each question has a number.
        self._questions, self._answered = itertools.count(1), 0
        self._learning = threading.Lock()
        self._closing = threading.Event()
        self.reload()
        database.revised = self._heard
        self._threads = [
            threading.Thread(target=work, name="revisions", daemon=True)
            for work in (self._listen, self._watch)
        ]
        for thread in self._threads:
            thread.start()

    def current(self, slug: str) -> int | None:
        return self._known.get(slug)

    def reload(self) -> None:
        asked = next(self._questions)
        with self._database.write() as db:  # the primary: a replica may lag behind the notice
            rows = db.execute(select(col(Letter.slug), col(Letter.revision))).all()
        self._learn(asked, {row.slug: row.revision for row in rows})

    def close(self) -> None:
        self._closing.set()
        with suppress(Unavailable), self._database.write() as db:
            db.connection().exec_driver_sql(f"NOTIFY {CHANNEL}")  # wakes the listener
        for thread in self._threads:
            thread.join(timeout=2 * POLL_SECONDS)

    def _heard(self) -> None:
        """The next reader here sees what this process has committed; the others are notified. If it
        can't be read again, the notice of it is waited for."""
        with suppress(Unavailable):
            self.reload()

    def _learn(self, asked: int, known: dict[str, int]) -> None:
        with self._learning:
            if asked < self._answered:  # an old answer that comes after a newer one
                return
            is_new = known != self._known
            self._answered, self._known, self._looked_at = asked, known, time.monotonic()
        if is_new:
            self.told()

    def _watch(self) -> None:
        """Looks by itself when the listener has not for a while: its connection may hang."""
        while not self._closing.wait(POLL_SECONDS):
            if time.monotonic() - self._looked_at > PATIENCE_SECONDS:
                with suppress(Unavailable):
                    self.reload()

    def _listen(self) -> None:
        url = self._database.settings.database.replace("postgresql+psycopg://", "postgresql://")
        while not self._closing.is_set():
            try:
                with psycopg.connect(url, autocommit=True, **CONNECTION) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    self._follow(connection)
            except psycopg.Error as error:
                log.warning("Not listening for changes: %s", error)
                time.sleep(POLL_SECONDS)

    def _follow(self, connection: psycopg.Connection) -> None:
        query = "SELECT slug, revision FROM letter"
        while not self._closing.is_set():
            # Read after LISTEN and once a second anyway: a notice lost is a second's delay.
            asked = next(self._questions)
            self._learn(asked, dict(connection.execute(query).fetchall()))
            next(connection.notifies(timeout=POLL_SECONDS, stop_after=1), None)


def _nobody() -> None: ...
