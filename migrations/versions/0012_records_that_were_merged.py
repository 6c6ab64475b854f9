"""Records of people that were merged away lead to the one that stays."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in batch mode, which drops the table for a moment: rows of other tables refer to it.
    op.execute(
        "ALTER TABLE person ADD COLUMN merged_into_id INTEGER "
        "CONSTRAINT fk_person_merged_into_id_person REFERENCES person (id)"
    )
    op.create_index("ix_person_merged_into_id", "person", ["merged_into_id"])


def downgrade() -> None:
    op.drop_index("ix_person_merged_into_id", table_name="person")
    op.execute("ALTER TABLE person DROP COLUMN merged_into_id")
