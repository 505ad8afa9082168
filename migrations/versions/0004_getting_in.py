"""Sessions that are seen and proven

Revision: 0004
After: 0013
Date: 2026-11-25 23:50:00
"""

import sqlalchemy as sa
from alembic import op

import app.db

revision = "0004"
down_revision = "0013"
branch_labels = None
depends_on = None

MOMENTS = ("seen_at", "proven_at")
TEXTS = {"browser": 60, "leads_to": 500}


def upgrade() -> None:
    for name in MOMENTS:
        op.add_column("desk_session", sa.Column(name, app.db.Moment(timezone=True), nullable=True))
    for name, length in TEXTS.items():
        text = sa.Column(name, sa.String(length=length), nullable=False, server_default="")
        op.add_column("desk_session", text)


def downgrade() -> None:
    for name in (*TEXTS, *MOMENTS):
        op.drop_column("desk_session", name)
