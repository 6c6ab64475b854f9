"""Rich text as safe HTML and as plain text."""

from collections.abc import Iterable
from html import escape
from itertools import groupby

from eventsys.rendering.document import MARKS, Block, Cell, Heading, Listing, Paragraph, Picture, Quote, Run, Table
from eventsys.rendering.reading import PICTURES, read


def safe_html(html: str) -> str:
    """The HTML with only paragraphs, headings 2 and 3, lists, quotes, tables, our pictures, links and marks left.

    Everything is written anew from the tree that was read, so nothing of the original markup remains. What is already
    in this form stays as it is. Links lead to http, https and mailto only.
    """
    return _html(read(html))


def plain_text(html: str) -> str:
    """What the HTML says, without markup: paragraphs parted by an empty line, list items by a line."""
    return _text(read(html))


def is_blank(html: str | None) -> bool:
    """Whether the HTML shows nothing, as an empty editor's `<p><br></p>` does."""
    return not html or not read(html)


def written(blocks: Iterable[Block]) -> str:
    """The tree as safe HTML."""
    return _html(blocks)


def _html(blocks: Iterable[Block]) -> str:
    return "".join(_block_html(block) for block in blocks)


def _block_html(block: Block) -> str:
    if isinstance(block, Paragraph):
        return f"<p>{_runs_html(block.runs)}</p>"
    if isinstance(block, Heading):
        return f"<h{block.level}>{_runs_html(block.runs)}</h{block.level}>"
    if isinstance(block, Quote):
        return f"<blockquote>{_html(block.blocks)}</blockquote>"
    if isinstance(block, Listing):
        tag = "ol" if block.ordered else "ul"
        return f"<{tag}>{''.join(f'<li>{_item_html(item)}</li>' for item in block.items)}</{tag}>"
    if isinstance(block, Picture):
        return _picture_html(block)
    return _table_html(block)


def _picture_html(picture: Picture) -> str:
    size = f' width="{picture.width}" height="{picture.height}"' if picture.width else ""
    caption = f"<figcaption>{_runs_html(picture.caption)}</figcaption>" if picture.caption else ""
    image = f'<img src="{PICTURES}{picture.name}" alt="{escape(picture.alt)}"{size} loading="lazy">'
    return f"<figure>{image}{caption}</figure>"


def _item_html(blocks: tuple[Block, ...]) -> str:
    """A lone paragraph, or one with lists after it, needs no element of its own."""
    first, rest = (blocks[0], blocks[1:]) if blocks else (None, ())
    if isinstance(first, Paragraph) and all(isinstance(block, Listing) for block in rest):
        return _runs_html(first.runs) + _html(rest)
    return _html(blocks)


def _table_html(table: Table) -> str:
    caption = f"<caption>{_runs_html(table.caption)}</caption>" if table.caption else ""
    head = "".join(_row_html(row, "col") for row in table.rows[: table.head])
    body = "".join(_row_html(row, "row") for row in table.rows[table.head :])
    parts = (f"<thead>{head}</thead>" if head else "") + (f"<tbody>{body}</tbody>" if body else "")
    return f"<table>{caption}{parts}</table>"


def _row_html(row: tuple[Cell, ...], scope: str) -> str:
    return f"<tr>{''.join(_cell_html(cell, scope) for cell in row)}</tr>"


def _cell_html(cell: Cell, scope: str) -> str:
    tag = "th" if cell.heading else "td"
    attributes = f' scope="{scope}"' if cell.heading else ""
    attributes += f' colspan="{cell.columns}"' if cell.columns > 1 else ""
    attributes += f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
    return f"<{tag}{attributes}>{_item_html(cell.blocks)}</{tag}>"


def _runs_html(runs: tuple[Run, ...]) -> str:
    """The runs, one link around neighbours that lead to the same address."""
    pieces = []
    for href, group in groupby(runs, key=lambda run: run.style.href):
        inside = "".join(_run_html(run) for run in group)
        pieces.append(f'<a href="{escape(href)}" rel="noopener noreferrer">{inside}</a>' if href else inside)
    return "".join(pieces)


def _run_html(run: Run) -> str:
    marks = [mark for mark in MARKS if mark in run.style.marks]
    opened = "".join(f"<{mark}>" for mark in marks)
    closed = "".join(f"</{mark}>" for mark in reversed(marks))
    return opened + escape(run.text, quote=False).replace("\n", "<br>") + closed


def _text(blocks: Iterable[Block]) -> str:
    return "\n\n".join(_block_text(block) for block in blocks)


def _block_text(block: Block) -> str:
    if isinstance(block, Paragraph | Heading):
        return _runs_text(block.runs)
    if isinstance(block, Quote):
        return _indented("> ", _text(block.blocks), "> ")
    if isinstance(block, Listing):
        return "\n".join(
            _indented(f"{number}. " if block.ordered else "- ", "\n".join(_block_text(part) for part in item), "  ")
            for number, item in enumerate(block.items, 1)
        )
    if isinstance(block, Picture):
        return "\n".join(text for text in (block.alt, _runs_text(block.caption)) if text)
    lines = [_runs_text(block.caption)] if block.caption else []
    return "\n".join(lines + [" | ".join(_text(cell.blocks).replace("\n", " ") for cell in row) for row in block.rows])


def _runs_text(runs: tuple[Run, ...]) -> str:
    return "".join(run.text for run in runs)


def _indented(first: str, text: str, further: str) -> str:
    return first + text.replace("\n", "\n" + further)
