"""Reported sign-ons, and messages to signatories

Revision: 0011
After: 0008
Date: 2026-11-25 23:40:00
"""

import sqlalchemy as sa
from alembic import op

import app.db

revision = "0011"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report",
        sa.Column("endorsement_id", sa.Uuid(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("organiser_id", sa.Uuid(), nullable=True),
        sa.Column("received", sa.String(length=10), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        _moment("created_at"),
        _moment("asked_at", nullable=True),
        sa.CheckConstraint(
            "received IN ('hand','mail','meeting')", name=op.f("ck_report_received")
        ),
        _foreign("report", "endorsement_id", "endorsement", "CASCADE"),
        _foreign("report", "letter_id", "letter", "CASCADE"),
        _foreign("report", "organiser_id", "organiser", "SET NULL"),
        sa.PrimaryKeyConstraint("endorsement_id", name=op.f("pk_report")),
    )
    op.create_index(
        op.f("ix_report_letter_id_endorsement_id"), "report", ["letter_id", "endorsement_id"]
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("organiser_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("reply_to", sa.String(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        _moment("created_at"),
        _moment("changed_at"),
        _moment("sent_at", nullable=True),
        sa.CheckConstraint(
            "status IN ('draft','sending','sent','stopped')", name=op.f("ck_message_status")
        ),
        _foreign("message", "letter_id", "letter", "CASCADE"),
        _foreign("message", "organiser_id", "organiser", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index(op.f("ix_message_letter_id_id"), "message", ["letter_id", "id"])
    op.create_index(op.f("ix_message_status"), "message", ["status"])
    op.create_table(
        "message_mail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("endorsement_id", sa.Uuid(), nullable=False),
        sa.Column("mailbox", sa.String(length=43), nullable=False),
        _moment("queued_at", nullable=True),
        sa.Column("outbox_id", sa.Uuid(), nullable=True),
        _foreign("message_mail", "message_id", "message", "CASCADE"),
        _foreign("message_mail", "endorsement_id", "endorsement", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_mail")),
        sa.UniqueConstraint(
            "message_id", "mailbox", name=op.f("uq_message_mail_message_id_mailbox")
        ),
    )
    op.create_index(
        op.f("ix_message_mail_message_id_queued_at"), "message_mail", ["message_id", "queued_at"]
    )
    op.create_index(op.f("ix_message_mail_endorsement_id"), "message_mail", ["endorsement_id"])
    # Not in batches: see 0002.
    op.add_column(
        "suppression",
        sa.Column("scope", sa.String(length=10), nullable=False, server_default="everything"),
    )


def downgrade() -> None:
    op.drop_column("suppression", "scope")
    op.drop_table("message_mail")
    op.drop_table("message")
    op.drop_table("report")


def _foreign(table: str, column: str, other: str, rule: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=rule)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, app.db.Moment(timezone=True), nullable=nullable)
