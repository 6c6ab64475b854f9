"""The application on a real database, fresh for each test, and browsers for its people.

`EVENTSYS_TEST_DATABASE=postgresql` runs everything on PostgreSQL instead of SQLite.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from eventsys import create_app
from eventsys.accounts.models import Account
from eventsys.config import Mode, Settings, from_environment
from eventsys.core.audit import PROTECTION
from eventsys.core.language import set_language
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.feeds.texts import forget_texts
from eventsys.overview.navigation import forget_site
from tests.personas import Browse, let_actors_travel
from tests.postgresql import empty_filled_tables, own_database

SECRET = "a-secret-for-tests-only-0123456789-abcdefgh"


@pytest.fixture(scope="session")
def database_kind() -> str:
    return os.environ.get("EVENTSYS_TEST_DATABASE", "sqlite")


@pytest.fixture(scope="session")
def settings(database_kind: str, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Settings:
    data = tmp_path_factory.mktemp("data")
    environment = {
        "EVENTSYS_MODE": Mode.TEST.value,
        "EVENTSYS_DATA": str(data),
        "EVENTSYS_SECRET_KEYS": SECRET,
        "EVENTSYS_PUBLIC_URL": "http://localhost",
        "DATABASE_URL": own_database(worker_id) if database_kind == "postgresql" else f"sqlite:///{data}/test.db",
    }
    return from_environment(environment)


@pytest.fixture(scope="session")
def application(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    let_actors_travel(app)
    with app.app_context():
        db.create_all(bind_key=None)
    yield app
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def app(application: Flask) -> Iterator[Flask]:
    """The application with empty tables, inside an application context."""
    with application.app_context():
        yield application
        set_language("zh")
        db.session.remove()
        empty_tables()
        forget_site()
        forget_texts()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session inside an open unit of work is not given: use `write()`; this one reads."""
    yield db.session()


@pytest.fixture
def browse(app: Flask) -> Browse:
    """`browse(person)` is a browser in which that person is signed in; `browse(None)` a stranger's."""
    return Browse(app)


@pytest.fixture
def browse_account(browse: Browse) -> Callable[[Account], FlaskClient]:
    """`browse_account(account)` is a browser in which that account is really signed in."""
    return browse.account


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A stranger's browser."""
    return app.test_client()


def empty_tables() -> None:
    """Leave the database as it was made, without a row."""
    tables = [f'"{table.name}"' for table in db.metadata.sorted_tables]
    with write() as session:
        if session.get_bind().dialect.name == "postgresql":
            empty_filled_tables(session)
            return
        session.execute(text("PRAGMA defer_foreign_keys=ON"))
        for trigger in ("audit_entry_keeps", "audit_entry_stays"):
            session.execute(text(f"DROP TRIGGER IF EXISTS {trigger}"))
        for name in tables:
            session.execute(text(f"DELETE FROM {name}"))
        for statement in PROTECTION["sqlite"]:
            session.execute(text(statement))


@pytest.fixture(scope="session")
def golden() -> Path:
    """The folder of golden files."""
    return Path(__file__).parent / "golden"
