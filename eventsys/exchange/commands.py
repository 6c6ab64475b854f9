"""Commands of files: import one into the directory, and export the directory."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from click.termui import progressbar

from eventsys.accounts.commands import in_application
from eventsys.core.actor import COMMAND
from eventsys.core.errors import DomainError
from eventsys.core.language import current_language
from eventsys.core.language import gettext as _
from eventsys.core.transaction import write
from eventsys.exchange import files
from eventsys.exchange.checking.all import preview
from eventsys.exchange.columns import SHEET_NAMES, Sheet, column_of
from eventsys.exchange.findings import Finding, words_of
from eventsys.exchange.models import IN_WORK, Import, ImportState, ImportWay, RowState
from eventsys.exchange.operations import advance, begin_import, cancel_import, confirm_import, record_export
from eventsys.exchange.operations.beginning import checked_file
from eventsys.exchange.operations.deciding import QUESTIONS
from eventsys.exchange.operations.reading import counts_of
from eventsys.exchange.queries.imports import find_import, report_rows
from eventsys.exchange.reading.packages import LARGEST_FILE
from eventsys.exchange.reading.rows import Unreadable
from eventsys.extensions import db

ALL = "all"
KINDS = click.Choice([*(sheet.value for sheet in Sheet), ALL])
STOPPED = (RowState.REFUSED, RowState.ASKED, RowState.LEFT)
Tell = Callable[[int, int], None]


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--kind", type=KINDS, required=True, help="What the file holds; “all”: several sheets of a workbook.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--good-rows", is_flag=True, help="Write the good rows; without it everything is written or nothing.")
@click.option("--accept", multiple=True, type=click.Choice(QUESTIONS), help="Answer a question about rows with yes.")
@in_application
def import_file(file: Path, kind: str, dry_run: bool, good_rows: bool, accept: tuple[str, ...]) -> None:
    """Import organizations, posts, people or appointments from FILE (XLSX or CSV).

    --accept others: rows that look like somebody on record are other people, organizations or posts. --accept both: a
    post that somebody holds is held by both. Ends with 1 when rows are refused and nothing was written.
    """
    with file.open("rb") as opened:
        data = checked_file(opened.read(LARGEST_FILE + 1))
    sheet = None if kind == ALL else Sheet(kind)
    if dry_run:
        _say_only(data, sheet)
        return
    with write():
        import_id = begin_import(data, file.name, sheet, by=COMMAND).id
    found = _brought_on(import_id)
    _print_rows(found)
    try:
        with write():
            way = ImportWay.GOOD if good_rows else ImportWay.ALL
            confirm_import(found, way, accept, found.version, by=COMMAND)
    except DomainError:
        with write():
            cancel_import(found, by=COMMAND)
        raise
    found = _brought_on(import_id)
    if found.state is ImportState.READY:
        _print_rows(found)
        raise DomainError(found.reason.get(current_language(), ""))
    _print_counts(found.counts)


def _say_only(data: bytes, sheet: Sheet | None) -> None:
    try:
        with _progress() as told:
            found = preview(data, sheet, told)
    except Unreadable as reason:
        raise DomainError(reason.texts[current_language()]) from reason
    for rows in found.rows.values():
        for each in rows:
            if each.state in STOPPED:
                _print_row(each.row.sheet, each.row.number, each.row.findings)
    _print_counts(counts_of(found))


@contextmanager
def _progress() -> Iterator[Tell]:
    """A bar on the terminal, beside what is printed."""
    with progressbar(length=100, file=sys.stderr) as bar:

        def told(done: int, total: int) -> None:
            bar.update(max(0, done * 100 // max(1, total) - bar.pos))

        yield told


def _brought_on(import_id: int) -> Import:
    """Do the work here; a worker that was faster is waited for. Shows how far it is."""
    worker = f"command {os.getpid()}"
    while True:
        with _progress() as told:
            advance(worker, told)
        db.session.rollback()
        db.session.expire_all()
        found = find_import(import_id)
        assert found is not None  # an import is never deleted
        if found.state is ImportState.UNREADABLE:
            raise DomainError(found.reason.get(current_language(), ""))
        if found.state not in IN_WORK:
            return found


def _print_rows(found: Import) -> None:
    for name in found.counts:
        for row in report_rows(found.id, Sheet(name), STOPPED):
            _print_row(Sheet(name), row.number, row.findings)


def _print_row(sheet: Sheet, number: int, findings: list[Finding]) -> None:
    for each in findings:
        column = str(column_of(sheet, each["column"]).label) if each["column"] else ""
        where = _("%(sheet)s, row %(number)s", sheet=SHEET_NAMES[sheet], number=number)
        click.echo(": ".join(part for part in (where, column, words_of(each)) if part), err=True)


def _print_counts(counts: dict[str, dict[str, Any]]) -> None:
    for name, of_sheet in counts.items():
        words = ", ".join(f"{state} {number}" for state, number in of_sheet.items())
        click.echo(f"{SHEET_NAMES[Sheet(name)]}: {words}")


@click.command("export")
@click.argument("kind", type=KINDS)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@in_application
def export_file(kind: str, file: Path) -> None:
    """Export organizations, posts, people, appointments or all of them to FILE, which ends with .xlsx or .csv."""
    ending = file.suffix.lower().removeprefix(".")
    sheets = list(Sheet) if kind == ALL else [Sheet(kind)]
    if ending not in {"xlsx", "csv"} or (ending == "csv" and kind == ALL):
        raise DomainError(_("Name a file that ends with .xlsx, or with .csv for one kind."))
    with write():
        record_export(sheets, ending, by=COMMAND)
    pieces = files.export_csv(sheets[0]) if ending == "csv" else files.export_xlsx(sheets)
    with file.open("wb") as opened:
        for piece in pieces:
            opened.write(piece)
    click.echo(str(file))
