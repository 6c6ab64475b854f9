"""The rich text of notices and minutes as a tree: what may stand in it, and the form it always has.

A run's text holds "\\n" for a line break and nothing else that is not a letter, sign or space. Blocks nest no deeper
than `DEPTH` and no heading jumps a level, so every writer (HTML, plain text, print) can take the tree as it is.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from eventsys.core.text import CONTROLS, DIRECTIONS, INVISIBLE

DEPTH = 6
MARKS = ("strong", "em", "u")


@dataclass(frozen=True, slots=True)
class Style:
    """How a run looks: some of `MARKS`, and the address that it leads to or ""."""

    marks: frozenset[str] = frozenset()
    href: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    text: str
    style: Style = Style()


@dataclass(frozen=True, slots=True)
class Paragraph:
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """Level 2 or 3; level 1 is the page's own."""

    level: int
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Bullets or numbers; each item is a row of blocks."""

    ordered: bool
    items: tuple[tuple["Block", ...], ...]


@dataclass(frozen=True, slots=True)
class Quote:
    blocks: tuple["Block", ...]


@dataclass(frozen=True, slots=True)
class Cell:
    blocks: tuple["Block", ...]
    heading: bool = False
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, the first `head` of them the table's head."""

    caption: tuple[Run, ...]
    rows: tuple[tuple[Cell, ...], ...]
    head: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of ours by its file name, with what it shows for those who do not see it; its size in pixels or 0."""

    name: str
    alt: str = ""
    caption: tuple[Run, ...] = ()
    width: int = 0
    height: int = 0


Block = Paragraph | Heading | Listing | Quote | Table | Picture


def tidy(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Runs in their one form: NFC, no space at the ends of lines or twice, neighbours of one style joined."""
    kept: list[tuple[str, Style]] = []
    for character, style in _characters(runs):
        if character == "\n":
            _drop_spaces(kept)
        starts_line = not kept or kept[-1][0] == "\n"
        if character.isspace() and (not kept if character == "\n" else starts_line):
            continue
        if character == " " and kept[-1][0] == " ":
            continue
        kept.append((character, style))
    while kept and kept[-1][0].isspace():
        kept.pop()
    return tuple(
        Run(unicodedata.normalize("NFC", "".join(character for character, _ in group)), style)
        for style, group in groupby(kept, key=lambda pair: pair[1])
    )


def _characters(runs: Iterable[Run]) -> Iterator[tuple[str, Style]]:
    for run in runs:
        text = CONTROLS.sub(" ", DIRECTIONS.sub("", INVISIBLE.sub("", run.text)))
        for character in text:
            yield (" " if character in "\t\r" else character), run.style


def _drop_spaces(kept: list[tuple[str, Style]]) -> None:
    while kept and kept[-1][0] != "\n" and kept[-1][0].isspace():
        kept.pop()


def shaped(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks with headings that do not jump, only paragraphs inside other blocks' text, and a bounded depth."""
    return tuple(_levelled(_bounded(blocks, 0)))


def _levelled(blocks: Iterable[Block]) -> Iterator[Block]:
    under_heading = False
    for block in blocks:
        if isinstance(block, Heading):
            yield block if under_heading else replace(block, level=2)
            under_heading = True
        else:
            yield block


def _bounded(blocks: Iterable[Block], depth: int) -> tuple[Block, ...]:
    """The blocks, those deeper than `DEPTH` dissolved into their paragraphs, neighbouring quotes joined."""
    kept: list[Block] = []
    for block in blocks:
        for part in _parts(block, depth):
            if isinstance(part, Quote) and kept and isinstance(kept[-1], Quote):
                kept[-1] = Quote(kept[-1].blocks + part.blocks)
            else:
                kept.append(part)
    return tuple(kept)


def _parts(block: Block, depth: int) -> tuple[Block, ...]:
    if isinstance(block, Paragraph | Picture):
        return (block,)
    if isinstance(block, Heading):
        return (Paragraph(block.runs) if depth else block,)
    if isinstance(block, Quote):
        inside = _bounded(block.blocks, depth + 1)
        return (Quote(inside),) if depth < DEPTH else inside
    if isinstance(block, Listing):
        items = tuple(_bounded(item, depth + 1) for item in block.items)
        return (Listing(block.ordered, items),) if depth < DEPTH else tuple(part for item in items for part in item)
    return _table_parts(block, depth)


def _table_parts(table: Table, depth: int) -> tuple[Block, ...]:
    rows = tuple(tuple(replace(cell, blocks=_bounded(cell.blocks, depth + 1)) for cell in row) for row in table.rows)
    if depth < DEPTH:
        return (replace(table, rows=rows),)
    caption: tuple[Block, ...] = (Paragraph(table.caption),) if table.caption else ()
    return caption + tuple(part for row in rows for cell in row for part in cell.blocks)
