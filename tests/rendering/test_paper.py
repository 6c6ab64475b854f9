"""PDF and DOCX say what the text says, all of it; what they are made of; what no text can do."""

from __future__ import annotations

import logging
import os
import re
import signal
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from hypothesis import HealthCheck, example, given, settings
from pypdf import PdfReader

from eventsys.rendering.document import Cell, Paragraph, Run, Table
from eventsys.rendering.docx import docx
from eventsys.rendering.paper import grid
from eventsys.rendering.pdf import pdf
from eventsys.rendering.press import CannotPrint, Form, Press
from eventsys.rendering.reading import read
from eventsys.rendering.richtext import safe_html, written
from tests.rendering.papers import ADDRESS, AT, BODIES, PNG, paper, said, words_of_docx, words_of_pdf

RARE = "<p>䶮、㛃、𬭎三位代表</p>"
SPANS = (
    "<table><caption>表</caption><thead><tr><th>a</th><th rowspan='3'>b</th></tr></thead>"
    "<tbody><tr><td rowspan='2' colspan='2'>c</td></tr><tr><td colspan='3'>d</td></tr></tbody></table>"
)


def in_order(lines: list[str], text: str) -> str:
    """The first line that does not come after the ones before it; "" when all do."""
    at = 0
    for line in lines:
        found = text.find(line, at)
        if found < 0:
            return line
        at = found + len(line)
    return ""


def without_marks(text: str) -> str:
    """A list's bullets and numbers are not of the text."""
    return re.sub(r"[•‣–]|\d+\.", "", text)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BODIES)
@example(SPANS)
@example(RARE)
def test_nothing_is_lost_on_the_way_to_paper(html):
    """Editor to tree to store to DOCX and to PDF: the same words, in the same order."""
    kept = safe_html(html)
    assert written(read(kept)) == kept
    assert in_order(said(kept), words_of_docx(docx(paper(("zh", kept)), AT))) == ""
    text = without_marks(words_of_pdf(pdf(paper(("en", kept)), AT).data))
    assert [line for line in said(kept) if line not in text] == []


def test_rare_characters_are_printed_and_the_standard_is_kept():
    made = pdf(paper(("zh", RARE), ("en", "<p>Text</p>")), AT)
    assert made.accessible
    assert "䶮、㛃、𬭎三位代表" in words_of_pdf(made.data)


def test_a_pdf_is_tagged_has_its_fonts_and_says_its_languages():
    made = pdf(paper(("zh", RARE), ("en", f"<h2>One</h2>{SPANS}<p>x</p>")), AT)
    reader = PdfReader(BytesIO(made.data))
    root = reader.trailer["/Root"]
    assert (made.pages, len(reader.pages)) == (2, 2)
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"], reader.metadata.title) == (True, "zh-CN", "会议召开")
    assert "pdfuaid:part>1<" in root["/Metadata"].get_object().get_data().decode()
    fonts = [
        font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    ]
    assert fonts
    assert [font["/FontName"] for font in fonts if not {"/FontFile3", "/FontFile2"} & set(font)] == []


def test_a_character_that_no_font_has_is_printed_without_the_standard_and_logged(caplog):
    with caplog.at_level(logging.WARNING):
        made = pdf(paper(("en", "<p>before \U000e0101\U0001fae8 after</p>")), AT)
    assert not made.accessible
    assert "printed without PDF/UA" in caplog.text
    text = words_of_pdf(made.data)
    assert ("before" in text, "after" in text) == (True, True)


@pytest.mark.parametrize(
    "words", ["#set page(width: 1cm)", "$x$ *a* _b_ `c` @d <e> [f] \\g // h", '#read("/etc/passwd")']
)
def test_no_text_is_read_as_markup(words):
    html = written((Paragraph((Run(words),)),))
    made = paper(("en", html), title=words)
    assert said(html)[0] in words_of_pdf(pdf(made, AT).data)
    assert said(html)[0] in words_of_docx(docx(made, AT))


def test_a_bilingual_notice_of_three_pages_is_small():
    chinese = "".join(
        f"<h2>第{number}部分</h2><p>{'各区、县（市）依次汇报了上半年外事工作，' * 12}</p>" for number in range(6)
    )
    english = "".join(
        f"<h2>Part {number}</h2><p>{'The districts reported in turn on their work. ' * 14}</p>" for number in range(6)
    )
    made = pdf(paper(("zh", chinese), ("en", english)), AT)
    assert made.pages >= 3
    assert len(made.data) < 200_000


def test_the_same_paper_is_the_same_file():
    assert pdf(paper(("zh", RARE)), AT).data == pdf(paper(("zh", RARE)), AT).data


