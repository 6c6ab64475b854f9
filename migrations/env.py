"""How migrations run: on the application's own engine that writes, one transaction for all of them."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from eventsys.core import search
from eventsys.core.columns import Json, UtcDateTime
from eventsys.extensions import db


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our column types as plain ones, so that a migration does not change with the code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and item is Json:
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')"
    return False


def is_ours(name: str | None, kind: str, parents: Any) -> bool:
    """Whether a table belongs to the record: the queue and the search engine keep tables of their own beside it."""
    return kind not in ("table", "index") or not ((name or "").startswith("queue_") or search.belongs(name or ""))


def run() -> None:
    """Apply what was asked for."""
    with db.engines[None].connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            render_item=render_item,
            include_name=is_ours,
            compare_type=True,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            context.run_migrations()
            search.mend(connection)
        connection.commit()


run()
