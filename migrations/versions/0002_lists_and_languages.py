"""How the list stands in the letter, and the languages a letter can be read in

Revision: 0002
After: 0001
Date: 2026-11-24 17:40:00
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


# Not in batches: on SQLite those may make a table anew, and what belongs to a row of the old one
# would go with it.
def columns() -> dict[str, list[sa.Column[Any]]]:
    letter = [
        sa.Column("titles", sa.JSON(), nullable=False, server_default="{}"),
        sa.Column("leads_first", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("grouped_by", sa.String(length=10), nullable=False, server_default="none"),
        sa.Column("list_form", sa.String(length=10), nullable=False, server_default="names"),
        sa.Column("list_columns", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("logo_wall", sa.Boolean(), nullable=False, server_default=sa.false()),
    ]
    endorsement = [sa.Column("category", sa.String(), nullable=False, server_default="")]
    return {"letter": letter, "endorsement": endorsement}


def upgrade() -> None:
    for table, added in columns().items():
        for column in added:
            op.add_column(table, column)
    # A letter there was could be read in the language it was written in, and in no other.
    facts = (sa.column(name) for name in ("id", "language", "title"))
    letter = sa.table("letter", *facts, sa.column("titles", sa.JSON()))
    known = op.get_bind().execute(sa.select(letter.c.id, letter.c.language, letter.c.title)).all()
    for id_, language, title in known:
        op.execute(letter.update().where(letter.c.id == id_).values(titles={language: title}))


def downgrade() -> None:
    for table, added in columns().items():
        for column in added:
            op.drop_column(table, column.name)
