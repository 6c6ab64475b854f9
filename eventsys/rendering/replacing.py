"""Words in a rich text: each line that it shows, and other words in their place."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from eventsys.rendering.document import Block, Cell, Heading, Listing, Paragraph, Picture, Quote, Run, Table, tidy
from eventsys.rendering.reading import read
from eventsys.rendering.richtext import written

Runs = tuple[Run, ...]


def lines(blocks: Iterable[Block]) -> Iterator[str]:
    """What each paragraph, heading, list item, cell and caption says, in the order of reading, without markup."""
    for block in blocks:
        if isinstance(block, Paragraph | Heading):
            yield text_of(block.runs)
        elif isinstance(block, Quote):
            yield from lines(block.blocks)
        elif isinstance(block, Listing):
            for item in block.items:
                yield from lines(item)
        elif isinstance(block, Picture):
            yield from [text_of(block.caption)] if block.caption else []
        else:
            yield from [text_of(block.caption)] if block.caption else []
            yield from (line for row in block.rows for cell in row for line in lines(cell.blocks))


def text_of(runs: Runs) -> str:
    """The runs' words without their style."""
    return "".join(run.text for run in runs)


def whole(*words: str) -> re.Pattern[str]:
    """Finds the words (the longest first), but not in a longer number or Latin word: `8月2日` is not in `18月2日`."""
    return re.compile("|".join(_bounded(each) for each in sorted(words, key=len, reverse=True)))


def replaced(html: str, old: str, new: str) -> tuple[str, int]:
    """Safe HTML with other words in place of `old`, and how often; words may cross bold and links.

    New words look as the first of the old ones did. Descriptions of pictures are replaced too.
    """
    return replaced_all(html, {old: new} if old else {})


def replaced_all(html: str, pairs: Mapping[str, str]) -> tuple[str, int]:
    """Several replacements in one pass, longer words first: what was put in is not looked at again.

    Words that stand for themselves are left as they are, and so is what they contain.
    """
    if not pairs:
        return html, 0
    count = 0
    pattern = whole(*pairs)

    def change(runs: Runs) -> Runs:
        nonlocal count
        changed, times = _in_runs(runs, pattern, pairs)
        count += times
        return changed

    def describe(text: str) -> str:
        nonlocal count
        count += sum(pairs[match.group()] != match.group() for match in pattern.finditer(text))
        return pattern.sub(lambda match: pairs[match.group()], text)

    blocks = tuple(_changed(read(html), change, describe))
    return (written(blocks), count) if count else (html, 0)


def _bounded(words: str) -> str:
    before = r"(?<![0-9A-Za-z])" if words[:1].isascii() and words[:1].isalnum() else ""
    after = r"(?![0-9A-Za-z])" if words[-1:].isascii() and words[-1:].isalnum() else ""
    return before + re.escape(words) + after


def _in_runs(runs: Runs, pattern: re.Pattern[str], pairs: Mapping[str, str]) -> tuple[Runs, int]:
    found = [match for match in pattern.finditer(text_of(runs)) if pairs[match.group()] != match.group()]
    if not found:
        return runs, 0
    styled = [(character, run.style) for run in runs for character in run.text]
    for match in reversed(found):
        style = styled[match.start()][1]
        styled[match.start() : match.end()] = [(character, style) for character in pairs[match.group()]]
    return tidy(Run(character, style) for character, style in styled), len(found)


def _changed(
    blocks: Iterable[Block], change: Callable[[Runs], Runs], describe: Callable[[str], str]
) -> Iterator[Block]:
    """The blocks with their words changed; a block that says nothing any more is gone."""
    for block in blocks:
        if isinstance(block, Paragraph | Heading):
            runs = change(block.runs)
            yield from [replace(block, runs=runs)] if runs else []
        elif isinstance(block, Quote):
            inside = tuple(_changed(block.blocks, change, describe))
            yield from [Quote(inside)] if inside else []
        elif isinstance(block, Listing):
            items = tuple(item for item in (tuple(_changed(each, change, describe)) for each in block.items) if item)
            yield from [replace(block, items=items)] if items else []
        elif isinstance(block, Picture):
            yield replace(block, alt=describe(block.alt), caption=change(block.caption))
        else:
            yield _table(block, change, describe)


def _table(table: Table, change: Callable[[Runs], Runs], describe: Callable[[str], str]) -> Table:
    def cell(each: Cell) -> Cell:
        return replace(each, blocks=tuple(_changed(each.blocks, change, describe)))

    rows = tuple(tuple(cell(each) for each in row) for row in table.rows)
    return replace(table, caption=change(table.caption), rows=rows)
