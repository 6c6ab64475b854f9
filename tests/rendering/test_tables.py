"""Tables as CSV and XLSX, read back by another reader."""

import csv
import re
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventsys.rendering.tables import csv_bytes, xlsx_bytes

CELLS = st.one_of(st.none(), st.integers(), st.text())


def read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(data.decode("utf-8-sig"), newline="")))


def read_texts(data: bytes) -> list[list[str]]:
    """The inline and shared texts of the only sheet, row by row."""
    with ZipFile(BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    rows = re.findall("<row [^>]*>(.*?)</row>", sheet, re.DOTALL)
    return [re.findall(r'<c [^>]*t="inlineStr"><is><t[^>]*>(.*?)</t></is></c>', row, re.DOTALL) for row in rows]


def test_csv_has_a_mark_quotes_and_crlf():
    data = csv_bytes(["单位", "回执"], [["沈河区", None], ['a"b', 3], ["x\ny", -2.5]])
    assert data == '\ufeff"单位","回执"\r\n"沈河区",""\r\n"a""b","3"\r\n"x\ny","-2.5"\r\n'.encode()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_csv_runs_nothing(start):
    assert read_csv(csv_bytes([start + "h"], [[start + "1+1"]])) == [["'" + start + "h"], ["'" + start + "1+1"]]


@settings(deadline=None)
@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=5))
def test_no_text_of_a_csv_begins_a_formula(rows):
    back = read_csv(csv_bytes(["a", "b"], rows))
    assert len(back) == len(rows) + 1
    for row, written in zip(rows, back[1:], strict=True):
        for value, text in zip(row, written, strict=True):
            if isinstance(value, str):
                assert not text.startswith(tuple("=+-@\t\r"))
                assert text.removeprefix("'") == value.removeprefix("'")
            else:
                assert text == ("" if value is None else str(value))


def test_xlsx_holds_texts_only():
    rows = [["=1+1", "https://example.org"], ["007", 5], ["a\x00b\ud800", None], ["<&>", "@SUM(A1)"]]
    data = xlsx_bytes(["单位", "=回执"], rows, "回执")
    assert read_texts(data) == [
        ["单位", "=回执"],
        ["=1+1", "https://example.org"],
        ["007", "5"],
        ["a b\ufffd", ""],
        ["&lt;&amp;&gt;", "@SUM(A1)"],
    ]
    with ZipFile(BytesIO(data)) as archive:
        assert "<f>" not in archive.read("xl/worksheets/sheet1.xml").decode()
        assert not [name for name in archive.namelist() if "rels/sheet" in name]


@pytest.mark.parametrize(
    ("name", "written"),
    [("会议/2024: [a]", "会议 2024   a"), ("", "1"), ("x" * 40, "x" * 31), ("''", "1")],
)
def test_a_sheet_has_a_name_that_excel_takes(name, written):
    with ZipFile(BytesIO(xlsx_bytes(["a"], [], name))) as archive:
        assert f'<sheet name="{written}" ' in archive.read("xl/workbook.xml").decode()


def test_a_long_text_is_cut():
    assert read_texts(xlsx_bytes(["a"], [["x" * 40000]], "s")) == [["a"], ["x" * 32767]]
