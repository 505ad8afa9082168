"""An entry of the address book knows the endorsement whose approval made it

Revision: 0021
After: 0009
Date: 2026-11-26 12:30:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("organisation", sa.Column("made_by", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("organisation", "made_by")
