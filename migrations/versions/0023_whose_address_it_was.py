"""Whether the address of an invitation came from the address book

Revision: 0023
After: 0022
Date: 2026-11-26 14:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "invitation",
        sa.Column("from_book", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.execute(
        "UPDATE invitation SET from_book = true WHERE EXISTS (SELECT 1 FROM organisation"
        " WHERE organisation.id = invitation.organisation_id"
        " AND organisation.mailbox = invitation.mailbox)"
    )


def downgrade() -> None:
    op.drop_column("invitation", "from_book")
