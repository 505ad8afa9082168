"""Tokens for the API, and webhooks

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
    op.create_table(
        "webhook",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("created_at", app.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_webhook_letter_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
    )
    op.create_index(op.f("ix_webhook_letter_id"), "webhook", ["letter_id"])
    op.create_table(
        "webhook_call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("queued_at", app.db.Moment(timezone=True), nullable=False),
        sa.Column("next_attempt_at", app.db.Moment(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("answered_at", app.db.Moment(timezone=True), nullable=True),
        sa.Column("failed_at", app.db.Moment(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["webhook_id"],
            ["webhook.id"],
            name=op.f("fk_webhook_call_webhook_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_call")),
    )
    op.create_index(op.f("ix_webhook_call_webhook_id_id"), "webhook_call", ["webhook_id", "id"])
    op.create_index(op.f("ix_webhook_call_next_attempt_at"), "webhook_call", ["next_attempt_at"])


def downgrade() -> None:
    op.drop_table("webhook_call")
    op.drop_table("webhook")
    op.drop_table("api_token")
