"""The one place where tests bring a database to the current schema."""

from pathlib import Path

from app.settings import Settings


def migrate(database_url: str, data_dir: Path) -> None:
    """Applies all migrations to the database at `database_url`."""
    # Here, not above: tests without a database need not load Alembic.
    from app.migrate import upgrade

    upgrade(Settings(data_dir=data_dir, database_url=database_url))
