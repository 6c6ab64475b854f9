"""Papers for tests, and what the files made of them say."""

from __future__ import annotations

import re
import struct
import zlib
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

from hypothesis import strategies as st
from pypdf import PdfReader

from eventsys.rendering.document import Cell, Heading, Listing, Paragraph, Quote, Run, Style, Table
from eventsys.rendering.paper import Paper, Part
from eventsys.rendering.reading import read
from eventsys.rendering.replacing import lines
from eventsys.rendering.richtext import written

AT = datetime(2024, 8, 30, 1, 0, tzinfo=UTC)
ADDRESS = "https://example.org/notices/2024/a"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress((b"\x00" + b"\x80" * 8) * 8))
    + _chunk(b"IEND", b"")
)
SPACE = re.compile(r"\s+")

WORDS = st.text("市外办会议，。“”（）：、《》〔〕䶮㛃𬭎abcdefgiXYZ;&<>#$*_@/\\'\"[]{}", min_size=1, max_size=12)
STYLES = st.builds(
    Style,
    st.sets(st.sampled_from(("strong", "em", "u"))).map(frozenset),
    st.sampled_from(("", "", "", "https://example.org/?a=1&b=2")),
)
RUNS = st.lists(st.builds(Run, st.lists(WORDS, min_size=1, max_size=3).map("\n".join), STYLES), min_size=1, max_size=3)
PARAGRAPHS = st.builds(Paragraph, RUNS.map(tuple))


def _deeper(blocks):
    rows = st.lists(blocks, min_size=1, max_size=2).map(tuple)
    cells = st.builds(Cell, rows, st.booleans(), st.integers(1, 3), st.integers(1, 3))
    grids = st.lists(st.lists(cells, min_size=1, max_size=3).map(tuple), min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Listing, st.booleans(), st.lists(rows, min_size=1, max_size=3).map(tuple)),
        st.builds(Quote, rows),
        st.builds(Table, RUNS.map(tuple), grids, st.integers(0, 1)),
    )


BLOCKS = st.recursive(PARAGRAPHS, _deeper, max_leaves=6)
HEADINGS = st.builds(Heading, st.sampled_from((2, 3)), RUNS.map(tuple))
DOCUMENTS = st.lists(st.one_of(PARAGRAPHS, HEADINGS, BLOCKS), min_size=1, max_size=5)
BODIES = DOCUMENTS.map(written)


def paper(*bodies: tuple[str, str], **facts: object) -> Paper:
    """A paper of `(language, HTML)` parts."""
    parts = tuple(
        Part(
            language=language,
            office="市外办" if language == "zh" else "Foreign Affairs Office",
            title="会议召开" if language == "zh" else "The offices meet",
            byline=(("作者", "甲"),),
            remarks=("更正",),
            body=html,
            facts_title="会议",
            facts=(("时间", "上午\n下午"),),
        )
        for language, html in bodies
    )
    return Paper(**{"title": "会议召开", "office": "市外办", "address": ADDRESS, "parts": parts, **facts})


def said(html: str) -> list[str]:
    """Every line of the text, without spaces."""
    return [bare for line in lines(read(html)) if (bare := SPACE.sub("", line))]


def words_of_pdf(data: bytes) -> str:
    """What the PDF says, page after page without its foot and without spaces."""
    pages = (SPACE.sub("", page.extract_text()) for page in PdfReader(BytesIO(data)).pages)
    foot = re.compile(re.escape(SPACE.sub("", ADDRESS)) + r"\d+/\d+")
    return "".join(foot.sub("", page) for page in pages)


def words_of_docx(data: bytes) -> str:
    """What the DOCX says, without spaces."""
    from docx import Document

    body = Document(BytesIO(data)).element.body
    return SPACE.sub("", "".join(body.xpath(".//w:t/text()")))


def parts_of_docx(data: bytes) -> dict[str, bytes]:
    """The files inside the file."""
    with ZipFile(BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}
