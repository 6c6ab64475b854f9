"""The migrations make the schema of the models, and go up and down with data."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError

from eventsys import create_app, sample_city
from eventsys.config import Settings, from_environment
from eventsys.core import search
from eventsys.core.actor import Actor, Role
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.invitations.operations.change import change_meeting
from eventsys.meetings.facts import MeetingFacts
from eventsys.meetings.models import Meeting
from eventsys.schema import bind_tools
from tests import factories
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


def is_ours(name: str | None, kind: str, parents: Any) -> bool:
    """Whether a model describes it: the search engine keeps tables and indexes of its own."""
    return not search.belongs(name or "")


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
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_ours})
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


def test_the_sequence_of_the_present_time_is_read_from_the_history(empty: Flask) -> None:
    upgrade(directory=MIGRATIONS)
    office = factories.organization()
    by = factories.actor((Role.ORGANIZER, office))
    moved, renamed, untouched = (factories.meeting(office) for _ in range(3))
    change(moved, by, starts_at=moved.starts_at - timedelta(hours=1))
    change(moved, by, ends_at=moved.ends_at + timedelta(hours=1))
    change(moved, by, venue_zh="302会议室")
    change(renamed, by, venue_zh="302会议室")
    change(renamed, by, zone="Asia/Urumqi")
    expected = [(moved.id, 3, 2), (renamed.id, 2, 0), (untouched.id, 0, 0)]
    assert sequences() == expected
    db.session.remove()
    downgrade(directory=MIGRATIONS, revision="0001")
    assert "timed_sequence" not in {column["name"] for column in inspect(db.engines[None]).get_columns("meeting")}
    upgrade(directory=MIGRATIONS)
    assert sequences() == expected


def change(meeting: Meeting, by: Actor, **facts: Any) -> None:
    with write():
        change_meeting(meeting, replace(MeetingFacts.of(meeting), **facts), meeting.version, by=by)
    db.session.refresh(meeting)


def sequences() -> list[tuple[int, int, int]]:
    """Of each meeting its id, its sequence, and the one of its present time."""
    rows = db.session.execute(select(Meeting.id, Meeting.sequence, Meeting.timed_sequence).order_by(Meeting.id))
    found = [(row.id, row.sequence, row.timed_sequence) for row in rows]
    db.session.remove()
    return found


def test_letters_that_were_tried_keep_their_message_ids(empty: Flask) -> None:
    upgrade(directory=MIGRATIONS, revision="0002")
    old_letters(
        ("invitation:7:s0", "sent", 1), ("Leave:7:A", "deferred", 2), ("leave:7:a", "sent", 1), ("new", "queued", 0)
    )
    upgrade(directory=MIGRATIONS, revision="0003")
    names = ["<invitation-7-s0@localhost>", "<leave-7-a@localhost>", None, None]
    found = "SELECT message_id, tried_at IS NULL, life, state FROM letter ORDER BY id"
    assert column(found, 0) == names
    assert column(found, 1) == [False, False, False, True]
    assert column(found, 2) == [0, 0, 0, 0]
    for statement in (
        "UPDATE letter SET state = 'bounced' WHERE id = 1",
        "UPDATE letter SET state = 'lost' WHERE id = 2",
    ):
        with contextlib.suppress(DBAPIError), write() as session:
            session.execute(text(statement))
    assert column(found, 3) == ["bounced", "deferred", "sent", "queued"]
    upgrade(directory=MIGRATIONS, revision="0009")
    assert column("SELECT DISTINCT domain FROM letter", 0) == ["example.org"]
    downgrade(directory=MIGRATIONS, revision="0002")
    assert column("SELECT state FROM letter ORDER BY id", 0) == ["failed", "deferred", "sent", "queued"]
    upgrade(directory=MIGRATIONS, revision="0003")
    assert column(found, 0) == names


def old_letters(*letters: tuple[str, str, int]) -> None:
    """Letters as the first version kept them: key, state, attempts."""
    at = "2024-08-12 01:00:00"
    with write() as session:
        session.execute(text("INSERT INTO letter_batch (id, created_at, common) VALUES (1, :at, '{}')"), {"at": at})
        for number, (key, state, attempts) in enumerate(letters, 1):
            values = {"id": number, "key": key, "state": state, "attempts": attempts, "at": at}
            session.execute(
                text(
                    "INSERT INTO letter (id, batch_id, key, kind, facts, language, recipient, address, state,"
                    " queued_at, due_at, attempts, reason) VALUES (:id, 1, :key, 'invitation', '{}', 'zh', '李明',"
                    " 'li@example.org', :state, :at, :at, :attempts, '')"
                ),
                values,
            )


def column(statement: str, position: int) -> list[Any]:
    found = [row[position] for row in db.session.execute(text(statement))]
    db.session.remove()
    return [bool(each) if each in (0, 1) and position == 1 else each for each in found]
