"""What a file gives: sheets of rows of cells, before anything is known about them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from eventsys.exchange.findings import in_both


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that is calculated; `text` is the formula."""

    text: str


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell that holds an error of the spreadsheet; `text` is its name, such as #N/A."""

    text: str


Raw = str | int | float | bool | datetime | date | time | timedelta | Formula | Broken | None


@dataclass(slots=True)
class RawRow:
    """A row as it stands in the file: its number (from 1) and its cells from the first column on."""

    number: int
    cells: list[Raw]
    hidden: bool = False


@dataclass(slots=True)
class RawSheet:
    """A sheet whose rows are read as they are asked for; `merged` and `hidden_columns` are known once they are."""

    name: str
    rows: Iterator[RawRow]
    expected: int = 0
    merged: list[tuple[int, int, str]] = field(default_factory=list)


class Unreadable(Exception):
    """A file that cannot be taken at all; `texts` say why and what to do, by language."""

    def __init__(self, words: Callable[[], object]) -> None:
        self.texts = in_both(words)
        super().__init__(self.texts["en"])
