"""Papers as PDF, by Typst: tagged, fonts embedded, and to PDF/UA-1 (ISO 14289-1) where the text allows.

The text goes in as JSON, never as markup, and nothing is read from the disk but the template and the fonts. Typst and
its fonts need some 80 MB: they are loaded by the first paper, so call this where that is wanted (see `press`).
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any

from eventsys.rendering.document import Block, Heading, Listing, Paragraph, Picture, Quote, Run, Table
from eventsys.rendering.paper import Paper, Part, grid
from eventsys.rendering.reading import read

log = logging.getLogger("eventsys.rendering")

TEMPLATE = Path(__file__).resolve().parents[2] / "templates" / "paper" / "notice.typ"
STANDARD = "ua-1"
PIXELS = 900
_PAGES = re.compile(rb"/Type\s*/Pages\b[^>]*?/Count\s+(\d+)|/Count\s+(\d+)[^>]*?/Type\s*/Pages\b", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Pdf:
    """The file, its number of pages, and whether it is PDF/UA-1."""

    data: bytes
    pages: int
    accessible: bool


def pdf(paper: Paper, made_at: datetime) -> Pdf:
    """The paper as PDF; the same paper made at the same time is the same octets.

    A text that PDF/UA does not allow (a character that no font has) is printed without the standard, and logged.
    """
    with TemporaryDirectory(prefix="eventsys-paper-") as folder:
        compiler = _compiler_in(Path(folder), paper.pictures)
        return _pdf(compiler, paper, made_at)


def _pdf(compiler: Any, paper: Paper, made_at: datetime) -> Pdf:
    import typst

    inputs = {"paper": json.dumps(_paper(paper), ensure_ascii=False)}
    try:
        data, accessible = _compiled(compiler, inputs, [STANDARD], made_at), True
    except typst.TypstError as refusal:
        log.warning("%s is printed without PDF/UA: %s", paper.address, refusal)
        data, accessible = _compiled(compiler, inputs, [], made_at), False
    return Pdf(data, _pages(data), accessible)


def _compiled(compiler: Any, inputs: dict[str, str], standards: list[str], made_at: datetime) -> bytes:
    made = compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards=standards, timestamp=made_at)
    if not isinstance(made, bytes):
        raise TypeError("typst answered something else than one file")
    return made


def _compiler_in(folder: Path, pictures: Mapping[str, bytes]) -> Any:
    """A compiler that can read the template and these pictures, and nothing else of the disk."""
    if not pictures:
        return _compiler()
    import typst

    copyfile(TEMPLATE, folder / TEMPLATE.name)
    for number, data in enumerate(pictures.values()):
        (folder / _file_name(number)).write_bytes(data)
    return typst.Compiler(input=folder / TEMPLATE.name, root=folder, font_paths=_fonts(), ignore_system_fonts=True)


@cache
def _compiler() -> Any:
    import typst

    return typst.Compiler(input=TEMPLATE, root=TEMPLATE.parent, font_paths=_fonts(), ignore_system_fonts=True)


@cache
def _fonts() -> Any:
    import pylopdf_fonts_zh_cn as chinese
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[chinese.serif_path().parent])


def _file_name(number: int) -> str:
    """Names of our own making: nothing of a path comes from outside."""
    return f"picture-{number}"


def _pages(data: bytes) -> int:
    return max((int(one or other) for one, other in _PAGES.findall(data)), default=1)


def _paper(paper: Paper) -> dict[str, Any]:
    return {
        "title": paper.title,
        "office": paper.office,
        "address": paper.address,
        "parts": [
            _part(part, {name: _file_name(at) for at, name in enumerate(paper.pictures)}) for part in paper.parts
        ],
    }


def _part(part: Part, files: Mapping[str, str]) -> dict[str, Any]:
    return {
        **{name: getattr(part, name) for name in ("language", "office", "title", "facts_title")},
        **{name: list(getattr(part, name)) for name in ("byline", "remarks", "facts")},
        "blocks": _blocks(read(part.body), files),
    }


def _blocks(blocks: Iterable[Block], files: Mapping[str, str]) -> list[dict[str, Any]]:
    return [_block(block, files) for block in blocks]


def _block(block: Block, files: Mapping[str, str]) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "runs": _runs(block.runs)}
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level, "runs": _runs(block.runs)}
    if isinstance(block, Quote):
        return {"kind": "quote", "blocks": _blocks(block.blocks, files)}
    if isinstance(block, Listing):
        return {"kind": "list", "ordered": block.ordered, "items": [_blocks(item, files) for item in block.items]}
    if isinstance(block, Picture):
        return _picture(block, files.get(block.name, ""))
    return _table(block, files)


def _picture(picture: Picture, file: str) -> dict[str, Any]:
    """Its width is that of the column, or less where it has fewer pixels than a printer needs."""
    width = min(100, round(picture.width / PIXELS * 100)) if picture.width else 100
    return {
        "kind": "picture",
        "path": file,
        "description": picture.alt,
        "width": width,
        "caption": _runs(picture.caption),
    }


def _table(table: Table, files: Mapping[str, str]) -> dict[str, Any]:
    columns, placed = grid(table)
    cells = [
        {
            **{name: getattr(each, name) for name in ("x", "y", "columns", "rows")},
            "heading": each.cell.heading,
            "blocks": _blocks(each.cell.blocks, files),
        }
        for each in placed
    ]
    return {"kind": "table", "columns": columns, "head": table.head, "cells": cells, "caption": _runs(table.caption)}


def _runs(runs: Iterable[Run]) -> list[dict[str, Any]]:
    return [{"text": run.text, "marks": sorted(run.style.marks), "href": run.style.href} for run in runs]
