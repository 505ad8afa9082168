"""What the address book's entries are found by

Revision: 0007
After: 0005
Date: 2026-11-26 00:10:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "organisation", sa.Column("searched", sa.Text(), nullable=False, server_default="")
    )
    op.create_table(
        "organisation_key",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("book_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_key_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "kind", "key", name=op.f("pk_organisation_key")),
    )
    op.create_index(
        op.f("ix_organisation_key_book_id_kind_key"), "organisation_key", ["book_id", "kind", "key"]
    )


def downgrade() -> None:
    op.drop_table("organisation_key")
    op.drop_column("organisation", "searched")
