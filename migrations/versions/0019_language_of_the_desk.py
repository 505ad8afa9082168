"""Nobody has chosen the language of the desk yet: that of the first browser counts

Revision: 0019
After: 0018
Date: 2026-11-26 12:00:00
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE organiser SET language = '' WHERE language = 'en'")


def downgrade() -> None:
    op.execute("UPDATE organiser SET language = 'en' WHERE language = ''")
