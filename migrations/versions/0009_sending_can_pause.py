"""Pauses of sending, workers that were seen, and where each letter's address receives its mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

LETTER = sa.table(
    "letter", sa.column("id", sa.Integer), sa.column("address", sa.String), sa.column("domain", sa.String)
)


def upgrade() -> None:
    op.add_column("letter", sa.Column("domain", sa.String(length=255), nullable=False, server_default=""))
    op.add_column("letter", sa.Column("unsure_since", sa.DateTime(timezone=True), nullable=True))
    _fill_domains()
    op.drop_index(op.f("ix_letter_sent_at"), "letter")
    op.create_index("ix_letter_tried_at", "letter", ["tried_at"])
    op.create_table(
        "sending_pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_by", sa.String(length=300), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("resumed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sending_pause")),
    )
    op.create_index("uq_sending_pause_open", "sending_pause", ["is_open"], unique=True)
    op.create_table(
        "worker_beat",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("busy_since", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_worker_beat")),
    )


def downgrade() -> None:
    op.drop_table("worker_beat")
    op.drop_table("sending_pause")
    op.drop_index("ix_letter_tried_at", "letter")
    op.create_index(op.f("ix_letter_sent_at"), "letter", ["sent_at"])
    # Not in batch mode, which drops the table for a moment: rows of other tables refer to it.
    op.execute("ALTER TABLE letter DROP COLUMN unsure_since")
    op.execute("ALTER TABLE letter DROP COLUMN domain")


def _fill_domains() -> None:
    """Of all letters there are, some thousand at a time."""
    last = 0
    filled = sa.update(LETTER).where(LETTER.c.id == sa.bindparam("the_id")).values(domain=sa.bindparam("the_domain"))
    while rows := op.get_bind().execute(
        sa.select(LETTER.c.id, LETTER.c.address).where(LETTER.c.id > last).order_by(LETTER.c.id).limit(5000)
    ).all():
        domains = [(row.id, row.address.rpartition("@")[2].lower()[:255]) for row in rows]
        op.get_bind().execute(filled, [{"the_id": number, "the_domain": domain} for number, domain in domains])
        last = rows[-1].id
