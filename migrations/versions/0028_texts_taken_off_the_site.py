"""When a version was withheld from the public

Revision: 0028
After: 0027
Date: 2026-11-26 13:00:00
"""

import sqlalchemy as sa
from alembic import op

import app.db

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("version", sa.Column("withheld_at", app.db.Moment(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("version", "withheld_at")
