"""Disputes of lines of the list

Revision: 0018
After: 0014
Date: 2026-11-26 03:50:00
"""

import sqlalchemy as sa
from alembic import op

import app.db

revision = "0018"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dispute",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("endorsement_id", sa.Uuid(), nullable=False),
        sa.Column("link", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("mailbox", sa.String(length=43), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", app.db.Moment(timezone=True), nullable=False),
        sa.Column("confirmed_at", app.db.Moment(timezone=True), nullable=True),
        sa.Column("is_own", sa.Boolean(), nullable=False),
        sa.Column("decided_at", app.db.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["endorsement_id"],
            ["endorsement.id"],
            name=op.f("fk_dispute_endorsement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
        sa.UniqueConstraint("link", name=op.f("uq_dispute_link")),
    )
    op.create_index(op.f("ix_dispute_endorsement_id"), "dispute", ["endorsement_id"])
    op.create_index(op.f("ix_dispute_created_at"), "dispute", ["created_at"])


def downgrade() -> None:
    op.drop_table("dispute")
