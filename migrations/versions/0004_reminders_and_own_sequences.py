"""A meeting's reminders; how far an attendee's own SEQUENCE is ahead of the meeting's."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("meeting", sa.Column("alarms", sa.String(length=60), nullable=False, server_default="1440,30"))
    op.add_column("attendee", sa.Column("sequence_ahead", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    # Not in batch mode, which drops the table for a moment: rows of other tables refer to it.
    op.execute("ALTER TABLE attendee DROP COLUMN sequence_ahead")
    op.execute("ALTER TABLE meeting DROP COLUMN alarms")
