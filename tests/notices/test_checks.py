"""Contradictions with the record are found, and what agrees with it is left alone."""

from __future__ import annotations

import pytest
from flask import Flask

from eventsys.agenda.models import AgendaKind
from eventsys.core.language import use_language
from eventsys.meetings.models import Meeting
from eventsys.notices.checks import findings_in
from eventsys.notices.checks.finding import Kind, looked_at
from eventsys.notices.queries.record import record_of
from eventsys.notices.text import NoticeText
from tests import factories
from tests.notices.world import agenda_item, came, world

DATE = "The text says “{}”; by the record the meeting was on Thursday 22 August 2024."
WEEKDAY = "The text says “{}”; that day is another weekday."
REPORTS = "The text says “{}”; by the record 3 organizations reported."


RECORD = {Kind.DATE, Kind.WEEKDAY, Kind.COUNT}


def contradictions(texts: dict[str, tuple[str, str]], meeting: Meeting) -> list[str]:
    """What the checks against days and numbers say of these texts."""
    columns = {
        f"{name}_{code}": words
        for code, text in texts.items()
        for name, words in zip(("title", "body"), text, strict=True)
    }
    found = findings_in(looked_at(NoticeText(**columns)), record_of(meeting))
    return [each.message for each in found if each.kind in RECORD]


@pytest.fixture
def meeting(app: Flask) -> Meeting:
    """On Thursday 22 August 2024; three districts reported."""
    here = world()
    for number in range(3):
        district = factories.organization(position=number)
        agenda_item(here.meeting, number, AgendaKind.WORK_REPORT, "汇报", "Report", district)
        came(here.meeting, district, "外办主任", "Director")
    return here.meeting


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("zh", "8月22日，会议召开。", []),
        ("zh", "2024年8月22日（星期四），会议召开。", []),
        ("zh", "会议召开。", []),
        ("zh", "8月23日，会议召开。", [DATE.format("8月23日")]),
        ("zh", "2023年8月22日，会议召开。", [DATE.format("2023年8月22日")]),
        ("zh", "8月22日（周五），会议召开。", [WEEKDAY.format("8月22日（周五")]),
        ("zh", "7月18日全会闭幕后，8月22日会议召开。", []),
        ("zh", "三个区汇报工作。", []),
        ("zh", "十三个区、县（市）汇报工作。", [REPORTS.format("十三个区、县（市）汇报")]),
        ("zh", "2个单位依次汇报了工作。", [REPORTS.format("2个单位依次汇报")]),
        ("zh", "会议提出五个方面的任务，听取工作汇报。", []),
        ("zh", "13月45日，会议召开。", [DATE.format("13月45日")]),
        ("en", "The office met on 22 August.", []),
        ("en", "The office met on Thursday 22 August 2024.", []),
        ("en", "On August 22, 2024 the office met.", []),
        ("en", "The office met on 23 August.", [DATE.format("23 August")]),
        ("en", "The office met on Friday, August 22.", [WEEKDAY.format("Friday, August 22")]),
        ("en", "Three districts reported.", []),
        (
            "en",
            "Thirteen districts and counties reported.",
            [REPORTS.format("Thirteen districts and counties reported")],
        ),
        ("en", "2 organizations reported on their work.", [REPORTS.format("2 organizations reported")]),
        ("en", "Two officials reported.", []),
        ("en", "The offices may meet again.", []),
    ],
)
def test_one_sentence(meeting: Meeting, language: str, text: str, found: list[str]) -> None:
    with use_language("en"):
        assert contradictions({language: ("", f"<p>{text}</p>")}, meeting) == found


def test_only_the_first_sentences_are_held_to_the_date(meeting: Meeting) -> None:
    body = "<p>会议召开。</p><p>下次会议于9月1日召开。</p>"
    assert contradictions({"zh": ("标题", body)}, meeting) == []


def test_the_title_counts(meeting: Meeting) -> None:
    with use_language("en"):
        assert contradictions({"zh": ("8月21日会议召开", "<p>会议。</p>")}, meeting) == [DATE.format("8月21日")]


def test_without_reports_on_record_no_number_is_wrong(app: Flask) -> None:
    assert contradictions({"zh": ("", "<p>十三个区汇报工作。</p>")}, world().meeting) == []
