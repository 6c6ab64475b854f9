"""A text made ready for paper: what stands on it in each of its languages. PDF and DOCX are written from the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from eventsys.rendering.document import Cell, Table

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One language's reading. `body` is rich text as it is kept (safe HTML), `remarks` stand above it.

    The values of `byline` and `facts` may have several lines.
    """

    language: str
    office: str
    title: str
    byline: Pairs = ()
    remarks: tuple[str, ...] = ()
    body: str = ""
    facts_title: str = ""
    facts: Pairs = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document in one language or two. `address` is where it is published, printed at the foot of each page.

    `pictures` are the octets of those that the bodies name; a picture that is not there is told by its words.
    """

    title: str
    office: str
    address: str
    parts: tuple[Part, ...]
    pictures: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell at its place in the grid, its spans cut to what is free."""

    x: int
    y: int
    columns: int
    rows: int
    cell: Cell


def grid(table: Table) -> tuple[int, list[Placed]]:
    """The width of a table in columns, and every cell at its place; no two of them overlap, none leaves the rows."""
    taken: set[tuple[int, int]] = set()
    placed: list[Placed] = []
    for y, row in enumerate(table.rows):
        x = 0
        for cell in row:
            while (x, y) in taken:
                x += 1
            each = Placed(x, y, _free(taken, x, y, cell.columns), min(cell.rows, _section_end(table, y) - y), cell)
            taken.update(_squares(each))
            placed.append(each)
            x += each.columns
    return max((each.x + each.columns for each in placed), default=0), placed


def _free(taken: set[tuple[int, int]], x: int, y: int, wanted: int) -> int:
    return next((number for number in range(1, wanted) if (x + number, y) in taken), wanted)


def _section_end(table: Table, y: int) -> int:
    """A cell of the head does not reach into the body."""
    return table.head if y < table.head else len(table.rows)


def _squares(each: Placed) -> Iterator[tuple[int, int]]:
    return ((each.x + x, each.y + y) for x in range(each.columns) for y in range(each.rows))


def words_of(pairs: Sequence[tuple[str, Sequence[str]]]) -> Pairs:
    """Labels with their lines joined, as papers print them."""
    return tuple((label, "\n".join(lines)) for label, lines in pairs)
