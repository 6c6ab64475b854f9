"""Files made ready are made anew: English quotation marks are narrow in them by now."""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM notice_file")


def downgrade() -> None:
    op.execute("DELETE FROM notice_file")
