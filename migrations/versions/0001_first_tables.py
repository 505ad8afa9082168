"""The tables of signing, review, mail and audit

Revision: 0001
After:
Date: 2026-11-23 23:12:00.002026
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import app.db

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", app.db.Moment(timezone=True), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_entry_letter_id_id"), ["letter_id", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_audit_entry_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("deadline", app.db.Moment(timezone=True), nullable=True),
        sa.Column("deadline_offset", sa.Integer(), nullable=False),
        sa.Column("soft_deadline", app.db.Moment(timezone=True), nullable=True),
        sa.Column("order_rule", sa.String(length=10), nullable=False),
        sa.Column("articles", sa.String(length=4), nullable=False),
        sa.Column("listed_order", sa.JSON(), nullable=False),
        sa.Column("individuals", sa.Boolean(), nullable=False),
        sa.Column("show_representatives", sa.Boolean(), nullable=False),
        sa.Column("withheld_count", sa.Boolean(), nullable=False),
        sa.Column("public_proof", sa.Boolean(), nullable=False),
        sa.Column("two_person", sa.Boolean(), nullable=False),
        sa.Column("retention_days", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("revised_at", app.db.Moment(timezone=True), nullable=False),
        sa.Column("created_at", app.db.Moment(timezone=True), nullable=False),
        sa.Column("opened_at", app.db.Moment(timezone=True), nullable=True),
        sa.Column("closed_at", app.db.Moment(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('draft','open','paused','closed','delivered')",
            name=op.f("ck_letter_status"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("slug", name=op.f("uq_letter_slug")),
    )
    op.create_table(
        "organiser",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("mailbox", sa.String(length=43), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("created_at", app.db.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organiser")),
        sa.UniqueConstraint("mailbox", name=op.f("uq_organiser_mailbox")),
    )
    op.create_table(
        "spending",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("spent", sa.Integer(), nullable=False),
        sa.Column("until", app.db.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_spending")),
    )
    op.create_table(
        "desk_session",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("organiser_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", app.db.Moment(timezone=True), nullable=False),
        sa.Column("expires_at", app.db.Moment(timezone=True), nullable=False),
        sa.Column("ended_at", app.db.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organiser_id"],
            ["organiser.id"],
            name=op.f("fk_desk_session_organiser_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_desk_session")),
    )
    with op.batch_alter_table("desk_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_desk_session_organiser_id"), ["organiser_id"], unique=False
        )

    op.create_table(
        "role",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organiser_id", sa.Uuid(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_role_letter_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organiser_id"],
            ["organiser.id"],
            name=op.f("fk_role_organiser_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
        sa.UniqueConstraint(
            "organiser_id", "letter_id", name=op.f("uq_role_organiser_id_letter_id")
        ),
    )
    with op.batch_alter_table("role", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_letter_id"), ["letter_id"], unique=False)

    op.create_table(
        "suppression",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mailbox", sa.String(length=43), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", app.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_suppression_letter_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppression")),
    )
    with op.batch_alter_table("suppression", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_suppression_mailbox"), ["mailbox"], unique=False)

    op.create_table(
        "version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("created_at", app.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_version_letter_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version")),
        sa.UniqueConstraint("letter_id", "number", name=op.f("uq_version_letter_id_number")),
    )
    op.create_table(
        "endorsement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("visibility", sa.String(length=12), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("organisation", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("website", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("country", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("mailbox", sa.String(length=43), nullable=False),
        sa.Column("folded", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("logo", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sort_key", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", app.db.Moment(timezone=True), nullable=False),
        sa.Column("verified_at", app.db.Moment(timezone=True), nullable=True),
        sa.Column("decided_at", app.db.Moment(timezone=True), nullable=True),
        sa.Column("withdrawn_at", app.db.Moment(timezone=True), nullable=True),
        sa.Column("mail_held_at", app.db.Moment(timezone=True), nullable=True),
        sa.Column("hidden_at", app.db.Moment(timezone=True), nullable=True),
        sa.Column("merged_into", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('organisation','individual')", name=op.f("ck_endorsement_kind")
        ),
        sa.CheckConstraint(
            "origin IN ('web','invitation','reported','import')", name=op.f("ck_endorsement_origin")
        ),
        sa.CheckConstraint(
            "status IN ('pending','verified','approved','declined','withdrawn','expired')",
            name=op.f("ck_endorsement_status"),
        ),
        sa.CheckConstraint(
            "visibility IN ('public','confidential')", name=op.f("ck_endorsement_visibility")
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_endorsement_letter_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["version.id"], name=op.f("fk_endorsement_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endorsement")),
        sa.UniqueConstraint("public_id", name=op.f("uq_endorsement_public_id")),
    )
    with op.batch_alter_table("endorsement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_endorsement_letter_id_folded"), ["letter_id", "folded"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_endorsement_letter_id_status_id"),
            ["letter_id", "status", "id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_endorsement_mailbox"), ["mailbox"], unique=False)
        batch_op.create_index(
            "uq_endorsement_live",
            ["letter_id", "mailbox", "kind", "folded"],
            unique=True,
            sqlite_where=sa.text("status IN ('pending','verified','approved','declined')"),
            postgresql_where=sa.text("status IN ('pending','verified','approved','declined')"),
        )

    op.create_table(
        "correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("endorsement_id", sa.Uuid(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("created_at", app.db.Moment(timezone=True), nullable=False),
        sa.Column("decided_at", app.db.Moment(timezone=True), nullable=True),
        sa.Column("decision", sa.String(length=10), nullable=True),
        sa.ForeignKeyConstraint(
            ["endorsement_id"],
            ["endorsement.id"],
            name=op.f("fk_correction_endorsement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_correction_endorsement_id"), ["endorsement_id"], unique=False
        )

    op.create_table(
        "link",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("endorsement_id", sa.Uuid(), nullable=True),
        sa.Column("organiser_id", sa.Uuid(), nullable=True),
        sa.Column("shown", sa.String(length=64), nullable=True),
        sa.Column("browser", sa.String(length=64), nullable=True),
        sa.Column("created_at", app.db.Moment(timezone=True), nullable=False),
        sa.Column("expires_at", app.db.Moment(timezone=True), nullable=True),
        sa.Column("used_at", app.db.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["endorsement_id"],
            ["endorsement.id"],
            name=op.f("fk_link_endorsement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organiser_id"],
            ["organiser.id"],
            name=op.f("fk_link_organiser_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_link")),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_link_endorsement_id"), ["endorsement_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_link_organiser_id"), ["organiser_id"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mail", sa.String(length=30), nullable=False),
        sa.Column("facts", sa.Text(), nullable=True),
        sa.Column("mailbox", sa.String(length=43), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=True),
        sa.Column("endorsement_id", sa.Uuid(), nullable=True),
        sa.Column("link", sa.String(length=64), nullable=True),
        sa.Column("by_stranger", sa.Boolean(), nullable=False),
        sa.Column("queued_at", app.db.Moment(timezone=True), nullable=False),
        sa.Column("next_attempt_at", app.db.Moment(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", app.db.Moment(timezone=True), nullable=True),
        sa.Column("failed_at", app.db.Moment(timezone=True), nullable=True),
        sa.Column("dropped_at", app.db.Moment(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(
            ["endorsement_id"],
            ["endorsement.id"],
            name=op.f("fk_outbox_endorsement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_outbox_letter_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_outbox_endorsement_id"), ["endorsement_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_outbox_letter_id_queued_at"), ["letter_id", "queued_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_outbox_mailbox_queued_at"), ["mailbox", "queued_at"], unique=False
        )
        batch_op.create_index("ix_outbox_waiting", ["next_attempt_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_waiting")
        batch_op.drop_index(batch_op.f("ix_outbox_mailbox_queued_at"))
        batch_op.drop_index(batch_op.f("ix_outbox_letter_id_queued_at"))
        batch_op.drop_index(batch_op.f("ix_outbox_endorsement_id"))

    op.drop_table("outbox")
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_link_organiser_id"))
        batch_op.drop_index(batch_op.f("ix_link_endorsement_id"))

    op.drop_table("link")
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_correction_endorsement_id"))

    op.drop_table("correction")
    with op.batch_alter_table("endorsement", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_endorsement_live",
            sqlite_where=sa.text("status IN ('pending','verified','approved','declined')"),
            postgresql_where=sa.text("status IN ('pending','verified','approved','declined')"),
        )
        batch_op.drop_index(batch_op.f("ix_endorsement_mailbox"))
        batch_op.drop_index(batch_op.f("ix_endorsement_letter_id_status_id"))
        batch_op.drop_index(batch_op.f("ix_endorsement_letter_id_folded"))

    op.drop_table("endorsement")
    op.drop_table("version")
    with op.batch_alter_table("suppression", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_suppression_mailbox"))

    op.drop_table("suppression")
    with op.batch_alter_table("role", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_letter_id"))

    op.drop_table("role")
    with op.batch_alter_table("desk_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_desk_session_organiser_id"))

    op.drop_table("desk_session")
    op.drop_table("spending")
    op.drop_table("organiser")
    op.drop_table("letter")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_subject_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_letter_id_id"))

    op.drop_table("audit_entry")
