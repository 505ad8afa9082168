"""How the list stands in the letter, and the languages a letter can be read in

Revision: 0002
After: 0001
Date: 2026-11-24 17:40:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.add_column(sa.Column("titles", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(
            sa.Column("leads_first", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column("grouped_by", sa.String(length=10), nullable=False, server_default="none")
        )
        batch_op.add_column(
            sa.Column("list_form", sa.String(length=10), nullable=False, server_default="names")
        )
        batch_op.add_column(
            sa.Column("list_columns", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(
            sa.Column("logo_wall", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("endorsement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("category", sa.String(), nullable=False, server_default=""))
    # A letter there was could be read in the language it was written in, and in no other.
    columns = (sa.column(name) for name in ("id", "language", "title"))
    letter = sa.table("letter", *columns, sa.column("titles", sa.JSON()))
    known = op.get_bind().execute(sa.select(letter.c.id, letter.c.language, letter.c.title)).all()
    for id_, language, title in known:
        op.execute(letter.update().where(letter.c.id == id_).values(titles={language: title}))


def downgrade() -> None:
    with op.batch_alter_table("endorsement", schema=None) as batch_op:
        batch_op.drop_column("category")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        for name in ("logo_wall", "list_columns", "list_form", "grouped_by", "leads_first"):
            batch_op.drop_column(name)
        batch_op.drop_column("titles")
