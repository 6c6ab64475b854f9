"""Reminders planned before a deadline, the days on which they were carried out, and calls that were noted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "planned_reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("days_before", sa.Integer(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("armed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_out", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_planned_reminder_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_reminder")),
        sa.UniqueConstraint(
            "meeting_id", "days_before", "minute", name=op.f("uq_planned_reminder_meeting_id_days_before_minute")
        ),
    )
    op.create_table(
        "reminder_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("planned_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("sent", "missed", name="runoutcome", native_enum=False, length=24, create_constraint=True),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["planned_id"], ["planned_reminder.id"], name=op.f("fk_reminder_run_planned_id_planned_reminder")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_run")),
        sa.UniqueConstraint("planned_id", "due_on", name=op.f("uq_reminder_run_planned_id_due_on")),
    )
    op.create_table(
        "phone_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("attendee_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("whom", sa.String(length=120), nullable=False),
        sa.Column("said", sa.String(length=1000), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attendee_id"], ["attendee.id"], name=op.f("fk_phone_call_attendee_id_attendee")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_phone_call_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_phone_call_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_call")),
    )
    for column in ("attendee_id", "meeting_id", "place_id"):
        op.create_index(op.f(f"ix_phone_call_{column}"), "phone_call", [column])


def downgrade() -> None:
    for table in ("phone_call", "reminder_run", "planned_reminder"):
        op.drop_table(table)
