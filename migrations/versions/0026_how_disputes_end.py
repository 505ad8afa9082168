"""What whoever disputes a line speaks, and what they were told of its end

Revision: 0026
After: 0024
Date: 2026-11-26 15:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0024"
branch_labels = None
depends_on = None

WORDS = {"spoken": 20, "read_in": 20, "told": 10}


def upgrade() -> None:
    for name, length in WORDS.items():
        op.add_column(
            "dispute", sa.Column(name, sa.String(length), nullable=False, server_default="")
        )
    op.add_column("dispute", sa.Column("told_by", sa.Uuid(), nullable=True))


def downgrade() -> None:
    for name in (*WORDS, "told_by"):
        op.drop_column("dispute", name)
