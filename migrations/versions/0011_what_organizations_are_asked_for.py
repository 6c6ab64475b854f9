"""What organizations are asked for: quotas, own deadlines, the link to their answer page."""

from __future__ import annotations

import base64
import secrets

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

PLACE = sa.table("place", sa.column("meeting_id", sa.Integer), sa.column("organization_id", sa.Integer))
ASK = sa.table(
    "ask",
    sa.column("meeting_id", sa.Integer),
    sa.column("organization_id", sa.Integer),
    sa.column("further", sa.Integer),
    sa.column("observers", sa.Integer),
    sa.column("note_zh", sa.String),
    sa.column("note_en", sa.String),
    sa.column("link_id", sa.String),
    sa.column("created_at", sa.DateTime(timezone=True)),
    sa.column("version", sa.Integer),
)


def upgrade() -> None:
    op.add_column("meeting", sa.Column("capacity", sa.Integer(), nullable=True))
    op.add_column("place", sa.Column("is_further", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "ask",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("further", sa.Integer(), nullable=False),
        sa.Column("observers", sa.Integer(), nullable=False),
        sa.Column("note_zh", sa.String(length=1000), nullable=False),
        sa.Column("note_en", sa.String(length=1000), nullable=False),
        sa.Column("reply_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("link_id", sa.String(length=26), nullable=False),
        sa.Column("link_revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_ask_meeting_id_meeting")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_ask_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ask")),
        sa.UniqueConstraint("link_id", name=op.f("uq_ask_link_id")),
        sa.UniqueConstraint("meeting_id", "organization_id", name=op.f("uq_ask_meeting_id_organization_id")),
    )
    op.create_index(op.f("ix_ask_organization_id"), "ask", ["organization_id"])
    _give_links()


def downgrade() -> None:
    op.drop_table("ask")
    # Not in batch mode, which drops the table for a moment: rows of other tables refer to it.
    op.execute("ALTER TABLE place DROP COLUMN is_further")
    op.execute("ALTER TABLE meeting DROP COLUMN capacity")


def _give_links() -> None:
    """One to each organization that has a place already, some thousand at a time."""
    at = sa.func.current_timestamp()
    found = op.get_bind().execute(
        sa.select(PLACE.c.meeting_id, PLACE.c.organization_id)
        .where(PLACE.c.organization_id.is_not(None))
        .group_by(PLACE.c.meeting_id, PLACE.c.organization_id)
    )
    pairs = found.all()
    for start in range(0, len(pairs), 5000):
        rows = [
            {
                "meeting_id": row.meeting_id,
                "organization_id": row.organization_id,
                "further": 0,
                "observers": 0,
                "note_zh": "",
                "note_en": "",
                "link_id": base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower(),
                "version": 1,
            }
            for row in pairs[start : start + 5000]
        ]
        op.get_bind().execute(sa.insert(ASK).values(created_at=at), rows)
