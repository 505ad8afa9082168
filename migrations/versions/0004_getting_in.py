"""Sessions that are seen and proven, passkeys, and a second step

Revision: 0004
After: 0013
Date: 2026-11-25 23:50:00
"""

import sqlalchemy as sa
from alembic import op

import app.db

revision = "0004"
down_revision = "0013"
branch_labels = None
depends_on = None

MOMENTS = ("seen_at", "proven_at")
TEXTS = {"browser": 60, "leads_to": 500}


def upgrade() -> None:
    for name in MOMENTS:
        op.add_column("desk_session", sa.Column(name, app.db.Moment(timezone=True), nullable=True))
    for name, length in TEXTS.items():
        text = sa.Column(name, sa.String(length=length), nullable=False, server_default="")
        op.add_column("desk_session", text)
    _create_passkeys()
    _create_second_steps()


def downgrade() -> None:
    for table in ("recovery_code", "second_step", "passkey"):
        op.drop_table(table)
    for name in (*TEXTS, *MOMENTS):
        op.drop_column("desk_session", name)


def _create_passkeys() -> None:
    op.create_table(
        "passkey",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organiser_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.String(length=1_364), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        _moment("created_at"),
        _moment("used_at", nullable=True),
        _organiser("passkey"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index(op.f("ix_passkey_organiser_id"), "passkey", ["organiser_id"])


def _create_second_steps() -> None:
    op.create_table(
        "second_step",
        sa.Column("organiser_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        _moment("created_at"),
        _moment("confirmed_at", nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        _organiser("second_step"),
        sa.PrimaryKeyConstraint("organiser_id", name=op.f("pk_second_step")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("digest", sa.String(length=43), nullable=False),
        sa.Column("organiser_id", sa.Uuid(), nullable=False),
        _moment("used_at", nullable=True),
        _organiser("recovery_code"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_organiser_id"), "recovery_code", ["organiser_id"])


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, app.db.Moment(timezone=True), nullable=nullable)


def _organiser(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organiser_id"],
        ["organiser.id"],
        name=op.f(f"fk_{table}_organiser_id"),
        ondelete="CASCADE",
    )
