"""What is said in a letter's invitations, and its reminders

Revision: 0008
After: 0004
Date: 2026-11-25 23:50:00
"""

import sqlalchemy as sa
from alembic import op

import app.db

revision = "0008"
down_revision = "0004"
branch_labels = None
depends_on = None

INDEXES = {
    "invitation": (["letter_id", "folded", "id"], ["endorsement_id"]),
    "link": (["invitation_id"],),
    "outbox": (["invitation_id"],),
}


def upgrade() -> None:
    op.create_table(
        "circulation",
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("introduction", sa.Text(), nullable=False),
        sa.Column("days_before", sa.JSON(), nullable=False),
        sa.Column("on_promise", sa.Boolean(), nullable=False),
        sa.Column("stopped_at", app.db.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_circulation_letter_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_circulation")),
    )
    op.create_table(
        "reminder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("queued_at", app.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_reminder_letter_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitation.id"],
            name=op.f("fk_reminder_invitation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "invitation_id", "due_on", name=op.f("uq_reminder_invitation_id_due_on")
        ),
    )
    op.create_index(op.f("ix_reminder_letter_id"), "reminder", ["letter_id"])
    for table, indexes in INDEXES.items():
        for columns in indexes:
            op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)


def downgrade() -> None:
    for table, indexes in INDEXES.items():
        for columns in indexes:
            op.drop_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table)
    op.drop_table("reminder")
    op.drop_table("circulation")
