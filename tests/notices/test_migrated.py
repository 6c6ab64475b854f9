"""Notices written before there were saved texts and steps of review keep what they were."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from eventsys.core.transaction import write
from eventsys.extensions import db
from tests.architecture import test_migrations as migrations
from tests.notices.world import approved, published, started, submitted, world


@pytest.fixture
def empty(database_kind: str, tmp_path: Path, worker_id: str) -> Iterator[Flask]:
    yield from migrations.empty.__wrapped__(database_kind, tmp_path, worker_id)


def test_texts_and_approvals_survive_the_way_up(empty: Flask) -> None:
    upgrade(directory=migrations.MIGRATIONS)
    made = [make(world()).id for make in (started, submitted, approved)] + [published(world()).published_id]
    db.session.remove()
    downgrade(directory=migrations.MIGRATIONS, revision="0006")
    upgrade(directory=migrations.MIGRATIONS, revision="0007")
    with write() as session:
        revisions = session.execute(
            text("SELECT version_id, number, kind, text FROM notice_revision ORDER BY id")
        ).all()
        steps = session.execute(
            text(
                "SELECT version_id, round, position, role, state, \"by\" = '', decided_at IS NULL, revision_id IS NULL "
                "FROM notice_review ORDER BY id"
            )
        ).all()
        rounds = session.execute(text("SELECT round, facts FROM notice_version ORDER BY id")).all()
    texts = [json.loads(row.text) if isinstance(row.text, str) else row.text for row in revisions]
    assert [(row.version_id, row.number, row.kind) for row in revisions] == [(each, 1, "saved") for each in made]
    assert {each["title_zh"] for each in texts} == {"全市外办主任会议召开"}
    assert [tuple(row) for row in steps] == [
        (made[1], 1, 1, "approver", "open", True, True, True),
        (made[2], 1, 1, "approver", "passed", False, False, False),
        (made[3], 1, 1, "approver", "passed", False, False, False),
    ]
    assert [(row.round, row.facts in ("{}", {})) for row in rounds] == [(0, True), (1, True), (1, True), (1, True)]
