"""Every kind of finding, found where it stands, and left alone where all is well."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from eventsys.agenda.models import AgendaKind
from eventsys.core.errors import DomainError
from eventsys.core.language import use_language
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.meetings.models import Meeting
from eventsys.notices import operations as verbs
from eventsys.notices.checks import Finding, Kind, findings, findings_in
from eventsys.notices.checks.counts import number_of
from eventsys.notices.checks.finding import looked_at
from eventsys.notices.checks.personal import personal_data
from eventsys.notices.checks.shape import headings, pictures, unfinished
from eventsys.notices.checks.style import empty_words, punctuation, quotation_marks
from eventsys.notices.models import FindingReason, NoticeRevision, RevisionKind
from eventsys.notices.queries.record import record_of
from eventsys.notices.taking import taken_over
from eventsys.notices.text import NoticeText
from eventsys.rendering.document import Heading, Paragraph, Run
from tests import factories
from tests.notices.world import ANYWAY, TEXT, World, agenda_item, came, started, world
from tests.personas import Browse
from tests.web.forms import token_of

NAME = "abcdefghijklmnop.jpg"


@pytest.fixture
def here(app: Flask) -> World:
    """Three districts were asked; two came, and reported."""
    found = world()
    for number, (zh, en) in enumerate(
        (("和平区", "Heping District"), ("沈河区", "Shenhe District"), ("大东区", "Dadong District"))
    ):
        district = factories.organization(zh, name_en=en, position=number)
        agenda_item(found.meeting, number, AgendaKind.WORK_REPORT, "汇报", "Report", district)
        if number < 2:
            came(found.meeting, district, "外办主任", "Foreign affairs director")
        else:
            came(found.meeting, district, "副区长", "Deputy district head", act=None)
    return found


def found_in(meeting: Meeting, kind: Kind, **columns: str) -> list[tuple[str, str]]:
    """Field and words of what is found of one kind."""
    text = NoticeText(**columns)
    return [(each.field, each.words) for each in findings_in(looked_at(text), record_of(meeting)) if each.kind is kind]


def words(found: list[Finding]) -> list[str]:
    return [each.words for each in found]


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ({"attended_zh": "和平区、沈河区外办主任"}, []),
        ({"attended_zh": "各区外办主任"}, []),
        ({"attended_zh": "和平区、和平区、沈河区外办主任"}, [("attended_zh", "和平区")]),
        ({"attended_zh": "和平区、沈河区、大东区外办主任"}, [("attended_zh", "大东区")]),
        ({"attended_en": "Directors of Heping District and Shenhe District"}, []),
        ({"attended_en": "Directors of Heping District, Heping District"}, [("attended_en", "Heping District")]),
        ({"body_zh": "<p>和平区、沈河区依次汇报工作。</p>"}, []),
        ({"body_zh": "<p>和平区汇报工作。</p>"}, []),
        ({"body_zh": "<p>和平区、沈河区出席。</p>"}, []),
    ],
)
def test_organizations(here: World, columns: dict[str, str], found: list[tuple[str, str]]) -> None:
    assert found_in(here.meeting, Kind.ORGANIZATION, **columns) == found


def test_an_organization_is_missing_once_others_are_named(here: World) -> None:
    third = factories.organization("皇姑区", name_en="Huanggu District", position=4)
    came(here.meeting, third, "外办主任", "Foreign affairs director")
    agenda_item(here.meeting, 9, AgendaKind.WORK_REPORT, "汇报", "Report", third)
    body = "<p>和平区、沈河区依次汇报工作。</p>"
    assert found_in(here.meeting, Kind.ORGANIZATION, attended_zh="和平区、沈河区外办主任", body_zh=body) == [
        ("body_zh", "皇姑区"),
        ("attended_zh", "皇姑区"),
    ]


def test_people(here: World) -> None:
    rows = {guest.title["zh"]: guest for guest in record_of(here.meeting).guests}
    present, absent = rows["外办主任"].name["zh"], rows["副区长"].name["zh"]
    assert found_in(here.meeting, Kind.PERSON, body_zh=f"<p>外办主任{present}发言。</p>") == []
    assert found_in(here.meeting, Kind.PERSON, body_zh=f"<p>{present}发言。</p>") == []
    assert found_in(here.meeting, Kind.PERSON, body_zh=f"<p>副区长{present}发言。</p>") == [("body_zh", present)]
    assert found_in(here.meeting, Kind.PERSON, body_zh=f"<p>副区长{absent}发言。</p>") == [("body_zh", absent)]


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ({"body_zh": "<p>2人参加会议。</p>"}, []),
        ({"body_zh": "<p>两人参加会议。</p>"}, []),
        ({"body_zh": "<p>120余人参加会议。</p>"}, [("body_zh", "120余人参加")]),
        ({"body_zh": "<p>1余人参加会议。</p>"}, []),
        ({"body_zh": "<p>3家单位参会。</p>"}, [("body_zh", "3家单位参会")]),
        ({"body_en": "<p>Forty-five. Over 100 people attended.</p>"}, [("body_en", "Over 100 people attended")]),
        ({"body_en": "<p>Two officials took part.</p>"}, []),
    ],
)
def test_numbers(here: World, columns: dict[str, str], found: list[tuple[str, str]]) -> None:
    assert found_in(here.meeting, Kind.COUNT, **columns) == found


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("13", 13),
        ("十三", 13),
        ("二十", 20),
        ("两", 2),
        ("一百", 100),
        ("一百二十", 120),
        ("一百零五", 105),
        ("twelve", 12),
    ],
)
def test_numbers_in_words(word: str, number: int) -> None:
    assert number_of(word) == number


@pytest.mark.parametrize(
    ("field", "text", "bad"),
    [
        ("body_zh", "会议“圆满”召开（扩大）。《决定》指出「要点」。", False),
        ("body_zh", "会议“召开。", True),
        ("body_zh", "会议召开”。", True),
        ("body_zh", "《决定指出。", True),
        ("body_zh", "（扩大）会议）。", True),
        ("body_zh", "“《决定”》", True),
        ("body_zh", "1）第一项", False),
        ("body_en", "The city’s offices’ plan, ‘as is’, (see “A”).", False),
        ("body_en", "The “city met.", True),
        ("body_en", "The ‘city met.", True),
        ("title_en", "It’s five o’clock", False),
    ],
)
def test_marks_that_open_and_close(field: str, text: str, bad: bool) -> None:
    html = f"<p>{text}</p>" if field.startswith("body") else text
    assert bool(list(quotation_marks(looked_at(NoticeText(**{field: html}))))) is bad


@pytest.mark.parametrize(
    ("field", "text", "bad"),
    [
        ("body_zh", "会议召开，听取汇报；完善ABC（试行）3.5亿元，10:30开始。", False),
        ("body_zh", "会议召开,听取汇报。", True),
        ("body_zh", "会议召开.", True),
        ("body_zh", "会议召开(扩大)。", True),
        ("body_zh", "见example.org网站和a.b公司", False),
        ("body_en", "The office (ABC) met; it heard “reports”.", False),
        ("body_en", "The office met，and heard.", True),
        ("body_en", "The office《plan》", True),
    ],
)
def test_punctuation_of_one_language(field: str, text: str, bad: bool) -> None:
    assert bool(list(punctuation(looked_at(NoticeText(**{field: f"<p>{text}</p>"}))))) is bad


@pytest.mark.parametrize(
    ("text", "found", "blocks"),
    [
        ("编号11010519491231002X。", ["11010519491231002X"], True),
        ("编号110105 19491231 002X。", ["110105 19491231 002X"], True),
        ("编号110105194912310021。", [], False),
        ("电话13812345678。", ["13812345678"], False),
        ("电话024-22728035。", ["024-22728035"], False),
        ("电话+86 138 1234 5678。", ["+86 138 1234 5678"], False),
        ("邮箱wang@example.org。", ["wang@example.org"], False),
        ("索引号210100/2024-00001，2024年8月22日，第20240822号，人口9000000。", [], False),
        ("1381234567890123", [], False),
    ],
)
def test_personal_data(text: str, found: list[str], blocks: bool) -> None:
    seen = list(personal_data(looked_at(NoticeText(body_zh=f"<p>{text}</p>"))))
    assert (words(seen), any(each.blocks for each in seen)) == (found, blocks)


def test_headings_that_jump_or_stand_over_nothing() -> None:
    looked = looked_at(NoticeText(body_zh="<h2>一</h2><p>甲</p><h2>二</h2><h2>三</h2><h3>四</h3>"))
    assert words(list(headings(looked))) == ["二", "四"]
    jumping = looked_at(NoticeText())
    jumping.trees["zh"] = (Heading(3, (Run("跳"),)), Paragraph((Run("甲"),)))  # type: ignore[index]
    assert words(list(headings(jumping))) == ["跳"]
    assert list(headings(looked_at(NoticeText(body_zh="<h4>一</h4><p>甲</p><h6>二</h6><p>乙</p>")))) == [], "made right"


def test_pictures_without_a_description_stop_a_notice() -> None:
    html = f'<p>甲</p><figure><img src="/notices/pictures/{NAME}" alt="{{}}"></figure>'
    assert list(pictures(looked_at(NoticeText(body_zh=html.format("会场"))))) == []
    found = list(pictures(looked_at(NoticeText(body_zh=html.format(" ")))))
    assert [(each.words, each.blocks) for each in found] == [(NAME, True)]


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ({"title_zh": "题", "body_zh": "<p>文</p>"}, []),
        ({"title_zh": "题", "body_zh": "<p>文</p>", "title_en": "T"}, [("body_en", True)]),
        ({"title_zh": "题", "body_zh": "<p>文</p>", "body_en": "<p>Text</p>"}, [("title_en", True)]),
        (
            {"title_zh": "题", "body_zh": f"<p>{'文' * 200}</p>", "title_en": "T", "body_en": "<p>To do.</p>"},
            [("body_en", False)],
        ),
        (
            {"title_zh": "题", "body_zh": "<p>待写</p>", "title_en": "T", "body_en": f"<p>{'word ' * 60}</p>"},
            [("body_zh", False)],
        ),
    ],
)
def test_a_language_is_whole_or_not_there(columns: dict[str, str], found: list[tuple[str, bool]]) -> None:
    assert [(each.field, each.blocks) for each in unfinished(looked_at(NoticeText(**columns)))] == found


def test_words_that_say_nothing() -> None:
    looked = looked_at(NoticeText(body_zh="<p>会议取得圆满成功。</p>", body_en="<p>A Complete Success.</p>"))
    assert words(list(empty_words(looked))) == ["取得圆满成功", "A Complete Success"]


def test_what_stops_stops_and_what_asks_asks(here: World) -> None:
    row = started(
        here, NoticeText.of(TEXT, body_en="", title_en="", body_zh="<p>8月23日开会，证件11010519491231002X。</p>")
    )
    with pytest.raises(DomainError, match="公民身份号码"), write():
        verbs.submit(row, reasons=ANYWAY, by=here["editor"])
    with write():
        verbs.save_version(
            row, NoticeText.of(TEXT, body_en="", title_en="", body_zh="<p>8月23日开会。</p>"), by=here["editor"]
        )
    with pytest.raises(DomainError, match="8月23日") as refused, write():
        verbs.submit(row, by=here["editor"])
    key = next(each.key for each in findings(row) if each.kind is Kind.DATE)
    assert refused.value.field == f"reason-{key}"
    with write():
        verbs.submit(row, reasons={key: " 会期提前 "}, by=here["editor"])
        verbs.approve(row, by=here["approver"])
    reason = db.session.scalars(select(FindingReason)).one()
    assert (reason.key, reason.reason, reason.by) == (key, "会期提前", here["editor"].label)
    with use_language("en"):
        assert key in {each.key for each in findings(row)}, "the same finding in either language"


def test_what_the_record_says_anew_is_listed_and_taken_over(here: World, browse: Browse) -> None:
    with write():
        row = verbs.draft_from_record(here.meeting, by=here["editor"])
    assert row.facts["zh"]["reports"] == "2个单位"
    assert [each for each in findings(row) if each.kind is Kind.FACT] == []
    third = factories.organization("皇姑区", name_en="Huanggu District", position=4)
    came(here.meeting, third, "外办主任", "Foreign affairs director")
    agenda_item(here.meeting, 9, AgendaKind.WORK_REPORT, "汇报", "Report", third)
    with write() as session:
        meeting = session.get_one(Meeting, here.meeting.id)
        meeting.title_zh = "全市外事工作会议"
    parted = {each.words: each.instead for each in findings(row) if each.kind is Kind.FACT and each.language == "zh"}
    assert parted == {
        "和平区、沈河区": "和平区、沈河区、皇姑区",
        "和平区、沈河区外办主任": "和平区、沈河区、皇姑区外办主任",
        "2个单位": "3个单位",
        "全市外办主任会议": "全市外事工作会议",
    }
    client = browse(here["editor"])
    base = f"/workspace/meetings/{here.meeting.id}/notice"
    page = client.get(base)
    assert "改为“3个单位”" in page.text
    data = {"csrf_token": token_of(page), "version": str(row.version), "key": "all"}
    assert client.post(f"{base}/take", data=data).status_code == 302
    db.session.rollback()
    assert "<p>和平区、沈河区、皇姑区等3个单位依次汇报了工作。</p>" in row.body_zh
    assert "3 organizations reported on their work in turn: Heping District, Shenhe District and Huanggu" in row.body_en
    assert row.title_zh == "沈阳市人民政府外事办公室召开全市外事工作会议"
    assert row.facts["zh"]["reports"] == "3个单位"
    assert [each for each in findings(row) if each.kind is Kind.FACT] == []
    newest = db.session.scalars(select(NoticeRevision).order_by(NoticeRevision.id.desc()).limit(1)).one()
    assert newest.kind is RevisionKind.FACTS
    stale = client.post(f"{base}/take", data=data)
    assert (stale.status_code, len(db.session.scalars(select(NoticeRevision)).all())) == (302, 2)


def test_one_fact_alone_is_taken_over_and_what_the_record_lost_is_not(here: World) -> None:
    with write():
        row = verbs.draft_from_record(here.meeting, by=here["editor"])
    with write() as session:
        meeting = session.get_one(Meeting, here.meeting.id)
        meeting.title_zh, meeting.title_en = "全市外事工作会议", ""
    found = [each for each in findings(row) if each.kind is Kind.FACT]
    assert {(each.language, each.instead) for each in found} == {("zh", "全市外事工作会议"), ("en", "")}
    text, facts = taken_over(row, found)
    assert "全市外事工作会议" in text.body_zh
    assert text.body_en == row.body_en
    assert facts["en"] == row.facts["en"]


def test_who_takes_over(here: World, browse: Browse) -> None:
    started(here)
    url = f"/workspace/meetings/{here.meeting.id}/notice"
    for name in ("approver", "member", "stranger_editor"):
        client = browse(here[name])
        token = token_of(browse(here["editor"]).get(f"{url}/edit"))
        assert client.post(f"{url}/take", data={"csrf_token": token, "key": "all", "version": "1"}).status_code in {
            400,
            404,
        }


@given(st.text("会议召开区8月22日（）“”《》‘’,.;()12ab@ \n<>&13812345678", max_size=80))
@settings(max_examples=60, deadline=None)
def test_no_text_breaks_the_checks_without_a_record(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    looked = looked_at(NoticeText(title_zh=text, body_zh=f"<p>{escaped}</p>", body_en=f"<h2>{escaped}</h2>"))
    for check in (quotation_marks, punctuation, empty_words, personal_data, headings, pictures, unfinished):
        for finding in check(looked):
            assert finding.field in {"title_zh", "body_zh", "body_en", "title_en"}
