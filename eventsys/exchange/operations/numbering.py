"""Numbers for rows that are written many at once, so that what refers to them needs no second look."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select, text

from eventsys.extensions import db


def reserved(model: type[Any], number: int) -> list[int]:
    """So many ids that no row of the model has or gets; call inside the unit of work that uses them.

    SQLite's unit of work excludes every other writer; PostgreSQL's sequence gives each number once.
    """
    if not number:
        return []
    if db.engines[None].dialect.name == "postgresql":
        statement = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :number)")
        values = {"name": model.__tablename__, "number": number}
        return sorted(row[0] for row in db.session.connection().execute(statement, values))
    last = db.session.scalar(select(func.max(model.id))) or 0
    return list(range(last + 1, last + number + 1))
