"""Files that are imported into the directory, with their rows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

STATES = ("waiting", "reading", "unreadable", "ready", "confirmed", "writing", "done", "cancelled", "stopped")
ROW_STATES = ("new", "changed", "unchanged", "asked", "refused", "written", "left")
SHEETS = ("organizations", "posts", "people", "appointments")


def json() -> sa.types.TypeEngine:
    return sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def one_of(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    op.create_table(
        "import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(length=300), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sheet", sa.String(length=20), nullable=False),
        sa.Column("state", one_of("importstate", STATES), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("accepted", json(), nullable=False),
        sa.Column("reason", json(), nullable=False),
        sa.Column("remarks", json(), nullable=False),
        sa.Column("columns", json(), nullable=False),
        sa.Column("counts", json(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_by", sa.String(length=60), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import")),
    )
    op.create_index("ix_import_made", "import", ["account_id", "digest"])
    op.create_index("ix_import_state", "import", ["state"])
    op.create_table(
        "import_file",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_import_file_import_id_import")),
        sa.PrimaryKeyConstraint("import_id", name=op.f("pk_import_file")),
    )
    op.create_table(
        "import_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("sheet", one_of("sheet", SHEETS), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", one_of("rowstate", ROW_STATES), nullable=False),
        sa.Column("mark", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("basis", sa.Integer(), nullable=True),
        sa.Column("cells", json(), nullable=False),
        sa.Column("changes", json(), nullable=False),
        sa.Column("findings", json(), nullable=False),
        sa.Column("likely", json(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_import_row_import_id_import")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
    )
    op.create_index("ix_import_row_place", "import_row", ["import_id", "sheet", "number"])
    op.create_index("ix_import_row_state", "import_row", ["import_id", "state"])


def downgrade() -> None:
    op.drop_table("import_row")
    op.drop_table("import_file")
    op.drop_table("import")
