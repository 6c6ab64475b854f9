"""Papers as DOCX (ISO/IEC 29500), by python-docx: real headings, lists, tables and links, so that Word can work on.

The fonts are named, not embedded: Song and Hei as every Chinese Windows and macOS has them, with Latin ones beside.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_BREAK
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.run import Run as WordRun

from eventsys.rendering.document import Block, Heading, Listing, Paragraph, Picture, Quote, Run, Table
from eventsys.rendering.paper import Pairs, Paper, Part, grid
from eventsys.rendering.reading import read

SERIF, SANS = ("Times New Roman", "宋体"), ("Arial", "黑体")
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}
INK, QUIET, LINK = (RGBColor.from_string(code) for code in ("12284C", "4B5666", "1D4A8C"))
HEADINGS = {1: 20, 2: 14, 3: 12}
STEP = Mm(7)
LEVELS = 9
WIDEST = Mm(156)
PIXEL = WIDEST / 900


def docx(paper: Paper, made_at: datetime) -> bytes:
    """The paper as DOCX, each language beginning on a page of its own."""
    writer = _Writer(paper, made_at)
    for number, part in enumerate(paper.parts):
        writer.write(part, new_page=number > 0)
    return writer.octets()


class _Writer:
    """One document being written. `_language` is that of the part at hand, for Word's spelling and its fonts."""

    def __init__(self, paper: Paper, made_at: datetime) -> None:
        self._document: Any = Document()
        self._language = paper.parts[0].language
        self._pictures = paper.pictures
        _set_up(self._document, paper, made_at)
        self._numbering = _Numbering(self._document)

    def octets(self) -> bytes:
        out = BytesIO()
        self._document.save(out)
        return out.getvalue()

    def write(self, part: Part, *, new_page: bool) -> None:
        self._language = part.language
        above = self._lines(self._document.add_paragraph(), part.office)
        above.font.color.rgb, above.font.size = QUIET, Pt(9.5)
        title = self._document.add_paragraph(style="Heading 1")
        title.paragraph_format.page_break_before = False
        if new_page:
            self._document.paragraphs[-2].paragraph_format.page_break_before = True
        self._lines(title, part.title)
        self._pairs(part.byline)
        for remark in part.remarks:
            self._lines(self._document.add_paragraph(style="Intense Quote"), remark)
        self._blocks(self._document, read(part.body))
        if part.facts:
            self._lines(self._document.add_paragraph(style="Heading 2"), part.facts_title)
            self._pairs(part.facts)

    def _pairs(self, pairs: Pairs) -> None:
        for label, value in pairs:
            paragraph = self._document.add_paragraph()
            paragraph.paragraph_format.space_after = Pt(2)
            self._lines(paragraph, label).font.color.rgb = QUIET
            paragraph.add_run("\u3000" if self._language == "zh" else "  ")
            self._lines(paragraph, value)

    def _blocks(self, place: Any, blocks: Iterable[Block], depth: int = 0) -> None:
        """`place` is the document or a cell; `depth` says how far in its paragraphs stand."""
        for block in blocks:
            if isinstance(block, Paragraph):
                self._paragraph(place, block.runs, depth)
            elif isinstance(block, Heading):
                self._runs(place.add_paragraph(style=f"Heading {block.level}"), block.runs)
            elif isinstance(block, Quote):
                self._blocks(place, block.blocks, depth + 1)
            elif isinstance(block, Listing):
                self._listing(place, block, depth)
            elif isinstance(block, Picture):
                self._picture(place, block)
            else:
                self._table(place, block)

    def _paragraph(self, place: Any, runs: Sequence[Run], depth: int) -> Any:
        paragraph = place.add_paragraph()
        if depth:
            paragraph.paragraph_format.left_indent = STEP * depth
        elif self._language == "zh" and place is self._document:
            _indent_by_characters(paragraph)
        self._runs(paragraph, runs)
        return paragraph

    def _listing(self, place: Any, listing: Listing, depth: int) -> None:
        number = self._numbering.new(ordered=listing.ordered)
        for item in listing.items:
            first, *rest = item if isinstance(item[0], Paragraph) else (Paragraph(()), *item)
            paragraph = self._paragraph(place, first.runs if isinstance(first, Paragraph) else (), depth + 1)
            _number(paragraph, number, min(depth, LEVELS - 1))
            self._blocks(place, rest, depth + 1)

    def _table(self, place: Any, table: Table) -> None:
        columns, placed = grid(table)
        if table.caption:
            caption = place.add_paragraph(style="Caption")
            caption.paragraph_format.keep_with_next = True
            self._runs(caption, table.caption)
        made = place.add_table(rows=len(table.rows), cols=columns)
        made.style = "Table Grid"
        for row in made.rows[: table.head]:
            row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for each in placed:
            cell = made.cell(each.y, each.x)
            if each.columns > 1 or each.rows > 1:
                cell = cell.merge(made.cell(each.y + each.rows - 1, each.x + each.columns - 1))
            self._cell(cell, each.cell.blocks, heading=each.cell.heading)
        place.add_paragraph()

    def _picture(self, place: Any, picture: Picture) -> None:
        data = self._pictures.get(picture.name)
        paragraph = place.add_paragraph()
        if data is None:
            self._lines(paragraph, picture.alt)
        else:
            width = min(WIDEST, picture.width * PIXEL) if picture.width else WIDEST
            made = paragraph.add_run().add_picture(BytesIO(data), width=int(width))
            made._inline.docPr.set("descr", picture.alt)
        if picture.caption:
            paragraph.paragraph_format.keep_with_next = True
            self._runs(place.add_paragraph(style="Caption"), picture.caption)

    def _cell(self, cell: Any, blocks: Sequence[Block], *, heading: bool) -> None:
        """A cell begins with an empty paragraph, and has to end with one: Word refuses a cell that ends in a table."""
        empty = cell.paragraphs[0]
        self._blocks(cell, blocks)
        if len(cell.paragraphs) > 1 and blocks:
            empty._p.getparent().remove(empty._p)
        if heading:
            for run in (run for paragraph in cell.paragraphs for run in paragraph.runs):
                run.bold = True

    def _runs(self, paragraph: Any, runs: Iterable[Run]) -> None:
        for run in runs:
            made = self._lines(paragraph, run.text)
            made.bold = "strong" in run.style.marks or None
            made.underline = "u" in run.style.marks or None
            if "em" in run.style.marks:
                self._emphasize(made)
            if run.style.href:
                _lead_to(made, run.style.href)

    def _emphasize(self, run: Any) -> None:
        """Chinese has no italics: dots under the characters."""
        if self._language == "en":
            run.italic = True
            return
        mark = OxmlElement("w:em")
        mark.set(qn("w:val"), "underDot")
        run._r.get_or_add_rPr().append(mark)

    def _lines(self, paragraph: Any, words: str) -> Any:
        run = paragraph.add_run()
        for number, line in enumerate(words.split("\n")):
            if number:
                run.add_break(WD_BREAK.LINE)
            run.add_text(line)
        language = OxmlElement("w:lang")
        code = LANGUAGES[self._language]
        language.set(qn("w:eastAsia" if self._language == "zh" else "w:val"), code)
        run._r.get_or_add_rPr().append(language)
        return run


