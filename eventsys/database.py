"""Engines: one that writes, one that only reads, over the same database.

SQLite is set up as measured: WAL, a busy timeout, foreign keys, BEGIN IMMEDIATE for writers (the driver's default opens
no transaction before SELECT and silently loses updates), `query_only` for readers. On PostgreSQL readers' connections
are read-only.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DisconnectionError, OperationalError

from eventsys.extensions import db

READ = "read"
QUIET_SECONDS = 1.0
SEEN = "eventsys.seen"


def configure(app: Flask, url: str) -> None:
    """Put the two engines' settings into the configuration; call before `db.init_app`.

    Readers on PostgreSQL run each statement by itself: READ COMMITTED shows each its own snapshot anyway, and opening
    and ending a transaction for a page costs two more round trips.
    """
    reading = {} if url.startswith("sqlite") else {"isolation_level": "AUTOCOMMIT"}
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_BINDS"] = {READ: {"url": url, **reading}}


def prepare(app: Flask, busy_timeout_ms: int) -> None:
    """Attach what each connection needs; call after `db.init_app`."""
    with app.app_context():
        for name, engine in db.engines.items():
            if engine.dialect.name == "sqlite":
                _prepare_sqlite(engine, busy_timeout_ms, read_only=name == READ)
            else:
                _ping_after_quiet(engine)
                if name == READ:
                    _prepare_postgresql_reader(engine)


def _prepare_sqlite(engine: Engine, busy_timeout_ms: int, *, read_only: bool) -> None:
    @event.listens_for(engine, "connect")
    def set_up(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={int(busy_timeout_ms)}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=FULL")
        if read_only:
            connection.execute("PRAGMA query_only=ON")

    if read_only:
        event.listen(engine, "begin", lambda connection: connection.connection.dbapi_connection.execute("BEGIN"))
    else:
        _take_turns(engine, busy_timeout_ms)


def _take_turns(engine: Engine, busy_timeout_ms: int) -> None:
    """One writer at a time in this process: the next one starts at once, where SQLite's own waiting sleeps in steps."""
    turn = threading.Lock()
    holder: list[Any] = []

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if not turn.acquire(timeout=busy_timeout_ms / 1000):
            raise OperationalError("BEGIN IMMEDIATE", {}, sqlite3.OperationalError("database is locked"))
        holder[:] = [connection.connection._connection_record]
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    @event.listens_for(engine, "checkin")
    def leave(_connection: Any, record: Any) -> None:
        if holder and holder[0] is record:
            holder.clear()
            turn.release()


def _ping_after_quiet(engine: Engine) -> None:
    """Ask a connection whether it lives, but only one that nobody used for a second: a busy one shows it by itself."""

    @event.listens_for(engine, "checkout")
    def look(connection: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get(SEEN, 0.0) < QUIET_SECONDS:
            return
        try:
            alive = engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error:
            alive = False
        if not alive:
            raise DisconnectionError("the connection was lost")

    @event.listens_for(engine, "checkin")
    def used(connection: Any, record: Any) -> None:
        if connection is not None:
            record.info[SEEN] = time.monotonic()


def _prepare_postgresql_reader(engine: Engine) -> None:
    """Readers only read. A cursor of the server lives in a transaction, which they have none of: exports need none."""
    engine.dialect.supports_server_side_cursors = False

    @event.listens_for(engine, "connect")
    def read_only(connection: Any, record: Any) -> None:
        before, connection.autocommit = connection.autocommit, True
        connection.execute("SET default_transaction_read_only = on")
        connection.autocommit = before
