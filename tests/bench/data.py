"""Databases of the benchmark, filled by bulk inserts and kept in `build/bench/` for as long as the day and the models.

`rows.py` says what is in them. Every run works on a copy, so the kept ones stay as they were made.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from psycopg import sql
from sqlalchemy import insert, text

from eventsys import create_app
from eventsys.config import Settings, from_environment
from eventsys.core.clock import today
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.schema import migrate
from tests.bench import rows, subscribed

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "build" / "bench"
SERVER = os.environ.get("EVENTSYS_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")
SECRET = "a-secret-of-the-benchmark-only-0123456789-abcdef"
SIZES = {"small": 200, "large": 20_000, "feeds": 200}
SUBSCRIBED = {"feeds": 1000}
BULK = 2000
SEQUENCE = "SELECT setval(pg_get_serial_sequence('{0}', 'id'), (SELECT max(id) FROM \"{0}\"))"


@dataclass(frozen=True, slots=True)
class Database:
    """Where one filled database is; `engine` is "sqlite" or "postgresql", `size` one of `SIZES`."""

    engine: str
    size: str
    url: str
    data: Path

    def environment(self, port: int = 8000) -> dict[str, str]:
        """What the product needs to run on it."""
        return {
            "EVENTSYS_MODE": "production",
            "EVENTSYS_DATA": str(self.data),
            "EVENTSYS_SECRET_KEYS": SECRET,
            "EVENTSYS_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "DATABASE_URL": self.url,
            "EVENTSYS_CALENDAR_FETCHES": "0",
        }

    def settings(self) -> Settings:
        return from_environment(self.environment())


def kept(engine: str, size: str) -> Database:
    """The database as it was made: made now, unless one of today with the same models is there."""
    folder = KEPT / f"{engine}-{size}"
    database = Database(engine, size, _url(engine, folder, f"eventsys_bench_{size}"), folder)
    mark = folder / "made"
    wanted = f"{_models()} {today(rows.ZONE)}"
    if not mark.exists() or mark.read_text() != wanted or not _is_there(database):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        started = time.monotonic()
        _make(database)
        mark.write_text(wanted)
        print(f"made {engine}, {size}: {time.monotonic() - started:.0f} s", flush=True)
    return database


@contextmanager
def copied(original: Database, name: str) -> Iterator[Database]:
    """A copy to work on, gone afterwards."""
    folder = KEPT / f"run-{name}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    url = _url(original.engine, folder, f"eventsys_bench_run_{name.replace('-', '_')}")
    database = Database(original.engine, original.size, url, folder)
    if original.engine == "sqlite":
        shutil.copyfile(_file(original), _file(database))
    else:
        _postgresql("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)
        _postgresql("CREATE DATABASE {} TEMPLATE {}", database, original)
        with psycopg.connect(database.url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
    try:
        yield database
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if original.engine != "sqlite":
            _postgresql("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)


def fill(app: Flask, size: str, on: date) -> None:
    """Put everything into the empty tables of the application's database."""
    with app.app_context(), write() as session:
        filled = []
        number = SUBSCRIBED.get(size, 0)
        more = subscribed.tables(number, on) if number else ()
        for model, values in chain(rows.tables(SIZES[size], on), more):
            while part := list(islice(values, BULK)):
                session.execute(insert(model.__table__), part)
            filled.append(model.__tablename__)
        if session.get_bind().dialect.name == "postgresql":
            for name in dict.fromkeys(filled):
                if "id" in db.metadata.tables[name].columns:
                    session.execute(text(SEQUENCE.format(name)))


def _make(database: Database) -> None:
    if database.engine != "sqlite":
        _postgresql("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)
        _postgresql("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0", database)
    app = create_app(database.settings())
    migrate(app)
    fill(app, database.size, today(rows.ZONE))
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
        with db.engines[None].connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
        if database.engine == "sqlite":
            _checkpoint(_file(database))
        db.engines[None].dispose()


def _checkpoint(file: Path) -> None:
    """Bring everything into the one file, so that it can be copied."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _url(engine: str, folder: Path, name: str) -> str:
    return f"sqlite:///{folder / 'eventsys.db'}" if engine == "sqlite" else f"{SERVER.rsplit('/', 1)[0]}/{name}"


def _file(database: Database) -> Path:
    return database.data / "eventsys.db"


def _is_there(database: Database) -> bool:
    if database.engine == "sqlite":
        return _file(database).exists()
    try:
        psycopg.connect(database.url).close()
    except psycopg.OperationalError:
        return False
    return True


def _postgresql(statement: Any, *databases: Database) -> None:
    names = [sql.Identifier(each.url.rpartition("/")[2]) for each in databases]
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*names))


def _models() -> str:
    """A mark of all that the kept databases depend on."""
    files = [*sorted((ROOT / "eventsys").glob("*/models.py")), *sorted((ROOT / "eventsys" / "core").glob("*.py"))]
    files += sorted((ROOT / "migrations" / "versions").glob("*.py"))
    files += [Path(__file__), Path(rows.__file__), Path(__file__).with_name("words.py")]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]
