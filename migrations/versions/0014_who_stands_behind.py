"""Who agreed to an invitation to the team, and who stands behind a webhook

Revision: 0014
After: 0015
Date: 2026-11-26 03:20:00
"""

from uuid import UUID

import sqlalchemy as sa
from alembic import op

import app.db

revision = "0014"
down_revision = "0015"
branch_labels = None
depends_on = None

WEBHOOK = sa.table("webhook", sa.column("id", sa.Uuid()), sa.column("created_by", sa.Uuid()))
AUDIT_ENTRY = sa.table(
    "audit_entry",
    sa.column("subject_id", sa.Uuid()),
    sa.column("action", sa.String()),
    sa.column("actor", sa.String()),
)


def upgrade() -> None:
    op.add_column("team_invitation", sa.Column("agreed_by", sa.Uuid(), nullable=True))
    op.add_column("webhook", sa.Column("created_by", sa.Uuid(), nullable=True))
    op.add_column("webhook", sa.Column("stopped_at", app.db.Moment(timezone=True), nullable=True))
    _name_creators()


def _name_creators() -> None:
    """From the trail, which has always said who added a webhook."""
    connection = op.get_bind()
    made = sa.select(AUDIT_ENTRY.c.subject_id, AUDIT_ENTRY.c.actor).where(
        AUDIT_ENTRY.c.action == "webhook created", AUDIT_ENTRY.c.actor.like("organiser:%")
    )
    for webhook_id, actor in connection.execute(made).all():
        whose = UUID(actor.removeprefix("organiser:"))
        named = sa.update(WEBHOOK).where(WEBHOOK.c.id == webhook_id).values(created_by=whose)
        connection.execute(named)


def downgrade() -> None:
    op.drop_column("webhook", "stopped_at")
    op.drop_column("webhook", "created_by")
    op.drop_column("team_invitation", "agreed_by")
