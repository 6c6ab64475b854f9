"""Who told an answer that the office entered on behalf."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reply_event", sa.Column("caller", sa.String(length=120), nullable=False, server_default=""))


def downgrade() -> None:
    # Not in batch mode, which drops the table for a moment.
    op.execute("ALTER TABLE reply_event DROP COLUMN caller")
