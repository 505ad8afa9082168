"""Whose address books are, and their history

Revision: 0015
After: 0017
Date: 2026-11-26 03:20:00
"""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0017"
branch_labels = None
depends_on = None

NONE_YET = "0" * 32


def upgrade() -> None:
    op.add_column(
        "organiser", sa.Column("book_id", sa.Uuid(), nullable=False, server_default=NONE_YET)
    )
    op.execute("UPDATE organiser SET book_id = id")
    op.add_column("audit_entry", sa.Column("book_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_audit_entry_book_id_id"), "audit_entry", ["book_id", "id"])
    _untie_books()
    _begin_books()
    _tell_books()


def downgrade() -> None:
    """Books stay untied from organisers: those of organisers who began another have no row."""
    op.drop_index(op.f("ix_audit_entry_book_id_id"), "audit_entry")
    op.drop_column("audit_entry", "book_id")
    op.drop_column("organiser", "book_id")


def _untie_books() -> None:
    """A book was its first owner's, and is its letters' now. On SQLite this makes the table anew,
    which only app.migrate may let happen: it keeps foreign keys from deleting anything."""
    tied = sa.inspect(op.get_bind()).get_foreign_keys("organisation")
    for key in tied:
        if key["constrained_columns"] == ["book_id"] and key["name"]:
            with op.batch_alter_table("organisation") as table:
                table.drop_constraint(key["name"], type_="foreignkey")


def _begin_books() -> None:
    """Who owns none of the letters that use the book they began begins another."""
    bind = op.get_bind()
    lost = bind.execute(
        sa.text(
            "SELECT id FROM organiser WHERE EXISTS"
            " (SELECT 1 FROM letter WHERE letter.book_id = organiser.id) AND NOT EXISTS"
            " (SELECT 1 FROM letter JOIN role ON role.letter_id = letter.id"
            " WHERE letter.book_id = organiser.id AND role.organiser_id = organiser.id"
            " AND role.role = 'owner')"
        ).columns(id=sa.Uuid())
    )
    another = sa.text("UPDATE organiser SET book_id = :book WHERE id = :id").bindparams(
        sa.bindparam("book", type_=sa.Uuid()), sa.bindparam("id", type_=sa.Uuid())
    )
    for (id_,) in lost.all():
        bind.execute(another, {"book": uuid.uuid4(), "id": id_})


def _tell_books() -> None:
    """What stands in the trail of a book or an entry that is there still."""
    op.execute(
        "UPDATE audit_entry SET book_id = (SELECT organisation.book_id FROM organisation"
        " WHERE organisation.id = audit_entry.subject_id)"
        " WHERE letter_id IS NULL AND subject_id IN (SELECT id FROM organisation)"
    )
    op.execute(
        "UPDATE audit_entry SET book_id = subject_id, subject_id = NULL"
        " WHERE letter_id IS NULL AND action IN ('book exported', 'list taken in')"
    )
