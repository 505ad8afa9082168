"""Who is asked to work on a letter, what waits for a second organiser, and why signing rests

Revision: 0005
After: 0008
Date: 2026-11-25 23:50:00
"""

import sqlalchemy as sa
from alembic import op

import app.db

revision = "0005"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in batches, and without a foreign key: see 0002.
    op.add_column("letter", sa.Column("state_reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("link", sa.Column("team_invitation_id", sa.Uuid(), nullable=True))
    op.create_table(
        "team_invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("mailbox", sa.String(length=43), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("invited_at", app.db.Moment(timezone=True), nullable=False),
        sa.Column("sent_at", app.db.Moment(timezone=True), nullable=False),
        *_of("team_invitation", letter_id="letter", invited_by="organiser"),
    )
    _unique_while("pending", "team_invitation", "letter_id", "mailbox")
    op.create_table(
        "proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", app.db.Moment(timezone=True), nullable=False),
        sa.Column("expires_at", app.db.Moment(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", app.db.Moment(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        *_of("proposal", letter_id="letter", proposed_by="organiser"),
    )
    op.create_index(op.f("ix_proposal_letter_id_id"), "proposal", ["letter_id", "id"])
    _unique_while("waiting", "proposal", "letter_id", "action", "about")


def downgrade() -> None:
    op.drop_table("proposal")
    op.drop_table("team_invitation")
    op.drop_column("link", "team_invitation_id")
    op.drop_column("letter", "state_reason")


def _of(table: str, **references: str) -> list[sa.Constraint]:
    keys = [
        sa.ForeignKeyConstraint(
            [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE"
        )
        for column, other in references.items()
    ]
    return [sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")), *keys]


def _unique_while(status: str, table: str, *columns: str) -> None:
    condition = sa.text(f"status = '{status}'")
    op.create_index(
        f"ix_{table}_{status}",
        table,
        list(columns),
        unique=True,
        sqlite_where=condition,
        postgresql_where=condition,
    )
