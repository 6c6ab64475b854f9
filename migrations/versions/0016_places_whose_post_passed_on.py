"""What was decided about places whose post passed to somebody else."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    decision = sa.Enum("put", "keep", "open", name="decision", native_enum=False, length=24, create_constraint=True)
    op.create_table(
        "place_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=40), nullable=False),
        sa.Column("decision", decision, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_place_decision_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_decision")),
        sa.UniqueConstraint("place_id", name=op.f("uq_place_decision_place_id")),
    )


def downgrade() -> None:
    op.drop_table("place_decision")
