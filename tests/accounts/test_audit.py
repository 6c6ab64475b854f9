"""The audit log's reader: what is filtered is what is listed and exported."""

from __future__ import annotations

import ast
import csv
import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

import eventsys
from eventsys.accounts.audit_words import KINDS, VERBS, act
from eventsys.accounts.queries import load_actor
from eventsys.core.actor import Role
from eventsys.core.audit import AuditEntry, record
from eventsys.core.language import use_language
from eventsys.core.transaction import write
from eventsys.extensions import db
from tests import factories
from tests.personas import Browse

LOG = "/workspace/audit/"
START = datetime(2024, 8, 22, 1, 0, tzinfo=UTC)


@pytest.fixture
def client(browse: Browse) -> FlaskClient:
    return browse(factories.actor((Role.ADMINISTRATOR, None)))


@pytest.fixture
def log(app: Flask) -> None:
    """Three acts, on two days of the office (the last is on 23 August in UTC+8), one of them at a meeting."""
    office = factories.organization("外办")
    meeting = factories.meeting(office, title_zh="年会", title_en="Annual meeting")
    wang, li = factories.actor(label="王主任"), factories.actor(label="李工")
    before, after = {"name_zh": "老", "active": True}, {"name_zh": "<b>新", "active": False}
    acts = [
        (START, "organization.revise", office, wang, {"before": before, "after": after}),
        (START + timedelta(hours=1), "meeting.schedule", meeting, li, {"meeting_id": meeting.id, "label": "年会"}),
        (START + timedelta(hours=15), "organization.close", office, li, {"label": "外办_%"}),
    ]
    for at, action, subject, by, facts in acts:
        with time_machine.travel(at, tick=False), write():
            record(action, subject, by=by, **facts)


def exported(client: FlaskClient, query: str) -> list[str]:
    text = client.get(f"{LOG}export.csv{query}").data.decode("utf-8-sig")
    return [row["Code"] for row in csv.DictReader(StringIO(text))]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["organization.close", "meeting.schedule", "organization.revise"]),
        ("who=李", ["organization.close", "meeting.schedule"]),
        ("kind=organization", ["organization.close", "organization.revise"]),
        ("verb=schedule", ["meeting.schedule"]),
        ("kind=organization&verb=close", ["organization.close"]),
        ("subject=_%25", ["organization.close"]),
        ("meeting=MEETING", ["meeting.schedule"]),
        ("last=2024-08-22", ["meeting.schedule", "organization.revise"]),
        ("first=2024-08-23&last=2024-08-23", ["organization.close"]),
        ("first=nonsense", ["organization.close", "meeting.schedule", "organization.revise"]),
        ("who=nobody", []),
    ],
)
def test_filters(client: FlaskClient, log: None, query: str, found: list[str]) -> None:
    query = "?lang=en&" + query.replace("MEETING", _meeting_id())
    assert exported(client, query) == found
    assert client.get(LOG + query).text.count("<tr>") == (len(found) + 1 if found else 0)


def _meeting_id() -> str:
    return str(db.session.scalar(select(AuditEntry.meeting_id).where(AuditEntry.meeting_id.is_not(None))))


def test_people_are_found_and_shown_by_their_names_in_either_language(client: FlaskClient) -> None:
    account = factories.account(factories.person("王主任", name_en="Director Wang"))
    with write():
        record("account.sign_in", account, by=load_actor(account.id), label=account.email)
    english, chinese = (client.get(f"{LOG}?lang={code}&who={who}").text for code, who in (("en", "王"), ("zh", "Wang")))
    assert "<td>Director Wang<br>" in english
    assert "<td>王主任<br>" in chinese


def test_before_and_after_are_readable(client: FlaskClient, log: None) -> None:
    page = client.get(LOG + "?lang=en&verb=revise").text
    assert "<dt>Name (Chinese)</dt><dd><del>老</del> → <ins>&lt;b&gt;新</ins></dd>" in page
    assert "<dt>Active</dt><dd><del>yes</del> → <ins>no</ins></dd>" in page
    assert "Organization: revised" in page
    assert "单位：修订" in client.get(LOG + "?lang=zh&verb=revise").text


def test_pages_by_key_lose_and_repeat_nothing(client: FlaskClient) -> None:
    common = {"actor": "x", "channel": "web", "address": "", "action": "person.add", "subject_type": "person"}
    rows = [{**common, "at": START, "subject_label": f"entry {number};"} for number in range(120)]
    with write() as session:
        session.execute(insert(AuditEntry), rows)
    seen, pages, url = [], 0, LOG
    while url:
        page = client.get(url).text
        seen += re.findall(r"entry \d+;", page)
        found = re.search(r'href="([^"]+)" rel="next"', page)
        back, url = url, found.group(1).replace("&amp;", "&") if found else ""
        pages += 1
    assert (pages, seen) == (3, [f"entry {number};" for number in reversed(range(120))])
    newer = re.search(r'href="([^"]+)" rel="prev"', client.get(back).text).group(1).replace("&amp;", "&")
    assert re.findall(r"entry \d+;", client.get(newer).text) == seen[50:100]


def test_the_workbook_holds_texts(client: FlaskClient, log: None) -> None:
    book = client.get(LOG + "export.xlsx")
    assert (book.headers["Content-Disposition"], book.data[:2]) == ('attachment; filename="audit.xlsx"', b"PK")


@pytest.mark.parametrize("role", [Role.ORGANIZER, Role.LIAISON])
def test_others_read_none_of_it(browse: Browse, role: Role) -> None:
    client = browse(factories.actor((role, factories.organization())))
    assert [client.get(url).status_code for url in (LOG, LOG + "export.csv")] == [403, 403]


def test_every_act_of_the_verbs_has_words() -> None:
    package = Path(eventsys.__file__).parent
    files = [*package.glob("*/operations/*.py"), *package.glob("*/operations.py")]
    texts = {
        node.value
        for path in files
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    acts = {tuple(text.split(".")) for text in texts if re.fullmatch(r"(?!eventsys)[a-z_]+\.(?!id$|ics$)[a-z_]+", text)}
    assert {kind for kind, _verb in acts} - KINDS.keys() == set()
    assert {verb for _kind, verb in acts} - VERBS.keys() == set()


def test_asking_for_leave_is_not_leaving() -> None:
    with use_language("en"):
        assert [act(action) for action in ("reply.leave", "door.left", "role.grant")] == [
            "Reply: leave asked for",
            "Check-in: left",
            "Role: given",
        ]
