"""Brings the database to the newest schema: `upgrade` before serving, `drift` for the tests."""

import warnings
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlmodel import SQLModel

from app.db import Database
from app.settings import Settings
from app.tables import ALL

MIGRATIONS = Path(__file__).parent.parent / "migrations"
# Any number: two processes that start at once migrate one after the other.
LOCK = 7_204_301


def upgrade(settings: Settings) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings)
    try:
        with database.writer.connect() as connection:
            if settings.is_sqlite:
                _let_tables_be_made_anew(connection)
            with connection.begin():
                _migrate(connection, settings)
    finally:
        database.close()


def _let_tables_be_made_anew(connection: Connection) -> None:
    """Without this, dropping the old table deletes what refers to its rows; SQLite takes it between
    transactions only."""
    connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")


def _migrate(connection: Connection, settings: Settings) -> None:
    if not settings.is_sqlite:  # on SQLite the write transaction is the lock
        connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": LOCK})
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    if settings.is_sqlite and (lost := connection.execute(text("PRAGMA foreign_key_check")).all()):
        raise RuntimeError(f"migrating left {len(lost)} rows without what they belong to")


def drift(database: Database) -> list[object]:
    """What the tables in the code have and the database has not, or the other way round."""
    assert ALL
    with database.writer.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        with warnings.catch_warnings():
            # From SQLite no index of an expression can be read, which both libraries warn of.
            warnings.filterwarnings("ignore", ".* expression-based index")
            return list(compare_metadata(context, SQLModel.metadata))
