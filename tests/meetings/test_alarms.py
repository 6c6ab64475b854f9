"""A meeting's reminders: chosen by its organizers, written into calendar files, never of a cancelled meeting."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask

from eventsys.core.errors import DomainError
from eventsys.core.transaction import write
from eventsys.meetings import operations
from eventsys.meetings.alarms import USUAL, alarms_of, are_alarms, minutes_of
from eventsys.meetings.facts import MeetingFacts
from eventsys.meetings.models import Meeting
from tests.meetings.samples import facts, office, organizer
from tests.meetings.test_edit import NEW, errors, fields, post, saved
from tests.meetings.test_feed import scheduled
from tests.personas import Browse


@pytest.mark.parametrize(
    ("typed", "alarms"),
    [("", ""), ("30", "30"), ("15, 60", "60,15"), ("15，60、15", "60,15"), (" 0 ", "0"), ("40320", "40320")],
)
def test_minutes_come_into_one_form(typed: str, alarms: str) -> None:
    assert alarms_of(typed) == alarms and are_alarms(alarms)
    assert minutes_of(alarms) == tuple(int(each) for each in alarms.split(",") if each)


@pytest.mark.parametrize("typed", ["-5", "1.5", "ten", "٣٠", "40321", "040320", "1,2,3,4,5,6", "60;1 day"])
def test_no_minutes(typed: str) -> None:
    with pytest.raises(ValueError, match=r"minutes|too"):
        alarms_of(typed)


@pytest.mark.parametrize("text", ["15,60", "60,60", "60, 15", "own", "60,"])
def test_a_text_of_another_form_is_none(text: str) -> None:
    assert not are_alarms(text)


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [
        ({}, USUAL),
        ({"alarms": "none"}, ""),
        ({"alarms": "30", "own_alarms": "7"}, "30"),
        ({"alarms": USUAL}, USUAL),
        ({"alarms": "own", "own_alarms": "15，120"}, "120,15"),
    ],
)
def test_they_are_chosen_in_the_form_and_shown_there_again(
    app: Flask, browse: Browse, chosen: dict[str, str], kept: str
) -> None:
    of = office()
    staff = browse(organizer(of))
    assert post(staff, NEW, fields(of, **chosen)).status_code == 302
    meeting = saved()
    assert meeting.alarms == kept
    page = staff.get(f"/workspace/meetings/{meeting.id}/edit").text
    checked = re.search(r'name="alarms" type="radio" value="([^"]*)" checked', page)
    own = re.search(r'name="own_alarms"[^>]* value="([^"]*)"', page)
    assert checked and own
    assert (checked[1], own[1]) == ((kept or "none", "") if kept in ("", "30", USUAL) else ("own", "120, 15"))


@pytest.mark.parametrize("own", ["", "soon", "99999", "1,2,3,4,5,6"])
def test_what_is_no_time_is_refused_where_it_was_typed(app: Flask, browse: Browse, own: str) -> None:
    of = office()
    answer = post(browse(organizer(of)), NEW, fields(of, alarms="own", own_alarms=own))
    assert answer.status_code == 422
    assert [name for name, _message in errors(answer.text)] == ["own_alarms"]


def test_a_verb_refuses_them_too(app: Flask) -> None:
    of = office()
    with pytest.raises(DomainError) as refused, write():
        operations.draft_meeting(facts(of, alarms="often"), by=organizer(of))
    assert refused.value.field == "alarms"


def triggers(data: bytes) -> list[str]:
    return re.findall(r"TRIGGER:(\S+)", data.decode())


def test_files_have_them_until_the_meeting_is_cancelled(app: Flask, browse: Browse) -> None:
    of = office()
    by = organizer(of)
    meeting = scheduled(of, by, alarms="2880,45")
    public, staff = browse(None), browse(by)
    url = f"/meetings/{meeting.id}.ics"
    assert triggers(public.get(url).data) == triggers(staff.get(url).data) == ["-P2D", "-PT45M"]
    change(meeting, by, alarms="")
    assert triggers(public.get(url).data) == []
    change(meeting, by, alarms="10")
    with write():
        operations.mark_cancelled(meeting, reason_zh="防汛", reason_en="", postponed=False, by=by)
    assert triggers(public.get(url).data) == triggers(staff.get(url).data) == []


def change(meeting: Meeting, by: object, **new: str) -> None:
    with write():
        operations.apply_facts(meeting, replace(MeetingFacts.of(meeting), **new), by=by)  # type: ignore[arg-type]
