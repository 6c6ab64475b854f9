"""The pages of imports and exports as an administrator walks through them, and as nobody else does."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventsys.core.audit import AuditEntry
from eventsys.directory.models import Person
from eventsys.exchange.models import Import, ImportState
from eventsys.exchange.operations import advance
from eventsys.extensions import db
from tests.bench.in_process import counted
from tests.directory.acting import ADMINISTRATOR, added, known, liaison_of, organizer_of
from tests.exchange.bringing import PEOPLE, again, as_csv, brought
from tests.personas import Browse

HOME = "/workspace/directory/exchange/"


@pytest.fixture
def administrator(app: Flask, browse: Browse) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    yield browse(ADMINISTRATOR)
    app.config["WTF_CSRF_ENABLED"] = True


def send(browser: FlaskClient, data: bytes, name: str = "人员.csv", sheet: str = "people") -> object:
    return browser.post(f"{HOME}import?lang=en", data={"sheet": sheet, "file": (BytesIO(data), name)})


def test_a_file_is_brought_looked_at_confirmed_and_written(administrator: FlaskClient) -> None:
    answer = send(
        administrator, as_csv(PEOPLE, ("", "李一", "", "a@example.org", ""), ("", "李二", "", "b.example", ""))
    )
    assert answer.status_code == 302
    page = answer.location
    waiting = administrator.get(f"{page}?lang=en").text
    assert 'hx-trigger="every 2s"' in waiting
    assert "Waiting for the worker" in waiting
    advance("tests")
    text = administrator.get(f"{page}?lang=en").text
    assert "hx-trigger" not in text
    for words in (
        "Write the e-mail address like name@example.org.",
        "b.example",
        "refused.csv",
        "Read as UTF-8, parted by commas.",
    ):
        assert words in text
    found = db.session.scalars(select(Import)).one()
    refused = administrator.post(f"{page}confirm?lang=en", data={"version": found.version, "way": "all"})
    assert refused.status_code == 422
    assert "1 rows cannot be written." in refused.text
    assert administrator.post(f"{page}confirm", data={"version": found.version, "way": "good"}).status_code == 302
    assert administrator.post(f"{page}confirm", data={"version": found.version, "way": "good"}).status_code == 302
    advance("tests")
    assert again(found.id).state is ImportState.DONE
    assert [row.name_zh for row in db.session.scalars(select(Person))] == ["李一"]
    report = administrator.get(f"{page}refused.csv?lang=en").data.decode("utf-8-sig")
    assert report.splitlines()[1] == (
        '"","李二","","b.example","","E-mail: Write the e-mail address like name@example.org."'
    )
    assert administrator.get(f"{page}refused.xlsx").data[:2] == b"PK"


def test_the_refused_rows_mended_come_back_as_new(administrator: FlaskClient) -> None:
    found = brought(as_csv(PEOPLE, ("", "李二", "", "b.example", "'024")))
    report = administrator.get(f"{HOME}imports/{found.id}/refused.csv").data
    mended = brought(report.replace(b"b.example", b"b@example.org").replace(b"'024", b"024 1234 5678"))
    assert mended.counts == {"people": {"new": 1}}


def test_what_cannot_be_taken_is_said_at_the_form(administrator: FlaskClient) -> None:
    for data, words in (
        (b"", "The file is empty."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "This is an old workbook"),
        (b"PK\x03\x04 torn", "The file is damaged or is no workbook."),
        (b"a" * (10 * 1024 * 1024 + 1), "The file is larger than 10 MB."),
    ):
        answer = send(administrator, data)
        assert (answer.status_code, words in answer.text) == (422, True), words
    assert administrator.post(f"{HOME}import?lang=en", data={}).status_code == 422
    assert send(administrator, b"a" * (31 * 1024 * 1024)).status_code == 413
    assert db.session.scalars(select(Import)).all() == []


def test_an_export_is_a_file_and_leaves_a_trace(administrator: FlaskClient) -> None:
    known("张伟", phone="+86 24 1234 5678")
    answer = administrator.post(f"{HOME}export?lang=zh", data={"sheet": "people", "ending": "csv"})
    lines = answer.data.decode("utf-8").split("\r\n")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert lines[0].startswith('\ufeff"编号 / Record number","中文姓名 / Full name in Chinese"')
    assert '"\'+86 24 1234 5678"' in lines[1]
    book = administrator.post(f"{HOME}export", data={"sheet": "all", "ending": "xlsx"})
    assert (book.status_code, book.data[:2]) == (200, b"PK")
    assert administrator.post(f"{HOME}export", data={"sheet": "all", "ending": "csv"}).status_code == 422
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "export.take")).all()
    assert [entry.after for entry in entries] == [
        {"sheets": "people", "form": "CSV"},
        {"sheets": "organizations, posts, people, appointments", "form": "XLSX"},
    ]


def test_templates_are_files(administrator: FlaskClient) -> None:
    for sheet in ("organizations", "posts", "people", "appointments"):
        for ending in ("csv", "xlsx"):
            assert administrator.get(f"{HOME}templates/{sheet}.{ending}").status_code == 200
    assert administrator.get(f"{HOME}templates/all.xlsx").data[:2] == b"PK"
    assert administrator.get(f"{HOME}templates/all.csv").status_code == 404


def test_nobody_else_gets_in(browse: Browse) -> None:
    office = added("和平区")
    found = brought(as_csv(PEOPLE, ("", "李一")))
    for actor, status in ((organizer_of(office), 403), (liaison_of(office), 403), (None, 302)):
        browser = browse(actor)
        for page in ("", "import", "export", "templates/people.csv"):
            assert browser.get(HOME + page).status_code == status
        assert browser.get(f"{HOME}imports/{found.id}/").status_code == (404 if status == 403 else 302)
        assert browser.get(f"{HOME}imports/{found.id}/refused.csv").status_code == (404 if status == 403 else 302)


def test_an_import_is_called_off_on_its_page(administrator: FlaskClient) -> None:
    found = brought(as_csv(PEOPLE, ("", "李一")))
    assert administrator.post(f"{HOME}imports/{found.id}/cancel").status_code == 302
    assert again(found.id).state is ImportState.CANCELLED
    assert "李一" not in administrator.get(f"{HOME}imports/{found.id}/").text


def test_a_page_asks_the_same_few_questions_whatever_the_file_holds(app: Flask, administrator: FlaskClient) -> None:
    found = []
    for size in (2, 60):
        rows = [("", f"李{size}{at}", "", f"p{size}.{at}@example.org", "") for at in range(size)]
        brought_in = brought(as_csv(PEOPLE, *rows, ("", "", "", "nobody", "")))
        for page in (HOME, f"{HOME}imports/{brought_in.id}/?show=new", f"{HOME}imports/{brought_in.id}/refused.csv"):
            administrator.get(page)
            with counted(app) as statements:
                assert administrator.get(page).status_code == 200
            found.append(len(statements))
    assert found[:3] == found[3:]
    assert max(found) <= 12
