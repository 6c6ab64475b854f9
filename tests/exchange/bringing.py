"""Files as people bring them, and imports brought on by hand."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO
from typing import Any

from sqlalchemy import select

from eventsys.core.actor import Actor
from eventsys.core.transaction import write
from eventsys.exchange.columns import Sheet
from eventsys.exchange.models import Import, ImportRow, ImportWay
from eventsys.exchange.operations import advance, begin_import, confirm_import
from eventsys.extensions import db
from tests.directory.acting import ADMINISTRATOR

PEOPLE = ("编号", "中文姓名", "英文姓名", "电子邮箱", "电话")


def as_csv(*rows: Sequence[Any], encoding: str = "utf-8", separator: str = ",") -> bytes:
    file = StringIO(newline="")
    csv.writer(file, delimiter=separator).writerows(rows)
    return file.getvalue().encode(encoding)


def as_xlsx(*rows: Sequence[Any], name: str = "人员", **sheets: Sequence[Sequence[Any]]) -> bytes:
    """A workbook written by another hand than ours: numbers stay numbers, dates are dates, `=` begins a formula."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for title, lines in {name: rows, **sheets}.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(list(line))
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def brought(data: bytes, sheet: Sheet | None = Sheet.PEOPLE, *, by: Actor = ADMINISTRATOR) -> Import:
    """The import of a file that was read."""
    with write():
        found = begin_import(data, "测试.csv", sheet, by=by).id
    advance("tests")
    return again(found)


def written(
    found: Import, way: ImportWay = ImportWay.ALL, accepted: Sequence[str] = (), *, by: Actor = ADMINISTRATOR
) -> Import:
    """The same import, confirmed and written."""
    with write():
        confirm_import(found, way, accepted, found.version, by=by)
    advance("tests")
    return again(found.id)


def again(import_id: int) -> Import:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Import, import_id)


def states(found: Import) -> list[tuple[int, str]]:
    """Row numbers with their states."""
    statement = select(ImportRow.number, ImportRow.state).where(ImportRow.import_id == found.id)
    return [(row.number, row.state.value) for row in db.session.execute(statement.order_by(ImportRow.id))]


def reasons(found: Import, number: int) -> list[tuple[str, str]]:
    """What was found in a row: columns and English words."""
    statement = select(ImportRow.findings).where(ImportRow.import_id == found.id, ImportRow.number == number)
    return [(each["column"], each["en"]) for each in db.session.scalars(statement).one()]
