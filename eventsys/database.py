"""Engines: one that writes, one that only reads, one that marks letters, over the same database.

SQLite is set up as measured: WAL, a busy timeout, foreign keys, BEGIN IMMEDIATE for writers (the driver's default opens
no transaction before SELECT and silently loses updates), `query_only` for readers. On PostgreSQL readers' connections
are read-only. What the engine for marks writes outlives the process at once, but a failure of power may take back its
last moments (`core.transaction.AtOnce`).
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

from eventsys.extensions import MARK, db

READ = "read"
QUIET_SECONDS = 1.0
SHORTEST_WAIT, LONGEST_WAIT = 0.0005, 0.001
SEEN = "eventsys.seen"


def configure(app: Flask, url: str) -> None:
    """Put the engines' settings into the configuration; call before `db.init_app`.

    Readers on PostgreSQL run each statement by itself: READ COMMITTED shows each its own snapshot anyway, and opening
    and ending a transaction for a page costs two more round trips.
    """
    reading = {} if url.startswith("sqlite") else {"isolation_level": "AUTOCOMMIT"}
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    marking = {"isolation_level": "AUTOCOMMIT"}
    app.config["SQLALCHEMY_BINDS"] = {READ: {"url": url, **reading}, MARK: {"url": url, **marking}}


def prepare(app: Flask, busy_timeout_ms: int) -> None:
    """Attach what each connection needs; call after `db.init_app`."""
    with app.app_context():
        for name, engine in db.engines.items():
            if engine.dialect.name == "sqlite":
                _prepare_sqlite(engine, busy_timeout_ms, name)
            else:
                _ping_after_quiet(engine)
                if name == READ:
                    _prepare_postgresql_reader(engine)
                if name == MARK:
                    _prepare_postgresql_marker(engine)


def _prepare_sqlite(engine: Engine, busy_timeout_ms: int, name: str | None) -> None:
    @event.listens_for(engine, "connect")
    def set_up(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={int(busy_timeout_ms)}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(f"PRAGMA synchronous={'NORMAL' if name == MARK else 'FULL'}")
        if name == READ:
            connection.execute("PRAGMA query_only=ON")
        elif name is None:
            # Writers wait in `_take_turns`, in finer steps than the database would.
            connection.execute("PRAGMA busy_timeout=0")

    if name == READ:
        event.listen(engine, "begin", lambda connection: connection.connection.dbapi_connection.execute("BEGIN"))
    elif name is None:
        _take_turns(engine, busy_timeout_ms)


def _take_turns(engine: Engine, busy_timeout_ms: int) -> None:
    """One writer at a time, the next one soon after: SQLite's own waiting grows to steps of a tenth of a second.

    The threads of a process queue for a lock; only the first of them asks the database, again and again, so that
    processes pass the turn on within a millisecond or so.
    """
    turn = threading.Lock()
    holder: list[Any] = []

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        end = time.monotonic() + busy_timeout_ms / 1000
        if not turn.acquire(timeout=busy_timeout_ms / 1000):
            raise OperationalError("BEGIN IMMEDIATE", {}, sqlite3.OperationalError("database is locked"))
        holder[:] = [connection.connection._connection_record]
        _begin_immediate(connection.connection.dbapi_connection, end)

    @event.listens_for(engine, "checkin")
    def leave(_connection: Any, record: Any) -> None:
        if holder and holder[0] is record:
            holder.clear()
            turn.release()


def _begin_immediate(connection: Any, end: float) -> None:
    """Open the transaction that writes as soon as nobody else has one. Raises OperationalError at `end`."""
    wait = SHORTEST_WAIT
    while True:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise OperationalError("BEGIN IMMEDIATE", {}, error) from error
        else:
            return
        time.sleep(wait)
        wait = min(wait * 1.5, LONGEST_WAIT)


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


def _prepare_postgresql_marker(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def do_not_wait_for_the_disk(connection: Any, record: Any) -> None:
        before, connection.autocommit = connection.autocommit, True
        connection.execute("SET synchronous_commit = off")
        connection.autocommit = before
