"""Engines: one that writes, one that only reads, over the same database.

SQLite is set up as measured: WAL, a busy timeout, foreign keys, BEGIN IMMEDIATE for writers (the driver's default opens
no transaction before SELECT and silently loses updates), `query_only` for readers. On PostgreSQL readers open READ ONLY
transactions.
"""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection

from eventsys.extensions import db

READ = "read"


def configure(app: Flask, url: str) -> None:
    """Put the two engines' settings into the configuration; call before `db.init_app`."""
    options: dict[str, Any] = {"pool_pre_ping": not url.startswith("sqlite")}
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    app.config["SQLALCHEMY_BINDS"] = {READ: {"url": url, **options}}


def prepare(app: Flask, busy_timeout_ms: int) -> None:
    """Attach what each connection needs; call after `db.init_app`."""
    with app.app_context():
        for name, engine in db.engines.items():
            if engine.dialect.name == "sqlite":
                _prepare_sqlite(engine, busy_timeout_ms, read_only=name == READ)
            elif name == READ:
                _prepare_postgresql_reader(engine)


def _prepare_sqlite(engine: Engine, busy_timeout_ms: int, *, read_only: bool) -> None:
    begin = "BEGIN" if read_only else "BEGIN IMMEDIATE"

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={int(busy_timeout_ms)}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=FULL")
        if read_only:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def open_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


def _prepare_postgresql_reader(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def read_only(connection: Any, record: Any) -> None:
        connection.read_only = True
