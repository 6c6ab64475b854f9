"""A database of its own for each test process."""

from __future__ import annotations

import os

import psycopg
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.orm import Session

from eventsys.extensions import db

SERVER = os.environ.get("EVENTSYS_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")


def own_database(worker: str) -> str:
    """Create an empty database named after the test process and return its address."""
    name = f"eventsys_test_{worker}_{os.getpid()}"
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(
            sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(name))
        )
        connection.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit TO off").format(sql.Identifier(name)))
    return SERVER.rsplit("/", 1)[0] + f"/{name}"


def empty_filled_tables(session: Session) -> None:
    """Delete every row and let numbers begin again; touches only what a test filled, which TRUNCATE would not."""
    tables = [table.name for table in db.metadata.sorted_tables]
    looks = ", ".join(f"CASE WHEN EXISTS (SELECT 1 FROM \"{name}\") THEN '{name}' END" for name in tables)
    filled = [name for name in session.execute(text(f"SELECT {looks}")).one() if name]
    session.execute(text("SET LOCAL session_replication_role = replica"))
    for name in filled:
        session.execute(text(f'DELETE FROM "{name}"'))
        if "id" in db.metadata.tables[name].columns:
            session.execute(text(f'ALTER SEQUENCE "{name}_id_seq" RESTART'))
