"""The sequence with which a meeting's present start and end came."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MEETING = sa.table("meeting", sa.column("id", sa.Integer), sa.column("timed_sequence", sa.Integer))
AUDIT = sa.table(
    "audit_entry",
    sa.column("id", sa.Integer),
    sa.column("action", sa.String),
    sa.column("meeting_id", sa.Integer),
    sa.column("after", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")),
)


def upgrade() -> None:
    op.add_column("meeting", sa.Column("timed_sequence", sa.Integer(), nullable=False, server_default="0"))
    for meeting_id, sequence in _timed().items():
        op.execute(sa.update(MEETING).where(MEETING.c.id == meeting_id).values(timed_sequence=sequence))


def downgrade() -> None:
    # Not in batch mode, which drops the table for a moment: rows of other tables refer to it.
    op.execute("ALTER TABLE meeting DROP COLUMN timed_sequence")


def _timed() -> dict[int, int]:
    """For each meeting that was moved the sequence of its last move, as the audit log tells it.

    The facts of a change stand in one entry, the sequence that it got in the entry of its update right after.
    """
    found: dict[int, int] = {}
    moved: dict[int, bool] = {}
    statement = (
        sa.select(AUDIT.c.action, AUDIT.c.meeting_id, AUDIT.c.after)
        .where(AUDIT.c.action.in_(("meeting.change", "invitation.update")), AUDIT.c.meeting_id.is_not(None))
        .order_by(AUDIT.c.id)
    )
    for action, meeting_id, after in op.get_bind().execute(statement):
        if action == "meeting.change":
            moved[meeting_id] = bool({"starts_at", "ends_at"} & set(after))
        elif moved.pop(meeting_id, False):
            found[meeting_id] = int(after["sequence"])
    return found
