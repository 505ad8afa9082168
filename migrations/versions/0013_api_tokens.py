"""Tokens for the API

Revision: 0013
After: 0003
Date: 2026-11-25 23:50:00
"""

import sqlalchemy as sa
from alembic import op

import app.db

revision = "0013"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organiser_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", app.db.Moment(timezone=True), nullable=False),
        sa.Column("expires_at", app.db.Moment(timezone=True), nullable=False),
        sa.Column("revoked_at", app.db.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organiser_id"],
            ["organiser.id"],
            name=op.f("fk_api_token_organiser_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_token_digest")),
    )
    op.create_index(op.f("ix_api_token_organiser_id"), "api_token", ["organiser_id"])


def downgrade() -> None:
    op.drop_table("api_token")
