"""A whole file: every row read and checked, sheet by sheet, in the order in which they refer to one another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from eventsys.core.language import gettext as _
from eventsys.exchange.checking.appointments import check_appointments
from eventsys.exchange.checking.checked import Checked
from eventsys.exchange.checking.organizations import check_organizations
from eventsys.exchange.checking.people import check_people
from eventsys.exchange.checking.posts import check_posts
from eventsys.exchange.checking.references import Marks
from eventsys.exchange.columns import Sheet
from eventsys.exchange.findings import Finding, refused
from eventsys.exchange.reading.opened import Remark, Row, Table, opened
from eventsys.exchange.reading.rows import Unreadable

OFTEN = 250


@dataclass(slots=True)
class Preview:
    """What a file would do: its rows by sheet, the columns each sheet has, and what is to be said about the file."""

    rows: dict[Sheet, list[Checked]] = field(default_factory=dict)
    columns: dict[Sheet, tuple[str, ...]] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)


def preview(data: bytes, wanted: Sheet | None, told: Callable[[int, int], None]) -> Preview:
    """Read and check the file; nothing is written. `told` hears how many of how many steps are done.

    Raises `Unreadable`, and whatever `told` raises to stop it.
    """
    file = opened(data, wanted)
    found = Preview(remarks=file.remarks)
    progress = _Progress(2 * sum(table.expected for table in file.tables), told)
    read = {table.sheet: _read(table, progress) for table in file.tables}
    if not any(read.values()):
        raise Unreadable(lambda: _("There are headings and no rows below them."))
    for table in file.tables:
        found.columns[table.sheet] = table.columns
    marks: dict[Sheet, dict[str, Checked]] = {}
    for sheet in Sheet:
        if sheet in read:
            found.rows[sheet] = CHECKS[sheet](read[sheet], progress.step, marks)
            marks[sheet] = {each.mark: each for each in found.rows[sheet] if each.mark}
    return found


class _Progress:
    def __init__(self, total: int, told: Callable[[int, int], None]) -> None:
        self._done, self._total, self._told = 0, max(1, total), told

    def step(self, number: int) -> None:
        self._done += number
        self._told(min(self._done, self._total), self._total)


def _read(table: Table, progress: _Progress) -> list[Row]:
    """All rows of the table; those that merged cells cover are refused."""
    rows = []
    for row in table.rows:
        rows.append(row)
        if len(rows) % OFTEN == 0:
            progress.step(OFTEN)
    progress.step(len(rows) % OFTEN)
    if rows:
        _refuse_merged(rows, table.merged([row.number for row in rows]))
    return rows


def _refuse_merged(rows: Iterable[Row], merged: dict[int, str]) -> None:
    for row in rows:
        if row.number in merged:
            row.findings.append(_merged(merged[row.number]))


def _merged(cells: str) -> Finding:
    return refused("", lambda: _("The cells %(cells)s are merged. Unmerge them and fill in each.", cells=cells))


CHECKS: dict[Sheet, Callable[[Sequence[Row], Callable[[int], None], Marks], list[Checked]]] = {
    Sheet.ORGANIZATIONS: check_organizations,
    Sheet.POSTS: check_posts,
    Sheet.PEOPLE: check_people,
    Sheet.APPOINTMENTS: check_appointments,
}
