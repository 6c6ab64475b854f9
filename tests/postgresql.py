"""A database of its own for each test process."""

from __future__ import annotations

import os

import psycopg
from psycopg import sql

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
