"""Private links to drafts

Revision: 0024
After: 0023
Date: 2026-11-26 15:00:00
"""

import sqlalchemy as sa
from alembic import op

import app.db

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft_link",
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.Column("made_at", app.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["letter.id"],
            name=op.f("fk_draft_link_letter_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_draft_link")),
        sa.UniqueConstraint("digest", name=op.f("uq_draft_link_digest")),
    )


def downgrade() -> None:
    op.drop_table("draft_link")
