"""The migrations make the schema of the models, and go up and down with data."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from eventsys import create_app, sample_city
from eventsys.config import Settings, from_environment
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.schema import bind_tools
from tests.conftest import SECRET
from tests.postgresql import own_database

MIGRATIONS = str(Path(__file__).resolve().parents[2] / "migrations")


@pytest.fixture
def empty(database_kind: str, tmp_path: Path, worker_id: str) -> Iterator[Flask]:
    """The application on a database that holds nothing yet."""
    address = own_database(f"{worker_id}_m") if database_kind == "postgresql" else f"sqlite:///{tmp_path}/empty.db"
    app = create_app(_settings(tmp_path, address))
    bind_tools(app)
    logging.disable(logging.INFO)
    with app.app_context():
        yield app
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    logging.disable(logging.NOTSET)


def _settings(data: Path, address: str) -> Settings:
    return from_environment(
        {
            "EVENTSYS_MODE": "test",
            "EVENTSYS_DATA": str(data),
            "EVENTSYS_SECRET_KEYS": SECRET,
            "EVENTSYS_PUBLIC_URL": "http://localhost",
            "DATABASE_URL": address,
        }
    )


def counts() -> dict[str, int]:
    db.session.rollback()
    found = {
        table.name: db.session.execute(text(f'SELECT count(*) FROM "{table.name}"')).scalar_one()
        for table in db.metadata.sorted_tables
    }
    db.session.rollback()
    return found


def test_the_migrations_make_the_schema_of_the_models(empty: Flask) -> None:
    upgrade(directory=MIGRATIONS)
    with db.engines[None].connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_up_with_data_down_to_nothing_and_up_again(empty: Flask) -> None:
    upgrade(directory=MIGRATIONS)
    sample_city.create()
    first = counts()
    assert first["attendee"] > 80
    downgrade(directory=MIGRATIONS, revision="base")
    assert inspect(db.engines[None]).get_table_names() == ["alembic_version"]
    upgrade(directory=MIGRATIONS)
    sample_city.create()
    assert counts() == first


def test_the_migrated_audit_log_is_append_only(empty: Flask) -> None:
    upgrade(directory=MIGRATIONS)
    sample_city.create()
    for statement in ("UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry"):
        with pytest.raises(DBAPIError, match="append only"), write() as session:
            session.execute(text(statement))
