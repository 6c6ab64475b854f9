"""Tables as files: CSV that no spreadsheet takes for a formula, and XLSX with texts only."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from typing import Any, BinaryIO

from eventsys.core.text import CONTROLS, HALVES

FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
BOM = "\ufeff"
CELL_LENGTH = 32767
SHEET_LENGTH = 31
COLUMN_WIDTH = 22
LAST_OFFERED = 5000
PIECE = 1 << 16
FORBIDDEN_IN_SHEET = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))

Value = str | int | float | None


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """UTF-8 with a byte order mark (Excel needs it), every cell quoted, CRLF (RFC 4180).

    A text that a spreadsheet might run (OWASP: `= + - @`, tab, CR, LF, also in full width) gets an apostrophe.
    """
    file = StringIO(newline="")
    file.write(BOM)
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([_neutral(cell) for cell in header])
    writer.writerows([_neutral(cell) for cell in row] for row in rows)
    return file.getvalue().encode("utf-8", "replace")


def csv_pieces(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """The same file in pieces, as the rows come: a long one costs no memory."""
    yield BOM.encode()
    file = StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([_neutral(cell) for cell in header])
    for row in rows:
        writer.writerow([_neutral(cell) for cell in row])
        if file.tell() > PIECE:
            yield file.getvalue().encode("utf-8", "replace")
            file.seek(0)
            file.truncate()
    yield file.getvalue().encode("utf-8", "replace")


def _neutral(value: Value) -> str:
    text = "" if value is None else str(value)
    if isinstance(value, str) and text.startswith(FORMULA_STARTS):
        return "'" + text
    return text


def xlsx_bytes(header: Sequence[str], rows: Iterable[Sequence[Value]], sheet: str) -> bytes:
    """A workbook of one sheet with a bold, fixed first row; every cell is a text, never a formula, number or link.

    Rows are written as they come, so a long table costs no memory. A text longer than a cell holds (32,767) is cut.
    """
    import xlsxwriter

    file = BytesIO()
    workbook = xlsxwriter.Workbook(file, {"constant_memory": True})
    worksheet = workbook.add_worksheet(_sheet_name(sheet))
    worksheet.set_column(0, max(0, len(header) - 1), COLUMN_WIDTH)
    worksheet.freeze_panes(1, 0)
    bold = workbook.add_format({"bold": True})
    for column, title in enumerate(header):
        worksheet.write_string(0, column, _cell_text(title), bold)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            worksheet.write_string(number, column, _cell_text(cell))
    workbook.close()
    return file.getvalue()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook. `choices` are the texts that a column takes, by its place; Excel offers them."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Value]]
    choices: Mapping[int, Sequence[str]] = field(default_factory=dict)
    wraps: bool = False


def write_workbook(file: BinaryIO, sheets: Sequence[Sheet]) -> None:
    """Write a workbook of sheets as `xlsx_bytes` does; cells that are filled in later are texts too, so zeros stay."""
    import xlsxwriter

    workbook = xlsxwriter.Workbook(file, {"constant_memory": True})
    as_text = workbook.add_format({"num_format": "@", "valign": "top"})
    wrapped = workbook.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
    bold = workbook.add_format({"bold": True, "num_format": "@", "text_wrap": True, "valign": "top"})
    for sheet in sheets:
        _write_sheet(workbook.add_worksheet(_sheet_name(sheet.name)), sheet, bold, wrapped if sheet.wraps else as_text)
    workbook.close()


def _write_sheet(worksheet: Any, sheet: Sheet, bold: Any, plain: Any) -> None:
    last = max(0, len(sheet.header) - 1)
    worksheet.set_column(0, last, COLUMN_WIDTH * (2 if sheet.wraps else 1), plain)
    worksheet.freeze_panes(1, 0)
    for column, words in sheet.choices.items():
        offered = [_cell_text(word) for word in words]
        worksheet.data_validation(1, column, LAST_OFFERED, column, {"validate": "list", "source": offered})
    for column, title in enumerate(sheet.header):
        worksheet.write_string(0, column, _cell_text(title), bold)
    for number, row in enumerate(sheet.rows, 1):
        for column, cell in enumerate(row):
            worksheet.write_string(number, column, _cell_text(cell), plain)


def _cell_text(value: Value) -> str:
    text = "" if value is None else str(value)
    return CONTROLS.sub(" ", HALVES.sub("\ufffd", text))[:CELL_LENGTH]


def _sheet_name(name: str) -> str:
    """A name that Excel takes: at most 31 characters, none of `[]:*?/\\'`, not empty."""
    return _cell_text(name).translate(FORBIDDEN_IN_SHEET).strip()[:SHEET_LENGTH].strip() or "1"
