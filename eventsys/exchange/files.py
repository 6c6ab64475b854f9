"""Files that are taken out: exports, templates to fill in, the rows that were refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from tempfile import TemporaryFile
from typing import IO

from eventsys.core.language import gettext as _
from eventsys.exchange import examples
from eventsys.exchange.columns import COLUMNS, EXPLANATIONS, REASONS, SHEET_NAMES, Column, Form, Sheet
from eventsys.exchange.queries.exports import exported
from eventsys.rendering import tables

Cells = Mapping[str, str]
PIECE = 1 << 16


def export_csv(sheet: Sheet) -> Iterator[bytes]:
    """Everything of one kind as separated values, in pieces."""
    return tables.csv_pieces(_header(COLUMNS[sheet]), _lines(COLUMNS[sheet], exported(sheet)))


def export_xlsx(sheets: Sequence[Sheet]) -> Iterator[bytes]:
    """Everything of the kinds as a workbook with a sheet for each, in pieces."""
    return _pieces([_sheet(sheet, COLUMNS[sheet], exported(sheet)) for sheet in sheets])


def template_csv(sheet: Sheet) -> Iterator[bytes]:
    """The headings, to be filled in."""
    return tables.csv_pieces(_header(_filled_in(sheet)), [])


def template_xlsx(sheets: Sequence[Sheet]) -> Iterator[bytes]:
    """Empty sheets to be filled in, and one that explains each column with an example."""
    explained = [
        [
            *(str(SHEET_NAMES[sheet]), column.heading, str(_("yes")) if column.must else "", str(column.hint)),
            ", ".join(column.word(value) for value in column.choices),
            column.word(examples.EXAMPLES[sheet].get(column.key, "")),
        ]
        for sheet in sheets
        for column in _filled_in(sheet)
    ]
    header = [_("Sheet"), _("Column"), _("Needed"), _("What stands there"), _("Allowed words"), _("Example")]
    pages = [_sheet(sheet, _filled_in(sheet), []) for sheet in sheets]
    return _pieces([*pages, tables.Sheet(str(EXPLANATIONS), header, explained, wraps=True)])


def report_csv(sheet: Sheet, columns: Sequence[str], rows: Iterable[Cells]) -> Iterator[bytes]:
    """Rows as they were, with what is wrong, to be mended and brought again."""
    shown = _reported(sheet, columns)
    return tables.csv_pieces(_header(shown), _lines(shown, rows))


def report_xlsx(sheets: Mapping[Sheet, tuple[Sequence[str], Iterable[Cells]]]) -> Iterator[bytes]:
    """The same as a workbook with a sheet for each kind."""
    return _pieces([_sheet(sheet, _reported(sheet, columns), rows) for sheet, (columns, rows) in sheets.items()])


def _reported(sheet: Sheet, columns: Sequence[str]) -> list[Column]:
    return [*(column for column in COLUMNS[sheet] if column.key in columns), REASONS]


def _filled_in(sheet: Sheet) -> list[Column]:
    """The columns of a template: without those that only an export tells."""
    return [column for column in COLUMNS[sheet] if column.key not in {"closed_on", "abolished_on"}]


def _header(columns: Iterable[Column]) -> list[str]:
    return [column.heading for column in columns]


def _lines(columns: Sequence[Column], rows: Iterable[Cells]) -> Iterator[list[str]]:
    return ([column.word(cells.get(column.key, "")) for column in columns] for cells in rows)


def _sheet(sheet: Sheet, columns: Sequence[Column], rows: Iterable[Cells]) -> tables.Sheet:
    offered = {
        at: [column.word(value) for value in column.choices]
        for at, column in enumerate(columns)
        if column.form is Form.CHOICE
    }
    return tables.Sheet(str(SHEET_NAMES[sheet]), _header(columns), _lines(columns, rows), offered)


def _pieces(sheets: Sequence[tables.Sheet]) -> Iterator[bytes]:
    """The workbook from a file that vanishes with its last piece; it is complete before the first piece leaves."""
    file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - closed when the last piece has left
    try:
        tables.write_workbook(file, sheets)  # type: ignore[arg-type]
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return _rest(file)


def _rest(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece
