"""The worker writes what somebody confirmed: some rows at a time, or all of them in one unit of work.

Each row's state is kept in the unit of work that wrote it, so a worker that is killed leaves nothing half done and the
next one goes on where it stopped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from eventsys.core import audit
from eventsys.core.clock import now
from eventsys.core.language import gettext as _
from eventsys.core.transaction import write
from eventsys.exchange.checking.checked import in_steps
from eventsys.exchange.columns import Sheet
from eventsys.exchange.findings import in_both
from eventsys.exchange.models import Import, ImportRow, ImportState, ImportWay, RowState
from eventsys.exchange.operations.appointments import AppointmentWriter
from eventsys.exchange.operations.deciding import question_of
from eventsys.exchange.operations.holding import Hold
from eventsys.exchange.operations.one_by_one import OrganizationWriter, PostWriter
from eventsys.exchange.operations.people import PeopleWriter
from eventsys.exchange.operations.plans import Plan, Writer, mark_left, mark_written
from eventsys.exchange.queries.imports import counted
from eventsys.extensions import db

WRITERS: Mapping[Sheet, Writer] = {
    Sheet.ORGANIZATIONS: OrganizationWriter(),
    Sheet.POSTS: PostWriter(),
    Sheet.PEOPLE: PeopleWriter(),
    Sheet.APPOINTMENTS: AppointmentWriter(),
}


class _Moved(Exception):
    """Something moved while all or nothing was asked for."""

    def __init__(self, plans: Sequence[Plan]) -> None:
        self.plans = plans


def write_import(hold: Hold) -> None:
    """Write it as it was confirmed. Raises `Lost` when it was stopped or taken over."""
    if hold.way == ImportWay.ALL:
        _write_all(hold)
    else:
        _write_good(hold)


def end_writing(hold: Hold) -> None:
    """Stop an import that several workers could not finish; what is written stays and is counted."""
    with write():
        hold.step(
            state=ImportState.STOPPED,
            counts=counted(hold.import_id),
            reason=in_both(lambda: _("Writing failed several times and was stopped. What is written stays.")),
            finished_at=now(),
            version=Import.version + 1,
        )


def _write_good(hold: Hold) -> None:
    done = 0
    for sheet, writer in WRITERS.items():
        while rows := writer.order(_rows(hold, sheet))[: writer.step]:
            plans = writer.plan(rows) if writer.plans_ahead else []
            db.session.rollback()
            with write():
                hold.step(done=Import.done + len(rows))
                plans = plans or writer.plan(rows)
                writer.write(plans, by=hold.actor)
                mark_written(plans)
            done += len(rows)
            hold.told(done, hold.total)
    with write():
        _finish(hold)


def _write_all(hold: Hold) -> None:
    ready: dict[Sheet, list[Plan]] = {}
    done = 0
    for sheet, writer in WRITERS.items():
        for part in in_steps(writer.order(_rows(hold, sheet))) if writer.plans_ahead else ():
            ready.setdefault(sheet, []).extend(writer.plan(part))
            done += len(part)
            db.session.rollback()
            hold.tell(done, hold.total)
    try:
        with write():
            for sheet, writer in WRITERS.items():
                plans = ready[sheet] if sheet in ready else writer.plan(writer.order(_rows(hold, sheet)))
                writer.write(plans, by=hold.actor)
                stopped = [plan for plan in plans if plan.obstacle is not None]
                if stopped:
                    raise _Moved(stopped)
                mark_written(plans)
            _finish(hold)
    except _Moved as moved:
        _put_back(hold, moved.plans)


def _put_back(hold: Hold, plans: Sequence[Plan]) -> None:
    """Nothing was written; the rows that stood in the way say so, and somebody decides again."""
    with write():
        mark_left(plans, RowState.REFUSED)
        number = len(plans)
        hold.step(
            state=ImportState.READY,
            counts=counted(hold.import_id),
            reason=in_both(lambda: _("Nothing was written: %(number)s rows moved meanwhile.", number=number)),
            version=Import.version + 1,
        )


def _finish(hold: Hold) -> None:
    counts = counted(hold.import_id)
    hold.step(state=ImportState.DONE, counts=counts, done=Import.total, finished_at=now(), version=Import.version + 1)
    brought = db.session.get_one(Import, hold.import_id, populate_existing=True)
    states: Counter[str] = Counter()
    for of_sheet in counts.values():
        states.update(of_sheet)
    facts = {
        "file": brought.name,
        "sheets": ", ".join(counts),
        "written": states[RowState.WRITTEN],
        "unchanged": states[RowState.UNCHANGED],
        "not_written": sum(states[state] for state in (RowState.REFUSED, RowState.ASKED, RowState.LEFT)),
    }
    audit.record("import.write", brought, by=hold.actor, after=facts, label=brought.name)


def _rows(hold: Hold, sheet: Sheet) -> Sequence[Any]:
    """The rows that are still to be written: changes before what is new, in the file's order."""
    states = [RowState.NEW, RowState.CHANGED]
    if question_of(sheet) in hold.accepted:
        states.append(RowState.ASKED)
    table = ImportRow.__table__
    limit = None if hold.way == ImportWay.ALL or WRITERS[sheet].needs_all else WRITERS[sheet].step
    statement = select(table).where(
        table.c.import_id == hold.import_id, table.c.sheet == sheet, table.c.state.in_(states)
    )
    changed_first = (table.c.subject_id.is_(None), table.c.number)
    return db.session.execute(statement.order_by(*changed_first).limit(limit)).all()
