"""A row with what was found out about it, and the questions that every kind of row is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from eventsys.core.language import gettext as _
from eventsys.exchange.columns import COLUMNS, Form, Sheet
from eventsys.exchange.findings import ASKED, REFUSED, Finding, refused
from eventsys.exchange.models import RowState
from eventsys.exchange.reading.opened import Row

STEP = 500
LONGEST_LABEL = 300
T = TypeVar("T")


@dataclass(slots=True)
class Checked:
    """A row and its meaning; see `models.ImportRow` for the parts."""

    row: Row
    subject_id: int | None = None
    basis: int | None = None
    mark: str = ""
    changes: dict[str, list[str]] = field(default_factory=dict)
    likely: list[int] = field(default_factory=list)

    @property
    def state(self) -> RowState:
        weights = {finding["weight"] for finding in self.row.findings}
        if REFUSED in weights:
            return RowState.REFUSED
        if self.subject_id is not None and not self.changes:
            return RowState.UNCHANGED
        if ASKED in weights:
            return RowState.ASKED
        return RowState.NEW if self.subject_id is None else RowState.CHANGED

    def find(self, *findings: Finding | None) -> None:
        """Add what was found."""
        self.row.findings.extend(finding for finding in findings if finding is not None)

    @property
    def is_refused(self) -> bool:
        return any(finding["weight"] == REFUSED for finding in self.row.findings)


def begun(row: Row) -> Checked:
    """The row with the number or the mark it gives itself, refused where something it needs is missing."""
    found = Checked(row)
    code = row.cells.get("number", "")
    if any(finding["column"] == "number" for finding in row.findings):
        code = ""
    if code.isdigit():
        found.subject_id = int(code)
    else:
        found.mark = code
    for column in COLUMNS[row.sheet]:
        if column.must and not row.cells.get(column.key):
            found.find(refused(column.key, lambda: _("This is needed.")))
    return found


def refuse_twice(rows: Sequence[Checked], value: Any, column: str) -> None:
    """Refuse rows that name the same record, mark or e-mail address, each naming the others. "" and None count not."""
    places: dict[Any, list[Checked]] = {}
    for each in rows:
        key = value(each)
        if key:
            places.setdefault(key, []).append(each)
    for same in places.values():
        if len(same) > 1:
            _refuse_same(same, column)


def _refuse_same(same: Sequence[Checked], column: str) -> None:
    for each in same:
        others = numbers(other.row.number for other in same if other is not each)
        each.find(_same(column, others))


def _same(column: str, rows: str) -> Finding:
    return refused(column, lambda: _("The same stands in row %(rows)s.", rows=rows))


def numbers(rows: Iterable[int], most: int = 10) -> str:
    """Row numbers in words: `3, 7`."""
    listed = list(islice(rows, most + 1))
    return ", ".join(str(each) for each in listed[:most]) + (" …" if len(listed) > most else "")


def compare(found: Checked, before: Mapping[str, str]) -> None:
    """Old and new text of each column that the file has and that differs."""
    told = {column.key for column in COLUMNS[found.row.sheet] if column.form in {Form.TOLD, Form.CODES}}
    found.changes = {
        key: [before[key], text]
        for key, text in found.row.cells.items()
        if key in before and key not in told and key != "number" and text != before[key]
    }


def label_of(cells: Mapping[str, str]) -> str:
    """What a row is called in lists."""
    return (cells.get("name_zh") or cells.get("name_en") or cells.get("title_zh") or cells.get("title_en") or "")[
        :LONGEST_LABEL
    ]


def in_steps(rows: Sequence[T], step: int = STEP) -> Iterable[Sequence[T]]:
    """The rows in pieces that one question of the database takes."""
    return (rows[at : at + step] for at in range(0, len(rows), step))


def unknown_number(sheet: Sheet) -> Finding:
    """No record has the number."""
    return refused("number", lambda: _("No record has this number. Leave it empty for a new row."))
