"""Pairs of endorsements that are not the same

Revision: 0010
After: 0006
Date: 2026-11-26 00:30:00
"""

import sqlalchemy as sa
from alembic import op

import app.db

revision = "0010"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "distinction",
        sa.Column("one_id", sa.Uuid(), nullable=False),
        sa.Column("two_id", sa.Uuid(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", app.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["one_id"],
            ["endorsement.id"],
            name=op.f("fk_distinction_one_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["two_id"],
            ["endorsement.id"],
            name=op.f("fk_distinction_two_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["letter.id"],
            name=op.f("fk_distinction_letter_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("one_id", "two_id", name=op.f("pk_distinction")),
    )
    op.create_index(op.f("ix_distinction_two_id"), "distinction", ["two_id"])
    op.create_index(op.f("ix_distinction_letter_id"), "distinction", ["letter_id"])
    op.create_index(op.f("ix_endorsement_merged_into"), "endorsement", ["merged_into"])


def downgrade() -> None:
    op.drop_index(op.f("ix_endorsement_merged_into"), "endorsement")
    op.drop_table("distinction")
