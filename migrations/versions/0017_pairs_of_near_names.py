"""Pairs of near names, found once

Revision: 0017
After: 0021
Date: 2026-11-26 03:40:00
"""

import sqlalchemy as sa
from alembic import op

import app.db

revision = "0017"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "name_pair",
        sa.Column("one_id", sa.Uuid(), nullable=False),
        sa.Column("two_id", sa.Uuid(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["one_id"],
            ["endorsement.id"],
            name=op.f("fk_name_pair_one_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["two_id"],
            ["endorsement.id"],
            name=op.f("fk_name_pair_two_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["letter.id"],
            name=op.f("fk_name_pair_letter_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("one_id", "two_id", name=op.f("pk_name_pair")),
    )
    op.create_index(op.f("ix_name_pair_two_id"), "name_pair", ["two_id"])
    op.create_index(op.f("ix_name_pair_letter_id"), "name_pair", ["letter_id"])
    op.add_column("endorsement", sa.Column("compared_at", app.db.Moment(timezone=True)))
    op.create_index(
        op.f("ix_endorsement_compared_at_status_kind"),
        "endorsement",
        ["compared_at", "status", "kind"],
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_endorsement_compared_at_status_kind"), "endorsement")
    op.drop_column("endorsement", "compared_at")
    op.drop_table("name_pair")
