"""The time zone that a letter's deadlines are in, by its name

Revision: 0006
After: 0011
Date: 2026-11-26 00:10:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A letter there was has an offset only, as its file gave it.
    zone = sa.Column("deadline_zone", sa.String(length=64), nullable=False, server_default="")
    op.add_column("letter", zone)


def downgrade() -> None:
    op.drop_column("letter", "deadline_zone")
