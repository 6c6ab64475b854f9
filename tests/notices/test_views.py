"""The desk and the list in a browser: who may, what is shown, what a form refuses, two editors."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventsys.core.clock import now
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.meetings.models import MeetingState
from eventsys.notices import operations as verbs
from eventsys.notices.models import Notice, NoticeState, NoticeVersion, VersionState
from eventsys.notices.text import NoticeText
from tests import factories
from tests.notices.world import ANYWAY, TEXT, World, approved, published, started, submitted, world
from tests.personas import Browse
from tests.web.forms import post

PERSONS = ("administrator", "organizer", "editor", "approver", "member", "stranger_editor")
TYPED = {
    "title_zh": "新标题",
    "title_en": "New title",
    "body_zh": "<p>8月22日，会议召开。</p>",
    "body_en": "<p>It met on 22 August.</p>",
    "author_zh": "某某",
    "department_zh": "综合处",
}


@pytest.fixture
def here(app: Flask) -> World:
    return world()


@pytest.fixture
def base(here: World) -> str:
    return f"/workspace/meetings/{here.meeting.id}/notice"


@pytest.fixture
def editor(here: World, browse: Browse) -> FlaskClient:
    client = browse(here["editor"])
    client.set_cookie("lang", "en")
    return client


def version() -> NoticeVersion:
    """The newest version as it stands now, read in a transaction of its own."""
    db.session.rollback()
    return db.session.scalars(select(NoticeVersion).order_by(NoticeVersion.id.desc()).limit(1)).one()


def state() -> NoticeState:
    db.session.rollback()
    return db.session.scalars(select(Notice)).one().state


def statuses(here: World, browse: Browse, url: str) -> dict[str, int]:
    return {name: browse(here[name]).get(url).status_code for name in PERSONS}


@pytest.mark.parametrize(
    ("page", "allowed"),
    [
        ("", {"administrator", "organizer", "editor", "approver"}),
        ("/preview", {"administrator", "organizer", "editor", "approver"}),
        ("/edit", {"organizer", "editor"}),
        ("/submit", {"organizer", "editor"}),
        ("/approve", {"approver"}),
        ("/return", {"organizer", "editor", "approver"}),
        ("/publish", {"editor"}),
        ("/withdraw", {"editor"}),
        ("/correct", {"editor"}),
    ],
)
def test_who_gets_which_page(here: World, browse: Browse, base: str, page: str, allowed: set[str]) -> None:
    started(here)
    assert statuses(here, browse, base + page) == {name: 200 if name in allowed else 404 for name in PERSONS}
    assert browse(None).get(base + page).status_code == 302


def test_who_gets_the_list(here: World, browse: Browse) -> None:
    started(here)
    found = {name: browse(here[name]).get("/workspace/notices/") for name in PERSONS}
    assert {name: page.status_code for name, page in found.items()} == dict.fromkeys(PERSONS, 200) | {"member": 403}
    shown = {name for name, page in found.items() if "全市外办主任会议召开" in page.text or "City’s" in page.text}
    assert shown == {"administrator", "organizer", "editor", "approver"}


@pytest.mark.parametrize("page", ["/submit", "/approve", "/return", "/publish", "/withdraw", "/correct", "/edit"])
def test_nothing_is_done_for_those_who_may_not(here: World, browse: Browse, base: str, page: str) -> None:
    started(here)
    client = browse(here["stranger_editor"])
    assert post(client, base + page, {"reason": "x"}, page="/workspace/notices/").status_code == 404
    assert version().state is VersionState.DRAFT


def test_no_act_without_a_token(here: World, editor: FlaskClient, base: str) -> None:
    started(here)
    answer = editor.post(f"{base}/submit", data={"version": "1"})
    assert (answer.status_code, version().state) == (400, VersionState.DRAFT)


def test_starting_from_the_record(here: World, editor: FlaskClient, base: str) -> None:
    page = editor.get(base)
    assert "Start from the record" in page.text
    answer = post(editor, f"{base}/start", page=base)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{base}/edit")
    assert version().body_zh == "<p>2024年8月22日，沈阳市人民政府外事办公室召开全市外办主任会议。</p>"
    assert "data-editor" in editor.get(f"{base}/edit").text


def test_it_cannot_be_started_before_the_meeting(app: Flask, browse: Browse) -> None:
    here = world(state=MeetingState.SCHEDULED, starts_at=now() + timedelta(days=3), ends_at=now() + timedelta(days=4))
    base, client = f"/workspace/meetings/{here.meeting.id}/notice", browse(here["editor"])
    assert "/notice/start" not in client.get(f"{base}?lang=en").text
    answer = post(client, f"{base}/start", page="/workspace/notices/?lang=en")
    assert answer.status_code == 422
    assert "The notice is written from the record, once the meeting is in session or concluded." in answer.text


def test_saving_cleans_what_was_pasted(here: World, editor: FlaskClient, base: str) -> None:
    row = started(here)
    evil = (
        '<h2 onclick="a()">甲</h2><p>乙<script>alert(1)</script><style>b{}</style>'
        '<a href="javascript:alert(1)">丙</a></p><iframe src="//x"></iframe>'
    )
    answer = post(editor, f"{base}/edit", {**TYPED, "version": row.version, "body_zh": evil})
    assert answer.status_code == 302
    assert version().body_zh == "<h2>甲</h2><p>乙丙</p>"
    shown = editor.get(base).text
    assert '<div class="text-body"><h2>甲</h2><p>乙丙</p></div>' in shown


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("title_zh", "长" * 301, "This is 301 characters long; at most 300 are possible."),
        ("author_en", "x" * 121, "This is 121 characters long; at most 120 are possible."),
        ("body_en", "<p>" + "x" * 60_000 + "</p>", "This is 60007 characters long; at most 60000 are possible."),
        ("title_en", "a\u202eb", "Character 2 changes the reading direction. Delete it or type the text."),
        ("department_zh", "a\x07b", "Character 2 is an invisible control character. Delete it or type the text."),
        ("title_zh", "甲\n乙", "Write this on one line."),
    ],
)
def test_a_field_says_what_it_refuses(
    here: World, editor: FlaskClient, base: str, name: str, value: str, words: str
) -> None:
    row = started(here)
    answer = post(editor, f"{base}/edit", {**TYPED, "version": row.version, name: value})
    assert answer.status_code == 422
    assert f'<a href="#{name}">{words}</a>' in answer.text
    assert version().title_zh == TEXT.title_zh
    assert "新标题" in answer.text or name == "title_zh"


def test_the_second_of_two_editors_sees_both_texts(here: World, browse: Browse, editor: FlaskClient, base: str) -> None:
    row = started(here)
    seen = row.version
    other = browse(here["other_editor"])
    assert post(other, f"{base}/edit", {**TYPED, "version": seen, "body_zh": "<p>他人所写</p>"}).status_code == 302
    answer = post(editor, f"{base}/edit", {**TYPED, "version": seen, "body_zh": "<p>我的所写</p>"})
    assert answer.status_code == 409
    assert '<div class="compare-text compare-differs" data-who="What you typed">我的所写</div>' in answer.text
    assert '<div class="compare-text compare-differs" data-who="What is saved now">他人所写</div>' in answer.text
    assert version().body_zh == "<p>他人所写</p>"
    again = post(editor, f"{base}/edit", {**TYPED, "version": version().version, "body_zh": "<p>合并</p>"})
    assert (again.status_code, version().body_zh) == (302, "<p>合并</p>")


def test_what_was_typed_stays_when_the_text_went_into_review_meanwhile(
    here: World, editor: FlaskClient, base: str
) -> None:
    row = started(here)
    page = f"{base}/edit"
    with write():
        verbs.submit(row, by=here["organizer"])
    answer = post(editor, page, {**TYPED, "version": row.version}, page=base + "/submit")
    assert answer.status_code in {409, 422}
    assert "新标题" in answer.text
    assert editor.get(page).headers["Location"] == base


def act(client: FlaskClient, url: str, **fields: str) -> int:
    """Post a page of an act with the hidden fields that it was served with."""
    page = client.get(url).text
    hidden = {
        name: page.split(f'name="{name}" type="hidden" value="')[1].split('"')[0]
        for name in ("version", "shown")
        if f'name="{name}" type="hidden" value="' in page
    }
    return post(client, url, {**hidden, **fields}).status_code


def test_the_way_to_the_public_in_browsers(here: World, browse: Browse, editor: FlaskClient, base: str) -> None:
    started(here)
    approver = browse(here["approver"])
    assert act(editor, f"{base}/submit") == 302
    assert act(approver, f"{base}/return", reason="请补充出席情况") == 302
    assert "请补充出席情况" in editor.get(base).text
    assert act(editor, f"{base}/submit") == 302
    assert act(approver, f"{base}/approve") == 302
    assert act(editor, f"{base}/publish") == 302
    assert state() is NoticeState.PUBLISHED
    assert act(editor, f"{base}/correct", note_en="A typing error.") == 302
    assert version().correction_en == "A typing error."
    assert act(editor, f"{base}/withdraw", reason_zh="内容有误") == 302
    assert state() is NoticeState.WITHDRAWN


def test_a_return_and_a_withdrawal_without_words_are_refused_at_the_field(
    here: World, browse: Browse, editor: FlaskClient, base: str
) -> None:
    submitted(here)
    approver = browse(here["approver"])
    approver.set_cookie("lang", "en")
    answer = post(approver, f"{base}/return", {"version": version().version, "reason": " "})
    assert answer.status_code == 422
    assert '<a href="#reason">Say what has to be changed</a>' in answer.text


def test_the_author_who_also_approves_is_told_why_not(here: World, browse: Browse, base: str) -> None:
    row = started(here)
    with write():
        verbs.save_version(row, TEXT, by=here["both"])
        verbs.submit(row, by=here["both"])
    client = browse(here["both"])
    page = client.get(f"{base}/approve?lang=en").text
    assert "You wrote on this text yourself. Somebody else has to review it." in page
    assert 'name="shown"' not in page
    answer = post(client, f"{base}/approve", {"version": row.version, "shown": ""}, page="/workspace/notices/")
    assert (answer.status_code, version().state) == (422, VersionState.IN_REVIEW)


def test_contradictions_stand_above_the_button_and_a_page_without_them_does_not_pass(
    here: World, editor: FlaskClient, base: str
) -> None:
    row = started(here, NoticeText.of(TEXT, body_zh="<p>8月23日，会议召开，听取了工作汇报。</p>"))
    page = editor.get(f"{base}/submit").text
    words = "The text says “8月23日”; by the record the meeting was on Thursday 22 August 2024."
    assert f"<p>{words}</p>" in page
    stale = post(editor, f"{base}/submit", {"version": row.version, "shown": "", "reason_all": "核实过"})
    assert (stale.status_code, version().state) == (422, VersionState.DRAFT)
    assert act(editor, f"{base}/submit") == 422
    assert act(editor, f"{base}/submit", reason_all="会期有变") == 302
    assert f"May stand: 会期有变 ({here['editor'].label})" in editor.get(base).text


def test_an_approver_does_not_approve_what_changed_meanwhile(here: World, browse: Browse, base: str) -> None:
    row = submitted(here)
    seen = row.version
    with write():
        verbs.return_version(row, "改", by=here["editor"])
        verbs.save_version(row, NoticeText.of(TEXT, title_zh="另一个标题"), by=here["editor"])
        verbs.submit(row, reasons=ANYWAY, by=here["editor"])
    client = browse(here["approver"])
    answer = post(client, f"{base}/approve", {"version": seen, "shown": ""})
    assert (answer.status_code, version().state) == (422, VersionState.IN_REVIEW)
    assert "另一个标题" in answer.text


def test_the_preview_is_the_public_page_in_either_language(here: World, editor: FlaskClient, base: str) -> None:
    started(here)
    chinese, english = editor.get(f"{base}/preview?in=zh").text, editor.get(f"{base}/preview?in=en").text
    assert '<h1 lang="zh-Hans">全市外办主任会议召开</h1>' in chinese
    assert '<html lang="zh-Hans"' in chinese
    assert '<h1 lang="en">City’s foreign affairs offices meet</h1>' in english
    assert editor.get(f"{base}/preview?in=xx").status_code == 404


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        ("all", ["approved", "draft", "in_review", "published"]),
        ("draft", ["draft"]),
        ("in_review", ["in_review"]),
        ("approved", ["approved"]),
        ("published", ["published"]),
        ("withdrawn", []),
    ],
)
def test_the_list_by_state(here: World, editor: FlaskClient, show: str, expected: list[str]) -> None:
    for make in (started, submitted, approved, published):
        here.meeting = factories.meeting(here.office, state=MeetingState.CONCLUDED)
        make(here)
    text = editor.get(f"/workspace/notices/export.csv?show={show}").data.decode("utf-8-sig")
    words = {"Draft": "draft", "In review": "in_review", "Approved": "approved", "Published": "published"}
    rows = list(csv.reader(io.StringIO(text)))[1:]
    assert sorted(words[row[1]] for row in rows) == expected
    page = editor.get(f"/workspace/notices/?show={show}").text
    assert page.count('class="meeting-link"') == len(expected)
    assert f">{len(expected)} notice{'s' if len(expected) != 1 else ''}</span>" in page


def test_what_waits_for_whom(here: World, browse: Browse) -> None:
    submitted(here)
    waits = {
        name: browse(here[name]).get("/workspace/notices/?show=mine").text.count("meeting-link") for name in PERSONS[:4]
    }
    assert waits == {"administrator": 0, "organizer": 0, "editor": 0, "approver": 1}
    with write():
        verbs.return_version(version(), "改", by=here["approver"])
    waits = {
        name: browse(here[name]).get("/workspace/notices/?show=mine").text.count("meeting-link") for name in PERSONS[:4]
    }
    assert waits == {"administrator": 0, "organizer": 0, "editor": 1, "approver": 0}


def test_the_list_searches_chinese_and_english(here: World, editor: FlaskClient) -> None:
    started(here)
    found = [
        editor.get(f"/workspace/notices/?q={q}").text.count("meeting-link") for q in ("外办主任", "reports", "无此词")
    ]
    assert found == [1, 1, 0]


def test_the_export_as_a_workbook(here: World, editor: FlaskClient) -> None:
    started(here)
    assert editor.get("/workspace/notices/export.xlsx").data[:2] == b"PK"
    assert editor.get("/workspace/notices/export.pdf").status_code == 404
