"""PostgreSQL looks words up in their index alone, through a function for each table that is searched."""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

SEARCHED = ("meeting", "notice_version", "person", "post")
VECTOR = "array_to_tsvector(string_to_array(btrim(CAST(search_text AS text)), ' '))"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return
    for name in SEARCHED:
        op.execute(f"ALTER INDEX ix_{name}_words SET (gin_pending_list_limit = 64)")
        op.execute(f"SELECT gin_clean_pending_list('ix_{name}_words')")
        op.execute(
            f"CREATE OR REPLACE FUNCTION {name}_words(words text) RETURNS SETOF integer LANGUAGE sql STABLE ROWS 20 "
            f"SET enable_seqscan TO off AS $$ SELECT id FROM {name} WHERE {VECTOR} @@ CAST(words AS tsquery) $$"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return
    for name in SEARCHED:
        op.execute(f"DROP FUNCTION IF EXISTS {name}_words(text)")
        op.execute(f"ALTER INDEX ix_{name}_words RESET (gin_pending_list_limit)")
