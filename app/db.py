"""Engines, and Db: one request, one transaction, committed before the answer leaves.

SQLite writes go through one connection (an in-process lock that waits at most five seconds);
reads use others that can't write. PostgreSQL reads are read-only transactions. So a page that
only reads can't change anything, whatever its code says.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from types import ModuleType
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    ExceptionContext,
    Executable,
    Insert,
    create_engine,
    event,
)
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session, SQLModel
from uuid_utils.compat import uuid7

from app.errors import DomainError, Unavailable
from app.i18n import _
from app.keys import Keys
from app.settings import Settings

WAIT_SECONDS = 5
# The class of errors of which even the first line holds a value.
DATA_EXCEPTION = "22"
# Before 3.51.3 two connections that write and checkpoint at once can lose committed data
# (https://sqlite.org/wal.html, "the WAL-reset bug").
SOUND_SQLITE = (3, 51, 3)

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UnsoundDatabase(DomainError):
    """The SQLite linked here has a bug that loses committed data."""


class Moment(TypeDecorator[datetime]):
    """An aware instant, in UTC on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def new_id() -> UUID:
    """A random key that sorts by the time it was made (UUIDv7, RFC 9562)."""
    return uuid7()


class Db(Session):
    """One unit of work: a session, its instant, the keys its columns are sealed with."""

    keys: Keys
    settings: Settings
    now: datetime
    # The letters that visitors see something new of once it is committed.
    revised: set[UUID]
    _gathered: dict[tuple[Insert, tuple[str, ...]], list[dict[str, Any]]] | None = None

    def insert(self, statement: Insert, row: dict[str, Any]) -> None:
        """Executes an INSERT of constant text, now or when `gathering` ends."""
        if self._gathered is None:
            self.connection().execute(statement, row)
        else:
            self._gathered.setdefault((statement, tuple(row)), []).append(row)

    @contextmanager
    def gathering(self) -> Iterator[None]:
        """Rows inserted inside are written together at the end, parents before their children."""
        gathered: dict[tuple[Insert, tuple[str, ...]], list[dict[str, Any]]] = {}
        self._gathered = gathered
        try:
            yield
        finally:
            self._gathered = None
        for statement, columns in sorted(gathered, key=_parents_first):
            self.connection().execute(statement, gathered[statement, columns])

    def changed(self, statement: Executable) -> int:
        """Executes an UPDATE or DELETE and tells how many rows it met."""
        result = self.execute(statement)
        assert isinstance(result, CursorResult)
        return result.rowcount

    @property
    def is_postgresql(self) -> bool:
        return self.get_bind().dialect.name == "postgresql"


def _parents_first(kind: tuple[Insert, tuple[str, ...]]) -> int:
    return _places()[kind[0].table.name]


@cache
def _places() -> dict[str, int]:
    return {table.name: place for place, table in enumerate(SQLModel.metadata.sorted_tables)}


class Database:
    """The instance's database: `write()` and `read()` are the only ways in."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.keys = Keys.of(settings)
        self.writer = _engine_of(settings.database, writes=True)
        self.reader = _engine_of(settings.database, writes=False)
        replica = settings.read_database_url
        self.replica = _engine_of(replica, writes=False) if replica else self.reader
        # Called once a transaction of this process has been committed in which letters were
        # revised: the next reader sees what was written (app/live.py).
        self.revised: Callable[[], None] | None = None

    @contextmanager
    def write(self) -> Iterator[Db]:
        """A transaction that commits when the block ends and is undone when it raises."""
        # The outage may show only when the session closes: undoing talks to the database too.
        with _refusing_outages(), self._session(self.writer) as db:
            db.connection()
            yield db
            db.commit()
        if db.revised and self.revised:
            self.revised()

    @contextmanager
    def read(self) -> Iterator[Db]:
        with _refusing_outages(), self._session(self.reader) as db:
            yield db

    @contextmanager
    def read_public(self) -> Iterator[Db]:
        """For pages that are the same for everybody: from the replica, which may lag behind."""
        with _refusing_outages(), self._session(self.replica) as db:
            yield db

    def close(self) -> None:
        self.writer.dispose()
        self.reader.dispose()
        self.replica.dispose()

    @contextmanager
    def _session(self, engine: Engine) -> Iterator[Db]:
        with Db(engine, expire_on_commit=False) as db:
            db.keys, db.settings = self.keys, self.settings
            db.now, db.revised = datetime.now(UTC), set()
            yield db


@contextmanager
def _refusing_outages() -> Iterator[None]:
    """A database that is down, locked or out of disk is a 503, not a crash."""
    try:
        yield
    except (OperationalError, InterfaceError, InternalError, PoolTimeout) as outage:
        raise Unavailable.to_save() from outage
    except DBAPIError as error:
        if error.connection_invalidated:
            raise Unavailable(_("The database is away. Please try again in a minute.")) from error
        raise


def sqlite_module() -> ModuleType:
    """The SQLite driver: the wheel with a current SQLite where there is one, else Python's own."""
    if sys.platform == "linux":
        import pysqlite3 as module
    else:
        import sqlite3 as module  # type: ignore[no-redef]
    if module.sqlite_version_info < SOUND_SQLITE:
        raise UnsoundDatabase(
            f"SQLite {module.sqlite_version} can lose committed data; "
            "3.51.3 or later is needed (install the pysqlite3 package)."
        )
    return module  # type: ignore[no-any-return]


def _engine_of(url: str, *, writes: bool) -> Engine:
    return (_sqlite if url.startswith("sqlite:") else _postgresql)(url, writes=writes)


def _sqlite(url: str, *, writes: bool) -> Engine:
    engine = create_engine(
        url,
        module=sqlite_module(),
        pool_size=1 if writes else 8,
        max_overflow=0 if writes else 8,
        pool_timeout=WAIT_SECONDS,
        hide_parameters=True,  # errors are logged, and names of signers must not be
        connect_args={"check_same_thread": False, "timeout": WAIT_SECONDS},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions are begun by `begin` below
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")
        if not writes:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        # A deferred transaction that reads and then writes fails at once when another wrote.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(url: str, *, writes: bool) -> Engine:
    options = f"-c lock_timeout={WAIT_SECONDS}s -c statement_timeout=30s -c timezone=UTC"
    if not writes:
        options += " -c default_transaction_read_only=on"
    engine = create_engine(
        url,
        pool_size=8,
        max_overflow=8,
        pool_timeout=WAIT_SECONDS,
        hide_parameters=True,
        connect_args={"connect_timeout": WAIT_SECONDS, "options": options},
    )
    event.listen(engine, "handle_error", _hide_values)
    return engine


def _hide_values(context: ExceptionContext) -> None:
    """PostgreSQL tells, in further lines, the values that were in its way: those of signers."""
    error, wrapped = context.original_exception, context.sqlalchemy_exception
    diagnosis = getattr(error, "diag", None)
    if diagnosis is None or wrapped is None or not diagnosis.message_primary:
        return
    is_about_values = (diagnosis.sqlstate or "").startswith(DATA_EXCEPTION)
    told = diagnosis.sqlstate if is_about_values else diagnosis.message_primary
    error.args = (told,)
    wrapped.args = (f"({type(error).__name__}) {told}",)


class Table(SQLModel):
    """Base of the tables: only what every one of them has in common."""

    model_config: ClassVar[Any] = {"arbitrary_types_allowed": True}