def test_a_docx_has_real_headings_lists_and_links():
    html = (
        "<h2>二</h2><h3>三</h3><ol><li>a</li><li>b</li></ol><p>x</p><ol><li>c</li></ol>"
        '<ul><li>d<ul><li>e</li></ul></li></ul><p><a href="https://example.org/x">link</a></p>'
    )
    document = Document(BytesIO(docx(paper(("zh", html)), AT)))
    styles = [(p.style.name, p.text) for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert styles == [("Heading 1", "会议召开"), ("Heading 2", "二"), ("Heading 3", "三"), ("Heading 2", "会议")]
    numbers = {
        p.text: p._p.pPr.numPr for p in document.paragraphs if p._p.pPr is not None and p._p.pPr.numPr is not None
    }
    assert numbers["a"].numId.val == numbers["b"].numId.val != numbers["c"].numId.val
    assert (numbers["d"].ilvl.val, numbers["e"].ilvl.val) == (0, 1)
    assert [link.address for p in document.paragraphs for link in p.hyperlinks] == ["https://example.org/x"]
    assert (document.core_properties.title, document.core_properties.language) == ("会议召开", "zh-CN")


def test_pictures_stand_in_both_with_their_words():
    name = "abcdefghijklmnop.png"
    html = (
        f'<figure><img src="/notices/pictures/{name}" alt="会场" width="8" height="8" loading="lazy">'
        "<figcaption>全景</figcaption></figure>"
    )
    made = paper(("zh", html), pictures={name: PNG})
    printed = pdf(made, AT)
    assert printed.accessible
    assert "全景" in words_of_pdf(printed.data)
    assert "/Figure" in structure(PdfReader(BytesIO(printed.data)))
    document = Document(BytesIO(docx(made, AT)))
    assert [shape._inline.docPr.get("descr") for shape in document.inline_shapes] == ["会场"]
    assert "会场全景" in words_of_pdf(pdf(paper(("zh", html)), AT).data)


def structure(reader: PdfReader) -> set[str]:
    """The kinds of elements in the tree of tags."""
    kinds: set[str] = set()
    waiting = [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        each = waiting.pop().get_object()
        if isinstance(each, list):
            waiting.extend(item for item in each if not isinstance(item, int))
        elif isinstance(each, dict):
            kinds.add(str(each.get("/S", "")))
            waiting.extend([each["/K"]] if "/K" in each and not isinstance(each["/K"], int) else [])
    return kinds


def test_cells_never_overlap():
    cell = Cell((), columns=2, rows=3)
    columns, placed = grid(Table((), ((cell, cell), (cell,), (cell,))))
    squares = [(each.x + x, each.y + y) for each in placed for x in range(each.columns) for y in range(each.rows)]
    assert len(squares) == len(set(squares))
    assert columns == 8
    assert max(y for _x, y in squares) == 2


def test_the_press_makes_what_the_writers_make():
    made = paper(("zh", RARE), ("en", "<p>Text</p>"))
    with Press() as press:
        printed = press.make(Form.PDF, made, AT)
        written_ = press.make(Form.DOCX, made, AT)
    assert printed.data == pdf(made, AT).data
    assert printed.pages == 2
    assert "䶮、㛃、𬭎三位代表" in words_of_docx(written_.data)


def test_a_press_that_is_killed_says_so_and_the_next_one_works():
    made = paper(("zh", RARE))
    with Press() as press:
        press._process.send_signal(signal.SIGKILL)
        press._process.wait()
        with pytest.raises(CannotPrint):
            press.make(Form.PDF, made, AT)
    with Press() as press:
        assert press.make(Form.PDF, made, AT).pages == 1


def test_a_press_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr("eventsys.rendering.press.SECONDS", 0.05)
    with Press() as press, pytest.raises(CannotPrint):
        press.make(Form.PDF, paper(("zh", RARE)), AT)


def test_a_press_ends_with_whoever_started_it():
    """The parent is killed: the press reads the end of its orders and goes."""
    code = (
        "import time\nfrom eventsys.rendering.press import Press\n"
        "with Press() as press:\n print(press._process.pid, flush=True)\n time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    for _ in range(100):
        if not is_running(pid):
            return
        time.sleep(0.1)
    os.kill(pid, signal.SIGKILL)
    pytest.fail("the press outlived its parent")


def is_running(pid: int) -> bool:
    """Whether the process is there and not only its entry, which waits for somebody to read it."""
    try:
        return "(zombie)" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def test_the_address_stands_on_every_page():
    reader = PdfReader(BytesIO(pdf(paper(("zh", RARE), ("en", "<p>x</p>")), AT).data))
    assert [ADDRESS in page.extract_text() for page in reader.pages] == [True, True]


def test_english_quotation_marks_are_narrow():
    """As wide as a Chinese character they would fill four times the pages."""
    curly, straight = (f"<p>{f'o{mark}o{mark} ' * 2000}</p>" for mark in "’'")
    assert pdf(paper(("en", curly)), AT).pages <= pdf(paper(("en", straight)), AT).pages + 1
