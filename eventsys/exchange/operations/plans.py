"""What is about to be written for the rows of an import, and what became of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import bindparam, select, update

from eventsys.core.actor import Actor
from eventsys.core.language import gettext as _
from eventsys.exchange.columns import Sheet
from eventsys.exchange.findings import Finding, refused
from eventsys.exchange.models import ImportRow, RowState
from eventsys.extensions import db


@dataclass(slots=True)
class Plan:
    """One row: the values of its record, before (empty for a new one) and after, as the audit log keeps them.

    `known` are the other records that were known of when somebody decided; `obstacle` is why it is not written after
    all.
    """

    row: Any
    values: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    label: str = ""
    sign: Any = None
    known: list[int] = field(default_factory=list)
    subject_id: int | None = None
    obstacle: Finding | None = None

    @property
    def is_new(self) -> bool:
        return self.row.subject_id is None


class Writer(Protocol):
    """How the rows of one sheet are written: planned outside of a unit of work where that is slow, written inside."""

    step: int
    plans_ahead: bool
    needs_all: bool

    def order(self, rows: Sequence[Any]) -> Sequence[Any]:
        """The rows in the order in which they can be written."""

    def plan(self, rows: Sequence[Any]) -> list[Plan]:
        """What each row means now."""

    def write(self, plans: Sequence[Plan], *, by: Actor) -> None:
        """Write them; those whose ground has moved get an `obstacle` instead."""


def moved(column: str = "") -> Finding:
    """The record is no longer as it was when somebody looked at the preview."""
    return refused(column, lambda: _("The record has changed since the preview. Look at it again, then import anew."))


def stop_moved(plans: Iterable[Plan], model: Any) -> None:
    """Give an obstacle to every row whose record was changed since it was compared; locks the records."""
    changed = {plan.row.subject_id: plan for plan in plans if not plan.is_new}
    if not changed:
        return
    statement = select(model.id, model.version).where(model.id.in_(list(changed))).with_for_update()
    versions = {row.id: row.version for row in db.session.execute(statement)}
    for number, plan in changed.items():
        plan.subject_id = number
        if versions.get(number) != plan.row.basis:
            plan.obstacle = moved()


def mark_written(plans: Sequence[Plan]) -> None:
    """Keep what became of each row, in the unit of work that wrote it."""
    written = [{"the_id": plan.row.id, "subject": plan.subject_id} for plan in plans if plan.obstacle is None]
    if written:
        db.session.connection().execute(_WRITTEN, written)
    mark_left(plans, RowState.LEFT)


def mark_left(plans: Sequence[Plan], state: RowState) -> None:
    """Keep why rows were not written."""
    for plan in plans:
        if plan.obstacle is not None:
            values = {"state": state, "findings": [*plan.row.findings, plan.obstacle]}
            statement = update(ImportRow).where(ImportRow.id == plan.row.id).values(values)
            db.session.execute(statement.execution_options(synchronize_session=False))


_WRITTEN = (
    update(ImportRow)
    .where(ImportRow.id == bindparam("the_id"))
    .values(state=RowState.WRITTEN, subject_id=bindparam("subject"))
)

Finder = Callable[[Sheet, str], int | None]