class _Numbering:
    """Lists of the document: each begins its own count, on one of two patterns of nine levels."""

    def __init__(self, document: Any) -> None:
        self._root = document.part.numbering_part.element
        self._patterns = {ordered: self._pattern(ordered) for ordered in (False, True)}

    def new(self, *, ordered: bool) -> int:
        """The number of a new list."""
        number = self._root.add_num(self._patterns[ordered])
        if ordered:
            for level in range(LEVELS):
                number.add_lvlOverride(ilvl=level).add_startOverride(1)
        return int(number.numId)

    def _pattern(self, ordered: bool) -> int:
        known = [int(each.get(qn("w:abstractNumId"))) for each in self._root.findall(qn("w:abstractNum"))]
        pattern = _element("w:abstractNum", abstractNumId=max(known, default=0) + 1)
        pattern.append(_element("w:multiLevelType", val="multilevel"))
        for level in range(LEVELS):
            pattern.append(_level(level, ordered))
        self._root.insert(0, pattern)
        return max(known, default=0) + 1


def _level(level: int, ordered: bool) -> Any:
    made = _element("w:lvl", ilvl=level)
    made.append(_element("w:start", val=1))
    made.append(_element("w:numFmt", val="decimal" if ordered else "bullet"))
    made.append(_element("w:lvlText", val=f"%{level + 1}." if ordered else "•–"[level % 2]))
    made.append(_element("w:lvlJc", val="left"))
    place = OxmlElement("w:pPr")
    place.append(_element("w:ind", left=int(STEP.twips) * (level + 1), hanging=int(STEP.twips)))
    made.append(place)
    return made


def _element(name: str, **values: object) -> Any:
    made = OxmlElement(name)
    for key, value in values.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def _number(paragraph: Any, number: int, level: int) -> None:
    pattern = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    pattern.get_or_add_ilvl().val = level
    pattern.get_or_add_numId().val = number


def _indent_by_characters(paragraph: Any) -> None:
    """Two characters of whatever size the reader's Word shows."""
    paragraph.paragraph_format.first_line_indent = Pt(22)
    paragraph._p.pPr.ind.set(qn("w:firstLineChars"), "200")


def _lead_to(run: Any, address: str) -> None:
    """Put the run into a link."""
    relation = run.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), relation)
    run._r.addprevious(link)
    link.append(run._r)
    inside = WordRun(run._r, run._parent)
    inside.font.color.rgb, inside.font.underline = LINK, True


def _set_up(document: Any, paper: Paper, made_at: datetime) -> None:
    known = document.core_properties
    known.title, known.author, known.language = paper.title, paper.office, LANGUAGES[paper.parts[0].language]
    known.comments, known.last_modified_by = paper.address, paper.office
    known.created = known.modified = made_at.replace(tzinfo=None)
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(27)
    page.top_margin, page.bottom_margin = Mm(26), Mm(24)
    page.footer.paragraphs[0].text = paper.address
    _font(document.styles["Normal"], SERIF, 11)
    document.styles["Normal"].paragraph_format.line_spacing = 1.5
    for level, size in HEADINGS.items():
        style = document.styles[f"Heading {level}"]
        _font(style, SANS, size)
        style.font.color.rgb = INK
    for name in ("Caption", "Intense Quote", "Footer"):
        style = document.styles[name]
        _font(style, SANS, 9.5)
        style.font.color.rgb, style.font.italic, style.font.bold = QUIET, False, False


def _font(style: Any, names: tuple[str, str], size: float) -> None:
    latin, chinese = names
    style.font.name, style.font.size = latin, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in [key for key in fonts.attrib if key.endswith("Theme")]:
        del fonts.attrib[key]
    fonts.set(qn("w:eastAsia"), chinese)
    fonts.set(qn("w:cs"), latin)
    fonts.set(qn("w:hAnsi"), latin)
