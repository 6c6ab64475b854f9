"""Imports: one, the latest, and pages of an import's rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import func, select

from eventsys.directory.queries.lists import Cursor, Page, Rows, page_of
from eventsys.exchange.columns import Sheet
from eventsys.exchange.models import Import, ImportRow, RowState
from eventsys.extensions import db

LATEST = 20
STEP = 1000


def find_import(import_id: int) -> Import | None:
    return db.session.get(Import, import_id)


def latest_imports() -> list[Import]:
    """The latest imports, newest first."""
    return list(db.session.scalars(select(Import).order_by(Import.id.desc()).limit(LATEST)))


def counted(import_id: int) -> dict[str, dict[str, int]]:
    """How many rows of each sheet are in which state."""
    statement = (
        select(ImportRow.sheet, ImportRow.state, func.count())
        .where(ImportRow.import_id == import_id)
        .group_by(ImportRow.sheet, ImportRow.state)
    )
    found: dict[str, dict[str, int]] = {}
    for sheet, state, number in db.session.execute(statement):
        found.setdefault(Sheet(sheet).value, {})[RowState(state).value] = number
    return found


def rows_page(import_id: int, states: Collection[RowState], cursor: Cursor) -> Page[Any]:
    """A page of an import's rows in the order of the file."""
    return page_of(_rows(import_id, states), (ImportRow.id,), cursor)


def report_rows(import_id: int, sheet: Sheet, states: Collection[RowState]) -> Iterator[Any]:
    """All rows of a sheet in these states, some at a time."""
    last = 0
    statement = _rows(import_id, states).where(ImportRow.sheet == sheet).order_by(ImportRow.id).limit(STEP)
    while rows := db.session.execute(statement.where(ImportRow.id > last)).all():
        yield from rows
        last = rows[-1].id


def _rows(import_id: int, states: Collection[RowState]) -> Rows:
    return select(
        ImportRow.id,
        ImportRow.sheet,
        ImportRow.number,
        ImportRow.state,
        ImportRow.label,
        ImportRow.subject_id,
        ImportRow.cells,
        ImportRow.changes,
        ImportRow.findings,
    ).where(ImportRow.import_id == import_id, ImportRow.state.in_(states))
