"""Questions to signers, and decisions that can be taken back

Revision: 0009
After: 0010
Date: 2026-11-26 10:00:00
"""

import sqlalchemy as sa
from alembic import op

import app.db

revision = "0009"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "question",
        *_of_endorsement("question"),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_at", app.db.Moment(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", app.db.Moment(timezone=True), nullable=True),
        sa.Column("closed_at", app.db.Moment(timezone=True), nullable=True),
    )
    op.create_index(op.f("ix_question_endorsement_id"), "question", ["endorsement_id"])
    op.create_index(
        "uq_question_open",
        "question",
        ["endorsement_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "decision",
        *_of_endorsement("decision"),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("came_from", sa.String(10), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("decided_at", app.db.Moment(timezone=True), nullable=False),
        sa.Column("mail_due_at", app.db.Moment(timezone=True), nullable=True),
        sa.Column("undone_at", app.db.Moment(timezone=True), nullable=True),
    )
    op.create_index(op.f("ix_decision_endorsement_id"), "decision", ["endorsement_id"])


def downgrade() -> None:
    op.drop_table("decision")
    op.drop_table("question")


def _of_endorsement(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("endorsement_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["endorsement_id"],
            ["endorsement.id"],
            name=op.f(f"fk_{table}_endorsement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
