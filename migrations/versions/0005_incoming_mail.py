"""Incoming mail: the messages, what each says, and how far the mailbox was read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def _refers_to(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_incoming_entry_{column}_{target}"))


def upgrade() -> None:
    op.create_table(
        "incoming_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=300), nullable=False),
        sa.Column("door", _one_of("door", "mailbox", "pipe"), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sender", sa.String(length=320), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("raw_dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_message")),
        sa.UniqueConstraint("key", name=op.f("uq_incoming_message_key")),
    )
    op.create_index(op.f("ix_incoming_message_taken_at"), "incoming_message", ["taken_at"])
    op.create_table(
        "incoming_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incoming_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("attendee_id", sa.Integer(), nullable=True),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.Column(
            "said",
            _one_of("said", "answer", "proposal", "refresh", "bounce", "words", "unreadable", "other"),
            nullable=False,
        ),
        sa.Column(
            "state",
            _one_of("entrystate", "waiting", "applied", "refused", "undone", "settled", "kept"),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("trust", _one_of("trust", "signed", "unsigned", "unsure", "unverified"), nullable=True),
        sa.Column(
            "reply", _one_of("reply", "pending", "accepted", "tentative", "declined", "delegated"), nullable=True
        ),
        sa.Column("comment", sa.String(length=1000), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("other_address", sa.String(length=320), nullable=False),
        sa.Column("other_name", sa.String(length=300), nullable=False),
        sa.Column("stamp", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("location", sa.String(length=300), nullable=False),
        sa.Column("raw_start", sa.String(length=300), nullable=False),
        sa.Column("place_before", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handled_by", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _refers_to("incoming_id", "incoming_message"),
        _refers_to("meeting_id", "meeting"),
        _refers_to("attendee_id", "attendee"),
        _refers_to("letter_id", "letter"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_entry")),
    )
    op.create_index("ix_incoming_entry_meeting", "incoming_entry", ["meeting_id", "state", "id"])
    op.create_index("ix_incoming_entry_state", "incoming_entry", ["state", "id"])
    for column in ("incoming_id", "attendee_id", "letter_id"):
        op.create_index(op.f(f"ix_incoming_entry_{column}"), "incoming_entry", [column])
    op.create_table(
        "mailbox_position",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mailbox", sa.String(length=500), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.String(length=300), nullable=False),
        sa.Column("fault_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailbox_position")),
        sa.UniqueConstraint("mailbox", name=op.f("uq_mailbox_position_mailbox")),
    )


def downgrade() -> None:
    op.drop_table("mailbox_position")
    op.drop_table("incoming_entry")
    op.drop_table("incoming_message")
