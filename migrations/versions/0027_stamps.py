"""A stamp for each endorsement, by which its line in the list is known to have changed

Revision: 0027
After: 0026
Date: 2026-11-26 12:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

LISTED = sa.text(
    "status = 'approved' AND visibility = 'public' AND hidden_at IS NULL AND merged_into IS NULL"
)


def upgrade() -> None:
    op.add_column(
        "endorsement", sa.Column("stamp", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.create_index(
        "ix_endorsement_listed",
        "endorsement",
        ["letter_id", "status", sa.text("substr(public_id, 1, 2)"), "public_id", "stamp"],
        sqlite_where=LISTED,
        postgresql_where=LISTED,
    )


def downgrade() -> None:
    op.drop_index("ix_endorsement_listed", "endorsement")
    op.drop_column("endorsement", "stamp")
