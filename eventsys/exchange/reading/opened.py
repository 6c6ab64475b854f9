"""A file as rows of known columns: which sheet is meant, where its headings stand, what each cell says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from eventsys.core.language import gettext as _
from eventsys.exchange.columns import COLUMNS, SHEET_NAMES, Sheet, is_explanation, meanings, plain, sheet_named
from eventsys.exchange.findings import Finding, in_both, refused
from eventsys.exchange.reading import packages, separated, workbooks
from eventsys.exchange.reading.rows import Formula, RawRow, RawSheet, Unreadable
from eventsys.exchange.values import as_text, kept, taken

OLE = packages.OLD_EXCEL
MOST_ROWS = 50_000
HEADINGS_WITHIN = 10
LONGEST_HEADING = 60

Remark = dict[str, str]


@dataclass(slots=True)
class Row:
    """A row of a sheet: `cells` by column key in their one form (as they were where refused), and what was found."""

    sheet: Sheet
    number: int
    cells: dict[str, str]
    findings: list[Finding] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """One sheet with the columns it has, in their order; rows are read as they are asked for."""

    sheet: Sheet
    columns: tuple[str, ...]
    rows: Iterator[Row]
    expected: int
    source: RawSheet

    def merged(self, numbers: Sequence[int]) -> dict[int, str]:
        """The merged range that covers each of the ascending row numbers, where one does; known once they are read."""
        ranges = sorted(self.source.merged)
        found: dict[int, str] = {}
        at, bottom, covering = 0, 0, ""
        for number in numbers:
            while at < len(ranges) and ranges[at][0] <= number:
                if ranges[at][1] > bottom:
                    bottom, covering = ranges[at][1], ranges[at][2]
                at += 1
            if bottom >= number:
                found[number] = covering
        return found


@dataclass(slots=True)
class Opened:
    """The tables of a file and what is to be said about the file as a whole."""

    tables: list[Table]
    remarks: list[Remark] = field(default_factory=list)


def looked_at(data: bytes) -> None:
    """Look at a file before anything reads it. Raises `Unreadable`; a workbook that grows beyond bounds is refused."""
    if not data.strip():
        raise Unreadable(lambda: _("The file is empty."))
    if data.startswith(OLE):
        raise Unreadable(
            lambda: _("This is an old workbook (.xls) or one with a password. Save it as .xlsx without a password.")
        )
    if packages.is_package(data):
        packages.looked_through(data)
    else:
        separated.decoded(data)


def opened(data: bytes, wanted: Sheet | None) -> Opened:
    """The tables in the file: of the one kind `wanted`, or of every kind that a sheet is named after.

    Raises `Unreadable` for a file, sheet or heading that cannot be taken.
    """
    looked_at(data)
    if packages.is_package(data):
        return _workbook(data, wanted)
    if wanted is None:
        raise Unreadable(lambda: _("A CSV file holds one kind of rows. Choose which kind it is."))
    text, encoding = separated.decoded(data)
    known = meanings(wanted)
    source, separator = separated.sheet_of(text, lambda each: plain(each) in known)
    found = Opened([], [in_both(lambda: _read_as(encoding, separator))])
    _take_in(found, wanted, source)
    return found


def _read_as(encoding: str, separator: str) -> str:
    names = {",": _("commas"), ";": _("semicolons"), "\t": _("tabs"), "，": _("full-width commas")}
    return _(
        "Read as %(encoding)s, parted by %(separator)s.", encoding=encoding, separator=names.get(separator, separator)
    )


def _workbook(data: bytes, wanted: Sheet | None) -> Opened:
    sheets, hidden = workbooks.sheets_of(data)
    found = Opened([])
    if hidden:
        names = kept(", ".join(hidden))[:200]
        found.remarks.append(in_both(lambda: _("Hidden sheets are not read: %(names)s.", names=names)))
    for kind, source in _chosen(sheets, wanted):
        _take_in(found, kind, source)
    left = [each.name for each in sheets if all(each is not table.source for table in found.tables)]
    left = [name for name in left if not is_explanation(name)]
    if left:
        names = kept(", ".join(left))[:200]
        found.remarks.append(in_both(lambda: _("These sheets are not read: %(names)s.", names=names)))
    return found


def _chosen(sheets: Sequence[RawSheet], wanted: Sheet | None) -> list[tuple[Sheet, RawSheet]]:
    """Which sheets hold what: those named after the kinds; for one kind also the first sheet, whatever its name."""
    named = {kind: each for each in reversed(sheets) if (kind := sheet_named(each.name)) is not None}
    if wanted is not None:
        others = [each for each in sheets if sheet_named(each.name) is None and not is_explanation(each.name)]
        source = named.get(wanted) or next(iter(others), None)
        if source is None:
            name = SHEET_NAMES[wanted]
            raise Unreadable(lambda: _("The workbook has no visible sheet named “%(name)s”.", name=name))
        return [(wanted, source)]
    if not named:
        names = SHEET_NAMES.values()
        raise Unreadable(
            lambda: _("No visible sheet is named: %(names)s.", names=", ".join(str(name) for name in names))
        )
    return [(kind, named[kind]) for kind in Sheet if kind in named]


def _take_in(found: Opened, sheet: Sheet, source: RawSheet) -> None:
    """Find the headings among the first rows. Raises `Unreadable` when there are none, or columns are missing."""
    known = meanings(sheet)
    first = list(islice(source.rows, HEADINGS_WITHIN))
    if not first:
        raise Unreadable(lambda: _empty(source.name))
    at, heading = max(enumerate(first), key=lambda pair: (_understood(pair[1], known), -pair[0]))
    keys = _keys(heading, known, found, source)
    _require(sheet, keys, heading)
    rows = _rows(sheet, keys, chain(first[at + 1 :], source.rows))
    columns = tuple(dict.fromkeys(key for key in keys if key))
    found.tables.append(Table(sheet, columns, rows, max(0, source.expected - heading.number), source))


def _empty(name: str) -> str:
    return _("The sheet “%(name)s” is empty.", name=kept(name)) if name else _("The file is empty.")


def _understood(row: RawRow, known: dict[str, str]) -> int:
    return len({known[plain(as_text(cell))] for cell in row.cells if plain(as_text(cell)) in known})


def _keys(heading: RawRow, known: dict[str, str], found: Opened, source: RawSheet) -> list[str]:
    """The column of each cell of the headings, "" for what is not read; a heading that stands twice is refused."""
    keys, unknown = [], []
    for cell in heading.cells:
        text = kept(as_text(cell))
        key = known.get(plain(text), "")
        if key and key in keys:
            raise _twice(text)
        keys.append(key)
        if plain(text) and not key:
            unknown.append(text[:LONGEST_HEADING])
    if unknown:
        names = ", ".join(unknown)[:300]
        found.remarks.append(in_both(lambda: _("These columns are not read: %(names)s.", names=names)))
    return keys


def _twice(text: str) -> Unreadable:
    return Unreadable(lambda: _("Two columns are headed “%(text)s”. Keep one of them.", text=text))


def _require(sheet: Sheet, keys: Sequence[str], heading: RawRow) -> None:
    lacking = [column for column in COLUMNS[sheet] if column.must and column.key not in keys]
    if sheet is Sheet.PEOPLE and not {"name_zh", "name_en"} & set(keys):
        lacking = [column for column in COLUMNS[sheet] if column.key in {"name_zh", "name_en"}]
    if lacking:
        names = "; ".join(column.heading for column in lacking)
        read = ", ".join(kept(as_text(cell))[:LONGEST_HEADING] for cell in heading.cells if cell)[:300]
        raise Unreadable(
            lambda: _(
                "Columns are missing: %(names)s. Row %(row)s was read as the headings: %(read)s. "
                "The template shows how they are written.",
                names=names,
                row=heading.number,
                read=read,
            )
        )


def _rows(sheet: Sheet, keys: Sequence[str], rows: Iterator[RawRow]) -> Iterator[Row]:
    columns = {column.key: column for column in COLUMNS[sheet]}
    for number, raw in enumerate(rows):
        if number >= MOST_ROWS:
            raise Unreadable(
                lambda: _("A file may have %(number)s rows at most. Import it in parts.", number=MOST_ROWS)
            )
        row = Row(sheet, raw.number, {})
        for key, cell in zip(keys, chain(raw.cells, [None] * len(keys)), strict=False):
            if key in columns:
                row.cells[key], found = taken(columns[key], cell)
                row.findings.extend([found] if found else [])
        _look_beyond(row, raw, len(keys))
        yield row


def _look_beyond(row: Row, raw: RawRow, width: int) -> None:
    """A row that somebody hid is not taken unseen; cells beyond the headings mean that something slipped."""
    if raw.hidden:
        row.findings.append(refused("", lambda: _("This row is hidden in the file. Show it, or delete it.")))
    beyond = [cell for cell in raw.cells[width:] if as_text(cell).strip()]
    if beyond and not all(isinstance(cell, Formula) for cell in beyond):
        row.findings.append(
            refused("", lambda: _("There are more cells than headings. A separator may stand inside a text."))
        )
