"""Workbooks (.xlsx) as rows, one at a time; formulas are seen as formulas, hidden rows and merged cells are told."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from eventsys.core.language import gettext as _
from eventsys.exchange.reading.packages import looked_through
from eventsys.exchange.reading.rows import Broken, Formula, Raw, RawRow, RawSheet, Unreadable

MOST_COLUMNS = 200
TRUE = {"1", "true"}


def sheets_of(data: bytes) -> tuple[list[RawSheet], list[str]]:
    """The visible sheets and the names of the hidden ones. Raises `Unreadable`; rows may raise it as they are read."""
    looked_through(data)
    with _library():
        from openpyxl import load_workbook

        book = load_workbook(BytesIO(data), read_only=True, keep_links=False)
        sheets = list(book.worksheets)
    hidden = [str(sheet.title) for sheet in sheets if sheet.sheet_state != "visible"]
    return [_sheet(book, sheet) for sheet in sheets if sheet.sheet_state == "visible"], hidden


@contextmanager
def _library() -> Iterator[None]:
    """Whatever the library meets in a file that is not as it should be, the file is at fault."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except Unreadable:
        raise
    except MemoryError:
        raise
    except Exception as error:
        raise Unreadable(
            lambda: _("The workbook cannot be read. Open it in Excel or WPS, save it again as .xlsx, and try again.")
        ) from error


def _sheet(book: Any, sheet: Any) -> RawSheet:
    found = RawSheet(str(sheet.title), iter(()), int(sheet.max_row or 0))
    found.rows = _rows(book, sheet, found)
    return found


def _rows(book: Any, sheet: Any, found: RawSheet) -> Iterator[RawRow]:
    """The rows that hold anything. The library's parser is asked itself: its sheets hide what we have to tell."""
    from openpyxl.worksheet._reader import WorkSheetParser

    with _library(), book._archive.open(sheet._worksheet_path) as source:
        parser = WorkSheetParser(
            source,
            sheet._shared_strings,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for number, cells in parser.parse():
            shown = parser.row_dimensions.pop(str(number), {})
            row = RawRow(number, _cells(cells), str(shown.get("hidden", "")).lower() in TRUE)
            if any(cell is not None and cell != "" for cell in row.cells):
                yield row
        merged = parser.merged_cells
        found.merged = [(each.min_row, each.max_row, str(each.ref)) for each in merged.mergeCell] if merged else []


def _cells(cells: list[dict[str, Any]]) -> list[Raw]:
    row: list[Raw] = []
    for cell in cells:
        column = int(cell["column"])
        if cell["value"] is None or column > MOST_COLUMNS:
            continue
        row.extend([None] * (column - len(row)))
        row[column - 1] = _cell(cell["data_type"], cell["value"])
    return row


def _cell(kind: str, value: Any) -> Raw:
    if kind == "f":
        return Formula(str(getattr(value, "text", value) or "="))
    if kind == "e":
        return Broken(str(value))
    found: Raw = value
    return found
