"""Alembic's environment: the connection comes from app.migrate, which holds the lock."""

from alembic import context
from sqlmodel import SQLModel

from app.tables import ALL

assert ALL

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transaction_per_migration=False,
    compare_type=True,
)
context.run_migrations()
