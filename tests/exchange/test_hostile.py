"""Files that are too large inside, hold traps, or are simply not as they should be."""

from __future__ import annotations

import resource
import time
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from sqlalchemy import select

from eventsys.directory.models import Person
from eventsys.exchange.columns import Sheet
from eventsys.exchange.models import ImportState
from eventsys.exchange.reading.opened import opened
from eventsys.exchange.reading.packages import looked_through
from eventsys.exchange.reading.rows import Unreadable
from eventsys.extensions import db
from tests.directory.acting import known
from tests.exchange.bringing import PEOPLE, as_csv, as_xlsx, brought, reasons, states, written

pytestmark = pytest.mark.usefixtures("app")

TOO_LARGE = "The workbook is much larger inside than the file"
DAMAGED = "The file is damaged or is no workbook."


def packed(**parts: bytes) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as package:
        for name, content in {"xl/workbook.xml": b"<workbook/>", **parts}.items():
            package.writestr(name, content)
    return file.getvalue()


def refusal(data: bytes, sheet: Sheet | None = Sheet.PEOPLE) -> str:
    with pytest.raises(Unreadable) as reason:
        for table in opened(data, sheet).tables:
            list(table.rows)
    return reason.value.texts["en"]


def changed_inside(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """A workbook one of whose parts says something else."""
    file = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(file, "w", ZIP_DEFLATED) as package:
        for part in source.namelist():
            content = source.read(part)
            package.writestr(part, content.replace(old, new) if part == name else content)
    return file.getvalue()


def test_two_megabytes_that_unpack_to_hundreds_are_refused_before_they_are_read() -> None:
    data = packed(**{f"xl/worksheets/sheet{each}.xml": b"\0" * (50 << 20) for each in range(8)})
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    assert len(data) < 2 << 20
    assert refusal(data).startswith(TOO_LARGE)
    assert time.process_time() - start < 0.5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 << 10


def test_a_size_that_lies_is_found_while_inflating() -> None:
    honest = packed(**{"xl/worksheets/sheet1.xml": b" " * (80 << 20)})
    lying = honest.replace((80 << 20).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert lying != honest
    with pytest.raises(Unreadable):
        looked_through(lying)


def test_one_part_that_is_all_the_same_is_refused() -> None:
    assert refusal(packed(**{"xl/media/image.png": b"x" * (7 << 20)})).startswith(TOO_LARGE)


def test_very_many_parts_and_parts_of_one_name_are_refused() -> None:
    assert refusal(packed(**{f"part{each}": b"" for each in range(1001)})).startswith(DAMAGED)
    file = BytesIO()
    with pytest.warns(UserWarning), ZipFile(file, "w") as package:
        for content in (b"<a/>", b"<b/>"):
            package.writestr("xl/workbook.xml", content)
    assert refusal(file.getvalue()).startswith(DAMAGED)


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
        b'<!doctype x [<!ENTITY f SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_declarations_in_the_xml_are_refused_wherever_they_stand(declaration: bytes) -> None:
    good = as_xlsx(PEOPLE, ("", "李一"))
    for name in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"):
        assert refusal(changed_inside(good, name, b"<", declaration + b"<")).startswith(DAMAGED)


def test_xml_in_another_encoding_hides_nothing() -> None:
    wide = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x []><worksheet/>'.encode("utf-16")
    assert refusal(packed(**{"xl/worksheets/sheet1.xml": wide})).startswith(DAMAGED)


def test_workbooks_that_are_none() -> None:
    good = as_xlsx(PEOPLE, ("", "李一"))
    assert refusal(good[: len(good) // 2]).startswith(DAMAGED)
    assert refusal(packed()).startswith("The workbook cannot be read.")
    file = BytesIO()
    with ZipFile(file, "w") as package:
        package.writestr("content.xml", "<office/>")
    assert refusal(file.getvalue()).startswith("This is no Excel workbook")
    broken = changed_inside(good, "xl/worksheets/sheet1.xml", b"</sheetData>", b"</sheetDat>")
    assert refusal(broken).startswith("The workbook cannot be read.")
    assert zlib.crc32(good)


def test_formulas_are_refused_as_formulas() -> None:
    for data in (as_xlsx(PEOPLE, ("", "=1+1"), ("", "李二")), as_csv(PEOPLE, ("", "=1+1"), ("", "李二"))):
        found = brought(data)
        assert states(found) == [(2, "refused"), (3, "new")]
        assert reasons(found, 2)[0] == (
            "name_zh",
            "The cell holds a formula. Replace it by its value (paste as values).",
        )


def test_errors_merged_cells_hidden_rows_and_hidden_sheets_are_said() -> None:
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(as_xlsx(PEOPLE, *(("", f"李{each}") for each in "一二三四五"), 秘密=[("a",)])))
    sheet = book["人员"]
    sheet.merge_cells("D3:D4")
    sheet.row_dimensions[5].hidden = True
    sheet["E6"].value, sheet["E6"].data_type = "#N/A", "e"
    book["秘密"].sheet_state = "hidden"
    file = BytesIO()
    book.save(file)
    found = brought(file.getvalue())
    assert states(found) == [(2, "new"), (3, "refused"), (4, "refused"), (5, "refused"), (6, "refused")]
    assert reasons(found, 3) == [("", "The cells D3:D4 are merged. Unmerge them and fill in each.")]
    assert reasons(found, 5) == [("", "This row is hidden in the file. Show it, or delete it.")]
    assert reasons(found, 6) == [("phone", "The cell holds an error (#N/A). Fill it in.")]
    assert "Hidden sheets are not read: 秘密." in [each["en"] for each in found.remarks]


@pytest.mark.parametrize(
    ("encoding", "separator", "said"),
    [
        ("utf-8", ",", "UTF-8, parted by commas"),
        ("utf-8-sig", ";", "UTF-8, parted by semicolons"),
        ("gb18030", "\t", "GB18030, parted by tabs"),
        ("utf-16", "\t", "UTF-16, parted by tabs"),
        ("utf-16-le", ",", "UTF-16, parted by commas"),
        ("utf-16-be", ";", "UTF-16, parted by semicolons"),
    ],
)
def test_encodings_and_separators_are_found_and_said(encoding: str, separator: str, said: str) -> None:
    found = brought(as_csv(PEOPLE, ("", "張偉", "Zhang; Wei", "a@example.org"), encoding=encoding, separator=separator))
    assert found.counts == {"people": {"new": 1}}
    assert found.remarks[0]["en"] == f"Read as {said}."


def test_what_no_encoding_explains_is_refused() -> None:
    assert refusal(b"\xff\xff\xff\x80").startswith("The file's characters cannot be read.")


def test_cells_are_brought_into_one_form() -> None:
    row = ("", " 李　一 ", "Ｌｉ", "ＡＢ＠example．org", "０２４－１２３４５６７８  ")
    written(brought(as_csv(PEOPLE, row)))
    person = db.session.scalars(select(Person)).one()
    assert (person.name_zh, person.email, person.phone) == ("李　一", "ab@example.org", "024-12345678")


def test_characters_that_deceive_and_texts_that_are_too_long_are_refused() -> None:
    rows = [("", "李\x07一"), ("", "李\u202e二"), ("", "李" * 121), ("", "李四", "", "", "1.38E+10"), ("", "李\x00五")]
    found = brought(as_csv(PEOPLE, *rows))
    assert [state for _row, state in states(found)] == ["refused"] * 5
    assert reasons(found, 2)[0][1] == "Character 2 is an invisible control character. Delete it or type the text."
    assert reasons(found, 4)[0][1] == "This is 121 characters long; at most 120 are possible."
    assert reasons(found, 5)[0] == ("phone", "Write the phone number in digits, like 024 1234 5678.")


def test_headings_are_found_in_both_languages_and_what_is_missing_is_named() -> None:
    titled = as_csv(
        ("人员名单",), (), ("No", "name*", "E-Mail", "手机号", "职级"), ("", "Li Yi", "", "024 1234 5678", "x")
    )
    found = brought(titled)
    assert found.counts == {"people": {"new": 1}}
    assert "These columns are not read: 职级." in [each["en"] for each in found.remarks]
    assert refusal(as_csv(("部门", "电话"), ("a", "b"))) == (
        "Columns are missing: 中文姓名 / Full name in Chinese; 英文姓名 / Full name in English. Row 1 was read as the "
        "headings: 部门, 电话. The template shows how they are written."
    )
    assert refusal(as_csv(("姓名", "姓 名"), ("a", "b"))) == "Two columns are headed “姓 名”. Keep one of them."
    assert refusal(b"\r\n\r\n") == "The file is empty."
    assert refusal(as_xlsx()) == "The sheet “人员” is empty."
    only = brought(as_csv(PEOPLE))
    assert (only.state, only.reason["en"]) == (ImportState.UNREADABLE, "There are headings and no rows below them.")


def test_a_separator_inside_a_text_and_a_missing_quotation_mark_are_said() -> None:
    found = brought("姓名,电话\r\n李一,024 1234 5678,多出\r\n".encode())
    assert reasons(found, 2) == [("", "There are more cells than headings. A separator may stand inside a text.")]
    torn = ('姓名,电话\r\n李一,024 1234 5678\r\n"' + "李二\r\n" * 30_000).encode()
    assert refusal(torn).startswith("The file cannot be read from line")


def test_too_many_rows_are_refused() -> None:
    lines = "姓名\r\n" + "李\r\n" * 50_001
    assert refusal(lines.encode()) == "A file may have 50000 rows at most. Import it in parts."


def test_a_row_of_numbers_of_others_does_not_reach_beyond_the_record() -> None:
    known("张伟")
    found = brought(as_csv(PEOPLE, ("99999999999999999999", "李一"), ("0", "李二"), ("-1", "李三")))
    assert [state for _row, state in states(found)] == ["refused", "refused", "new"]
