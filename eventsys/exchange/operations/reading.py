"""The worker reads a file: its rows are put where the page finds them, and nothing else is written."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

from sqlalchemy import delete, insert, select

from eventsys.core.clock import now
from eventsys.core.transaction import write
from eventsys.exchange.checking.all import Preview, preview
from eventsys.exchange.checking.checked import Checked, in_steps, label_of
from eventsys.exchange.columns import Sheet
from eventsys.exchange.models import Import, ImportFile, ImportRow, ImportState
from eventsys.exchange.operations.holding import Hold
from eventsys.exchange.reading.rows import Unreadable
from eventsys.extensions import db

TELL_SECONDS = 0.7
ROWS_AT_ONCE = 400


def read_file(hold: Hold) -> None:
    """Read, check and keep the rows. A file that cannot be read ends the import with the reason; raises `Lost`."""
    data = db.session.scalar(select(ImportFile.content).where(ImportFile.import_id == hold.import_id))
    db.session.rollback()
    try:
        if data is None:
            raise LookupError("the file of an import that waits to be read")
        found = preview(data, Sheet(hold.sheet) if hold.sheet else None, _seldom(hold))
    except Unreadable as reason:
        end_unreadable(hold, reason.texts)
        return
    _keep(hold, found)


def end_unreadable(hold: Hold, texts: dict[str, str]) -> None:
    """End the import with the reason why its file cannot be taken."""
    with write():
        hold.step(state=ImportState.UNREADABLE, reason=texts, finished_at=now(), version=Import.version + 1)
        db.session.execute(delete(ImportFile).where(ImportFile.import_id == hold.import_id))


def counts_of(found: Preview) -> dict[str, dict[str, int]]:
    """Rows by sheet and state."""
    return {sheet: dict(Counter(each.state.value for each in rows)) for sheet, rows in found.rows.items()}


def _seldom(hold: Hold) -> Any:
    """Tell how far it is, but not more often than somebody looks."""
    last = [time.monotonic()]

    def tell(done: int, total: int) -> None:
        if time.monotonic() - last[0] > TELL_SECONDS:
            hold.tell(done, total)
            last[0] = time.monotonic()

    return tell


def _keep(hold: Hold, found: Preview) -> None:
    """Put the rows on record, some at a time; an earlier try's are taken away first."""
    while _took_away(hold):
        pass
    for rows in found.rows.values():
        for part in in_steps(rows, ROWS_AT_ONCE):
            values = [_values(hold.import_id, each) for each in part]
            with write():
                hold.step()
                db.session.connection().execute(_ROW, values)
    with write():
        hold.step(
            state=ImportState.READY,
            counts=counts_of(found),
            columns={sheet: list(columns) for sheet, columns in found.columns.items()},
            remarks=found.remarks,
            version=Import.version + 1,
        )
        db.session.execute(delete(ImportFile).where(ImportFile.import_id == hold.import_id))


_ROW = insert(ImportRow)


def _took_away(hold: Hold) -> bool:
    with write():
        hold.step()
        some = select(ImportRow.id).where(ImportRow.import_id == hold.import_id).limit(ROWS_AT_ONCE)
        answer = db.session.connection().execute(delete(ImportRow).where(ImportRow.id.in_(some)))
        return answer.rowcount > 0


def _values(import_id: int, each: Checked) -> dict[str, Any]:
    return {
        "import_id": import_id,
        "sheet": each.row.sheet,
        "number": each.row.number,
        "state": each.state,
        "mark": each.mark,
        "label": label_of(each.row.cells),
        "subject_id": each.subject_id,
        "basis": each.basis,
        "cells": each.row.cells,
        "changes": each.changes,
        "findings": each.row.findings,
        "likely": each.likely,
    }
