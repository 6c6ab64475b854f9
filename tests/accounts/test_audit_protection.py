"""The audit log takes entries and gives none back."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError

from eventsys.core.audit import AuditEntry, record
from eventsys.core.transaction import write
from eventsys.extensions import db
from tests import factories


@pytest.fixture
def entry(app: Flask) -> int:
    office = factories.organization()
    with write():
        record("organization.add", office, by=factories.actor(), label="第1区", after={"name_zh": "第1区"})
    return db.session.scalars(select(AuditEntry.id)).one()


@pytest.mark.parametrize("change", [update(AuditEntry).values(actor="nobody"), delete(AuditEntry)])
def test_entries_cannot_be_changed_or_deleted(entry: int, change: object) -> None:
    with pytest.raises(DBAPIError, match="append only"), write() as session:
        session.execute(change)
    assert db.session.execute(select(AuditEntry.id, AuditEntry.actor)).all() == [(entry, "tester")]


def test_tables_are_empty_for_the_next_test(app: Flask) -> None:
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == 0
