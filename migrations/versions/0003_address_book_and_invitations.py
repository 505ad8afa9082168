"""The address book, and whom a letter was sent to

Revision: 0003
After: 0002
Date: 2026-11-25 23:00:00
"""

import sqlalchemy as sa
from alembic import op

import app.db

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Not in batches, and without foreign keys: see 0002.
ADDED = {
    "letter": ("book_id",),
    "endorsement": ("organisation_id", "invitation_id"),
    "link": ("invitation_id",),
    "outbox": ("invitation_id",),
}


def upgrade() -> None:
    for table, names in ADDED.items():
        for name in names:
            op.add_column(table, sa.Column(name, sa.Uuid(), nullable=True))
    _lend_books()
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("book_id", sa.Uuid(), nullable=False),
        *_texts("name", "folded"),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        *_texts("acronym"),
        sa.Column("domains", sa.JSON(), nullable=False),
        *_texts("website", "country", "category", "logo"),
        sa.Column("sort_key", sa.String(), nullable=True),
        *_texts("contact_name", "contact_role", "address"),
        sa.Column("mailbox", sa.String(length=43), nullable=True),
        sa.Column("language", sa.String(length=20), nullable=False),
        *_moments("created_at", "changed_at"),
        sa.Column("merged_into", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["book_id"],
            ["organiser.id"],
            name=op.f("fk_organisation_book_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_index(op.f("ix_organisation_book_id_folded"), "organisation", ["book_id", "folded"])
    op.create_index(op.f("ix_organisation_mailbox"), "organisation", ["mailbox"])
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        *_texts("organisation", "website", "country", "name", "role", "folded", "address"),
        sa.Column("mailbox", sa.String(length=43), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("promised_until", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("endorsement_id", sa.Uuid(), nullable=True),
        *_moments("created_at"),
        *_moments("invited_at", "answered_at", "stopped_at", nullable=True),
        sa.CheckConstraint(
            "status IN ('invited','promised','signed','declined','bounced')",
            name=op.f("ck_invitation_status"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_invitation_{column}"),
                ondelete=rule,
            )
            for column, table, rule in (
                ("letter_id", "letter", "CASCADE"),
                ("organisation_id", "organisation", "SET NULL"),
                ("owner_id", "organiser", "SET NULL"),
                ("endorsement_id", "endorsement", "SET NULL"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint(
            "letter_id",
            "mailbox",
            "folded",
            name=op.f("uq_invitation_letter_id_mailbox_folded"),
        ),
    )
    op.create_index(
        op.f("ix_invitation_letter_id_status_id"), "invitation", ["letter_id", "status", "id"]
    )
    op.create_index(op.f("ix_invitation_organisation_id"), "invitation", ["organisation_id"])


def downgrade() -> None:
    op.drop_table("invitation")
    op.drop_table("organisation")
    for table, names in ADDED.items():
        for name in names:
            op.drop_column(table, name)


def _lend_books() -> None:
    """A letter there was uses the book of the organiser who owned it first."""
    columns = (sa.column(name) for name in ("id", "organiser_id", "letter_id", "role"))
    role = sa.table("role", *columns)
    letter = sa.table("letter", sa.column("id"), sa.column("book_id"))
    owners = sa.select(role.c.letter_id, role.c.organiser_id).where(role.c.role == "owner")
    for letter_id, organiser_id in op.get_bind().execute(owners.order_by(role.c.id.desc())).all():
        op.execute(letter.update().where(letter.c.id == letter_id).values(book_id=organiser_id))


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _moments(*names: str, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, app.db.Moment(timezone=True), nullable=nullable) for name in names]
