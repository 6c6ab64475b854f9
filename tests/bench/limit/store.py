"""One engine; reads without a transaction, writes in one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Row, create_engine, event

_engines: dict[str, Engine] = {}


def open_database(url: str) -> None:
    """Open the engine of this process."""
    engine = create_engine(url)
    _engines["read"] = engine.execution_options(isolation_level="AUTOCOMMIT")
    _engines["write"] = engine
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("busy_timeout=30000", "journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")


def close_database() -> None:
    """Close its connections."""
    for engine in _engines.values():
        engine.dispose()


@contextmanager
def reading() -> Iterator[Connection]:
    """A connection for a page's queries."""
    with _engines["read"].connect() as connection:
        yield connection


@contextmanager
def writing() -> Iterator[Connection]:
    """A connection in a write transaction."""
    engine = _engines["write"]
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            connection.exec_driver_sql("COMMIT")
        else:
            yield connection
        connection.commit()


def rows(connection: Connection, statement: Any, **values: Any) -> Sequence[Row[Any]]:
    return connection.execute(statement, values).all()
