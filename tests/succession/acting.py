"""Merging as an administrator does it in tests."""

from __future__ import annotations

from typing import Any

from eventsys.core.transaction import write
from eventsys.directory.models import Person
from eventsys.extensions import db
from eventsys.succession import operations
from eventsys.succession.operations import Choices
from eventsys.succession.queries.merging import Comparison, PersonPair, comparison, find_pair
from tests.directory.acting import ADMINISTRATOR


def pair_of(staying: Person, gone: Person) -> PersonPair:
    found = find_pair(staying.id, gone.id)
    assert found is not None
    return found


def compared(staying: Person, gone: Person) -> Comparison:
    return comparison(pair_of(staying, gone))


def merged(staying: Person, gone: Person, fields: Any = None, places: Any = None, **more: Any) -> Person:
    """Merge the second record into the first, as both stand now."""
    found = compared(staying, gone)
    versions = found.pair.staying.version, found.pair.gone.version
    choices = Choices(fields or {}, places or {}, **more)
    with write():
        return operations.merge(found.pair, choices, versions, found.mark, by=ADMINISTRATOR)


def again(row: Any) -> Any:
    """The row as the database has it."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.get(type(row), row.id)
