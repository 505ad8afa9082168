"""Mails to signers speak what the page spoke on which they signed

Revision: 0022
After: 0019
Date: 2026-11-26 13:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "endorsement", sa.Column("spoken", sa.String(20), nullable=False, server_default="")
    )


def downgrade() -> None:
    op.drop_column("endorsement", "spoken")
