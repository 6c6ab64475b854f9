"""The database's schema beside the code's: brought up to date by `migrate`, compared before every start.

The comparison reads the migrations' text, because importing the migration tools costs a second and a half.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from flask import Flask
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from eventsys.extensions import db

log = logging.getLogger("eventsys.schema")

MADE_LATER = "The database was made by a later version of eventsys. Install that version, or restore a backup."
MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
_REVISION = re.compile(r"^revision\b[^=]*=\s*[\"'](\w+)[\"']", re.MULTILINE)
_REVISES = re.compile(r"^down_revision\b[^=]*=\s*[\"'](\w+)[\"']", re.MULTILINE)


class SchemaError(Exception):
    """The schema does not fit the code; the message says what to do."""


class Fit(StrEnum):
    """How the database's schema stands to the code."""

    EMPTY = "empty"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


def fit(app: Flask, migrations: Path = MIGRATIONS) -> Fit:
    """Compare the database's revision with the code's. Raises `sqlalchemy.exc.DBAPIError` when it does not answer.

    Leaves no connection open: a server may fork afterwards.
    """
    with app.app_context():
        revision = _revision_of_database()
        db.engines["read"].dispose()
    texts = [path.read_text() for path in (migrations / "versions").glob("*.py")]
    known = _found(_REVISION, texts)
    if revision is None:
        return Fit.EMPTY
    if revision not in known:
        return Fit.NEWER
    return Fit.CURRENT if revision in known - _found(_REVISES, texts) else Fit.OLDER


def migrate(app: Flask) -> None:
    """Bring the database up to date. Raises `SchemaError` when a later version of the code has been at it."""
    if fit(app) is Fit.NEWER:
        raise SchemaError(MADE_LATER)
    from flask_migrate import upgrade

    with app.app_context():
        bind_tools(app)
        upgrade(directory=str(MIGRATIONS))


def bind_tools(app: Flask) -> None:
    """Let flask-migrate know the application; only what migrates pays for loading it."""
    from flask_migrate import Migrate

    Migrate(app, db, directory=str(MIGRATIONS))


def require_current(app: Flask) -> None:
    """Refuse to start on another schema; raises `SchemaError`. A database that does not answer yet is waited for."""
    try:
        found = fit(app)
    except DBAPIError:
        log.warning("the database does not answer; its schema was not compared", exc_info=True)
        return
    if found is Fit.NEWER:
        raise SchemaError(MADE_LATER)
    if found is not Fit.CURRENT:
        raise SchemaError("The database is not up to date. Run: eventsys migrate")


def _revision_of_database() -> str | None:
    with db.engines["read"].connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return found


def _found(pattern: re.Pattern[str], texts: Iterable[str]) -> set[str]:
    return {match for each in texts for match in pattern.findall(each)}
