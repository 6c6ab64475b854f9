"""The unit of work: reads cannot write, writes cannot be lost."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from eventsys.core.errors import Stale
from eventsys.core.transaction import after_commit, check_version, is_writing, locked, write
from eventsys.directory.models import Organization
from eventsys.extensions import db
from tests.factories import organization


def test_a_read_session_cannot_write(app: Flask) -> None:
    organization("沈阳市")
    with pytest.raises(DBAPIError):
        db.session.execute(text("UPDATE organization SET name_zh = 'x'"))


def test_a_write_commits_and_runs_what_waits(app: Flask) -> None:
    seen: list[str] = []

    def note() -> None:
        seen.append("done" if not is_writing() else "too early")

    with write() as session:
        after_commit(note)
        after_commit(note)
        session.execute(text("SELECT 1"))
    assert seen == ["done"]


def test_an_error_rolls_everything_back(app: Flask) -> None:
    row = organization("沈阳市")
    with pytest.raises(RuntimeError, match="broken"), write():
        locked(Organization, row.id).name_zh = "大连市"
        raise RuntimeError("broken")
    assert db.session.scalars(select(Organization.name_zh)).all() == ["沈阳市"]


def test_a_missing_row_is_a_lookup_error(app: Flask) -> None:
    with pytest.raises(LookupError), write():
        locked(Organization, 999)


def test_an_old_version_is_stale(app: Flask) -> None:
    row = organization("沈阳市")
    with pytest.raises(Stale) as refusal:
        check_version(row, row.version - 1)
    assert refusal.value.current is row


def test_simultaneous_increments_are_all_kept(app: Flask) -> None:
    row_id = organization("沈阳市").id

    def raise_position() -> None:
        with app.app_context():
            for _ in range(5):
                with write():
                    row = locked(Organization, row_id)
                    row.position = row.position + 1
            db.session.remove()

    threads = [threading.Thread(target=raise_position) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert db.session.scalars(select(Organization.position)).all() == [30]
