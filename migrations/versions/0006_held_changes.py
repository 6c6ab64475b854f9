"""Changes of a meeting that are held back; keys of forms that make something once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OBSTACLES = ("over", "moved_on", "begun", "refused", "not_allowed")


def upgrade() -> None:
    op.create_table(
        "held_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("tell_words", sa.Boolean(), nullable=False),
        sa.Column("reason_zh", sa.String(length=1000), nullable=False),
        sa.Column("reason_en", sa.String(length=1000), nullable=False),
        sa.Column("quiet_minutes", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("release_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(length=300), nullable=False),
        sa.Column(
            "obstacle",
            sa.Enum(*OBSTACLES, name="obstacle", native_enum=False, create_constraint=True, length=24),
            nullable=True,
        ),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_held_change_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_change")),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_held_change_meeting_id")),
    )
    op.create_index(op.f("ix_held_change_release_at"), "held_change", ["release_at"])
    op.create_table(
        "form_key",
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("made", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_form_key")),
    )
    op.create_index(op.f("ix_form_key_at"), "form_key", ["at"])


def downgrade() -> None:
    op.drop_table("form_key")
    op.drop_table("held_change")
