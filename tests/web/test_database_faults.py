"""A database that is locked, full or gone: a plain page that keeps what was typed, never a stack trace."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from eventsys import create_app
from eventsys.config import from_environment
from eventsys.core.actor import Role
from eventsys.directory.models import OrganizationKind
from eventsys.extensions import db
from eventsys.meetings.models import Meeting
from tests import factories
from tests.conftest import SECRET
from tests.invitations.link import hidden, link
from tests.personas import Browse, let_actors_travel
from tests.web.forms import token_of

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "faults.db"


@pytest.fixture
def fragile(file: Path, tmp_path: Path) -> Iterator[Flask]:
    """The application on an SQLite file of its own, which waits for a lock only a moment."""
    settings = from_environment(
        {
            "EVENTSYS_MODE": "test",
            "EVENTSYS_DATA": str(tmp_path),
            "EVENTSYS_SECRET_KEYS": SECRET,
            "EVENTSYS_PUBLIC_URL": "http://localhost",
            "EVENTSYS_BUSY_TIMEOUT_MS": "50",
            "DATABASE_URL": f"sqlite:///{file}",
        }
    )
    app = create_app(settings)
    let_actors_travel(app)
    with app.app_context():
        db.create_all(bind_key=None)
        yield app
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def typed(fragile: Flask) -> dict[str, str]:
    office = factories.organization("市外办", kind=OrganizationKind.OFFICE)
    fragile.config["ORGANIZER"] = factories.actor((Role.ORGANIZER, office))
    return {
        "title_zh": "没有丢的标题",
        "title_en": "A title that is not lost",
        "kind": "conference",
        "convener_id": str(office.id),
        "visibility": "participants",
        "zone": "Asia/Shanghai",
        "notes_zh": "三行<b>\n备注",
    }


@pytest.fixture
def organizer(fragile: Flask, typed: dict[str, str]) -> FlaskClient:
    return Browse(fragile)(fragile.config["ORGANIZER"])


def form_of(client: FlaskClient, typed: dict[str, str]) -> dict[str, str]:
    """The new meeting's form as the page gives it, filled in."""
    page = client.get("/workspace/meetings/new?lang=zh")
    assert page.status_code == 200
    times = {
        "date": "2030-05-06",
        "starts": "09:00",
        "ends": "11:00",
        "day": "2030-05-06",
        "start": "09:00",
        "end": "11:00",
    }
    return {**times, **typed, "csrf_token": token_of(page)}


def is_plain_and_keeps(answer: object, typed: dict[str, str]) -> None:
    text = answer.text  # type: ignore[attr-defined]
    assert answer.status_code == 503  # type: ignore[attr-defined]
    assert "Traceback" not in text
    assert "sqlite3" not in text
    assert 'name="title_zh" value="没有丢的标题"' in text
    assert "三行&lt;b&gt;" in text
    assert 'action="/workspace/meetings/new' in text


def test_a_locked_database_keeps_what_was_typed(
    fragile: Flask, organizer: FlaskClient, typed: dict[str, str], file: Path
) -> None:
    fields = form_of(organizer, typed)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answer = organizer.post("/workspace/meetings/new?lang=zh", data=fields, headers=SAME_SITE)
    other.execute("ROLLBACK")
    other.close()
    is_plain_and_keeps(answer, typed)
    db.session.rollback()
    assert db.session.scalar(select(func.count(Meeting.id))) == 0


def test_what_was_kept_can_be_sent_again(
    fragile: Flask, organizer: FlaskClient, typed: dict[str, str], file: Path
) -> None:
    fields = form_of(organizer, typed)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    page = organizer.post("/workspace/meetings/new?lang=zh", data=fields, headers=SAME_SITE)
    other.execute("ROLLBACK")
    other.close()
    again = {**fields, "csrf_token": token_of(page)}
    assert organizer.post("/workspace/meetings/new?lang=zh", data=again).status_code == 302
    db.session.rollback()
    assert db.session.scalars(select(Meeting.title_zh)).all() == ["没有丢的标题"]


def test_a_full_database_keeps_what_was_typed(fragile: Flask, organizer: FlaskClient, typed: dict[str, str]) -> None:
    fields = form_of(organizer, typed)
    with db.engines[None].connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        connection.rollback()
    typed["notes_zh"] = fields["notes_zh"] = "三行<b>\n" + "备注" * 1900
    typed["notes_en"] = fields["notes_en"] = "long " * 790
    answers = [
        organizer.post("/workspace/meetings/new?lang=zh", data=fields, headers=SAME_SITE) for _attempt in range(12)
    ]
    is_plain_and_keeps(answers[-1], typed)


def test_a_database_that_is_gone_is_said_plainly(fragile: Flask, organizer: FlaskClient, file: Path) -> None:
    for engine in db.engines.values():
        engine.dispose()
    for path in file.parent.glob("faults.db*"):
        path.unlink()
    file.mkdir()
    answer = organizer.get("/workspace/meetings/?lang=zh")
    assert answer.status_code == 503
    assert "记录" in answer.text
    assert "Traceback" not in answer.text


def test_what_another_site_sent_is_not_kept(
    fragile: Flask, organizer: FlaskClient, typed: dict[str, str], file: Path
) -> None:
    fields = form_of(organizer, typed)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answer = organizer.post("/workspace/meetings/new?lang=zh", data=fields, headers={"Sec-Fetch-Site": "cross-site"})
    other.execute("ROLLBACK")
    other.close()
    assert (answer.status_code, "没有丢的标题" in answer.text) == (503, False)


@pytest.mark.parametrize(
    "address", ["/meetings/99999999999999999999", "/checkin/2147483648/", "/workspace/meetings/0/"]
)
def test_a_number_no_row_can_have_is_no_address(fragile: Flask, organizer: FlaskClient, address: str) -> None:
    assert organizer.get(address).status_code == 404


def test_an_answer_by_link_that_met_a_locked_database_is_kept_without_a_cookie(fragile: Flask, file: Path) -> None:
    office = factories.organization("市外办", kind=OrganizationKind.OFFICE)
    row = factories.attendee(factories.meeting(office), factories.person("李明"))
    url, client = link(fragile, row), fragile.test_client()
    fields = {**hidden(client.get(f"{url}?do=leave").text), "answer": "leave", "comment": "出访任务"}
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answer = client.post(url, data=fields, headers=SAME_SITE)
    other.execute("ROLLBACK")
    other.close()
    assert (answer.status_code, "出访任务" in answer.text) == (503, True)
    assert answer.headers.getlist("Set-Cookie") == []
    kept = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', answer.text))
    assert client.post(url, data=kept).status_code == 303
