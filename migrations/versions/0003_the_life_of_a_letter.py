"""What became of a letter: its Message-ID, its tries, and the state `bounced`."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BEFORE = ("queued", "sending", "sent", "deferred", "failed", "superseded")
AFTER = ("queued", "sending", "sent", "deferred", "failed", "bounced", "superseded")
STEPS = (
    "sent",
    "deferred",
    "failed",
    "delayed",
    "bounced",
    "bounced_earlier",
    "interrupted",
    "superseded",
    "again",
)
LETTER = sa.table(
    "letter",
    sa.column("id", sa.Integer),
    sa.column("key", sa.String),
    sa.column("state", sa.String),
    sa.column("attempts", sa.Integer),
    sa.column("queued_at", sa.DateTime(timezone=True)),
    sa.column("sent_at", sa.DateTime(timezone=True)),
    sa.column("tried_at", sa.DateTime(timezone=True)),
    sa.column("message_id", sa.String),
)


def upgrade() -> None:
    with op.batch_alter_table("letter") as batch_op:
        batch_op.add_column(sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("message_id", sa.String(length=320), nullable=True))
        batch_op.add_column(sa.Column("life", sa.Integer(), nullable=False, server_default="0"))
        batch_op.alter_column("state", existing_type=_states(BEFORE), type_=_states(AFTER), existing_nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_letter_message_id"), ["message_id"])
        batch_op.create_index(batch_op.f("ix_letter_sent_at"), ["sent_at"])
    _remember_what_was_tried()
    op.create_table(
        "letter_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "step",
            sa.Enum(*STEPS, name="letterstep", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("message_id", sa.String(length=320), nullable=True),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_letter_event_letter_id_letter")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_event")),
    )
    with op.batch_alter_table("letter_event") as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_event_letter_id"), ["letter_id"])
        batch_op.create_index(batch_op.f("ix_letter_event_message_id"), ["message_id"])


def downgrade() -> None:
    op.drop_table("letter_event")
    op.execute(sa.update(LETTER).where(LETTER.c.state == "bounced").values(state="failed"))
    with op.batch_alter_table("letter") as batch_op:
        batch_op.drop_index(batch_op.f("ix_letter_sent_at"))
        batch_op.drop_constraint(batch_op.f("uq_letter_message_id"), type_="unique")
        batch_op.alter_column("state", existing_type=_states(AFTER), type_=_states(BEFORE), existing_nullable=False)
        batch_op.drop_column("life")
        batch_op.drop_column("message_id")
        batch_op.drop_column("tried_at")


def _states(values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name="letterstate", native_enum=False, create_constraint=True, length=24)


def _remember_what_was_tried() -> None:
    """Letters that may be with somebody keep the Message-ID that they left under; the first of two equal ones has it."""
    host = current_app.extensions["eventsys.settings"].host
    tried = sa.select(LETTER.c.id, LETTER.c.key).where(LETTER.c.attempts > 0).order_by(LETTER.c.id)
    names: dict[str, int] = {}
    for row in op.get_bind().execute(tried):
        names.setdefault(f"<{re.sub('[^a-z0-9]+', '-', row.key.lower())}@{host}>", row.id)
    named = sa.update(LETTER).where(LETTER.c.id == sa.bindparam("the_id")).values(message_id=sa.bindparam("name"))
    if names:
        op.get_bind().execute(named, [{"the_id": number, "name": name} for name, number in names.items()])
    at = sa.func.coalesce(LETTER.c.sent_at, LETTER.c.queued_at)
    op.execute(sa.update(LETTER).where(LETTER.c.attempts > 0).values(tried_at=at))
