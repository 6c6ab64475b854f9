"""The database's schema and the code's: no start on another one, and no step back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from eventsys import schema
from eventsys.core.transaction import write
from eventsys.schema import Fit, SchemaError, fit, migrate, require_current


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    """Two migrations, the second on the first."""
    versions = tmp_path / "versions"
    versions.mkdir()
    (versions / "one.py").write_text('revision: str = "aaa"\ndown_revision: str | None = None\n')
    (versions / "two.py").write_text('revision = "bbb"\ndown_revision = "aaa"\n')
    return tmp_path


@pytest.fixture
def at_revision(app: Flask) -> Iterator[object]:
    """`at_revision("aaa")` marks the database as being at that revision."""

    def mark(revision: str) -> None:
        with write() as session:
            session.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
            session.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision})

    yield mark
    with write() as session:
        session.execute(text("DROP TABLE IF EXISTS alembic_version"))


def test_a_database_without_a_revision_is_empty(app: Flask, migrations: Path) -> None:
    assert fit(app, migrations) is Fit.EMPTY


@pytest.mark.parametrize(("revision", "expected"), [("aaa", Fit.OLDER), ("bbb", Fit.CURRENT), ("ccc", Fit.NEWER)])
def test_the_revision_says_how_it_fits(app: Flask, migrations: Path, at_revision, revision: str, expected: Fit) -> None:  # type: ignore[no-untyped-def]
    at_revision(revision)
    assert fit(app, migrations) is expected


def test_a_later_schema_is_refused(app: Flask, at_revision) -> None:  # type: ignore[no-untyped-def]
    at_revision("of_a_later_version")
    for refuse in (migrate, require_current):
        with pytest.raises(SchemaError, match="later version"):
            refuse(app)


def test_an_older_schema_does_not_start(app: Flask) -> None:
    with pytest.raises(SchemaError, match="eventsys migrate"):
        require_current(app)


def test_the_codes_own_migrations_are_found() -> None:
    versions = list((schema.MIGRATIONS / "versions").glob("*.py"))
    found = schema._found(schema._REVISION, [path.read_text() for path in versions])
    assert len(found) == len(versions) > 0
