"""Separated values (.csv) as rows: encoding and separator are found by trial, and said."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from io import StringIO

from eventsys.core.language import gettext as _
from eventsys.exchange.reading.rows import Formula, Raw, RawRow, RawSheet, Unreadable
from eventsys.rendering.tables import FORMULA_STARTS

BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)
TRIALS = (("utf-8", "UTF-8"), ("gb18030", "GB18030"))
SEPARATORS = ",;\t，"
SEPARATOR_LINE = "sep="
LOOKED_AT = 20
FIELD_LENGTH = 131_072
WIDE_WHEN = 5  # a fifth of the octets and more is zero


def decoded(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. Raises `Unreadable` when it is none that we know."""
    for mark, codec, name in BOMS:
        if data.startswith(mark):
            return _decoded(data, ((codec, name),))
    start = data[:4096]
    if start.count(0) * WIDE_WHEN > len(start):
        return _decoded(data, ((_wide(data), "UTF-16"), *TRIALS))
    return _decoded(data, TRIALS)


def sheet_of(text: str, known: Callable[[str], bool]) -> tuple[RawSheet, str]:
    """The rows, and the separator: the one that parts the most headings that are `known`."""
    lines = text.split("\n", LOOKED_AT)[:LOOKED_AT]
    if lines and lines[0].lower().startswith(SEPARATOR_LINE):
        separator = lines[0].strip()[len(SEPARATOR_LINE) :][:1] or ","
    else:
        separator = max(SEPARATORS, key=lambda each: _headings(lines, each, known))
    return RawSheet("", _rows(text, separator), text.count("\n")), separator


def _decoded(data: bytes, trials: tuple[tuple[str, str], ...]) -> tuple[str, str]:
    for codec, name in trials:
        try:
            return data.decode(codec), name
        except UnicodeDecodeError:
            continue
    raise Unreadable(
        lambda: _("The file's characters cannot be read. Save it as .xlsx, or as CSV in UTF-8, GB18030 or UTF-16.")
    )


def _wide(data: bytes) -> str:
    """Which half of each pair of bytes is zero in plain letters and separators tells the order."""
    return "utf-16-le" if data[1:4096:2].count(0) >= data[0:4096:2].count(0) else "utf-16-be"


def _headings(lines: list[str], separator: str, known: Callable[[str], bool]) -> int:
    return max((sum(known(cell.strip().strip('"')) for cell in line.split(separator)) for line in lines), default=0)


def _rows(text: str, separator: str) -> Iterator[RawRow]:
    csv.field_size_limit(FIELD_LENGTH)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for number, cells in enumerate(reader, 1):
            if number == 1 and cells and cells[0].lower().startswith(SEPARATOR_LINE):
                continue
            if any(cell.strip() for cell in cells):
                yield RawRow(number, [_cell(cell) for cell in cells])
    except csv.Error as error:
        line = reader.line_num
        raise Unreadable(
            lambda: _("The file cannot be read from line %(line)s on: a quotation mark may be missing.", line=line)
        ) from error


def _cell(text: str) -> Raw:
    """The text; the apostrophe with which a file of ours keeps a text from being run is taken off again."""
    if text.startswith("'") and text[1:].startswith(FORMULA_STARTS):
        return text[1:]
    return Formula(text) if text.startswith("=") and len(text) > 1 else text
