"""What a row refers to: a record by its number, or another row of the file by the mark that it gives itself."""

from __future__ import annotations

from collections.abc import Mapping

from eventsys.core.language import gettext as _
from eventsys.core.names import fold
from eventsys.exchange.checking.checked import Checked
from eventsys.exchange.columns import Sheet
from eventsys.exchange.findings import Finding, refused

Marks = Mapping[Sheet, Mapping[str, Checked]]
Referred = int | Checked | None


def referred(each: Checked, column: str, sheet: Sheet, marks: Marks) -> Referred:
    """The number of a record, or the row of the file; None where there is none, which is found out and kept."""
    text = each.row.cells.get(column, "")
    if not text or any(finding["column"] == column for finding in each.row.findings):
        return None
    if text.isdigit():
        return int(text)
    row = marks.get(sheet, {}).get(text)
    if row is None:
        each.find(_unknown_mark(column, text))
        return None
    if row.is_refused:
        each.find(refused_row(column, row.row.number))
        return None
    return row if row.subject_id is None else row.subject_id


def unknown_record(column: str) -> Finding:
    """The number that a cell refers to is nobody's."""
    return refused(column, lambda: _("No record has this number."))


def check_name(each: Checked, column: str, names: tuple[str, ...]) -> None:
    """A name that stands beside a number must be that record's, or the number is a wrong one."""
    told = each.row.cells.get(column, "")
    if told and fold(told) not in {fold(name) for name in names if name}:
        each.find(_other_name(column, next((name for name in names if name), "")))


def _other_name(column: str, name: str) -> Finding:
    return refused(column, lambda: _("The number belongs to “%(name)s”. Put the number or the name right.", name=name))


def _unknown_mark(column: str, mark: str) -> Finding:
    return refused(column, lambda: _("No row of the file has the mark “%(mark)s” as its record number.", mark=mark))


def refused_row(column: str, number: int) -> Finding:
    """The row of the file to which a cell refers is refused itself."""
    return refused(column, lambda: _("Row %(number)s, to which this refers, is refused.", number=number))
