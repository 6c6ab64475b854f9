"""Drafting and revising by the pages: what is refused is said at its field, and nothing typed is lost."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from eventsys.core.actor import Role
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.meetings import operations
from eventsys.meetings.facts import MeetingFacts
from eventsys.meetings.models import Meeting, MeetingState
from tests import factories
from tests.meetings.samples import START, facts, fields, office, organizer
from tests.personas import Browse
from tests.web.forms import post

NEW = "/workspace/meetings/new?lang=en"


def errors(page: str) -> list[tuple[str, str]]:
    """The error summary of a page: field and words."""
    return re.findall(r'<li><a href="#(\w+)">(.+?)</a></li>', page)


def saved() -> Meeting:
    """The one meeting, as it is now."""
    db.session.rollback()
    return db.session.scalars(select(Meeting)).one()


def meetings() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Meeting)) or 0


def test_a_draft_is_made_from_local_times(app: Flask, browse: Browse) -> None:
    of = office()
    answer = post(browse(organizer(of)), NEW, fields(of))
    meeting = saved()
    assert answer.location == f"/workspace/meetings/{meeting.id}/agenda/"
    assert MeetingFacts.of(meeting) == facts(of)
    assert meeting.state is MeetingState.DRAFT


def test_the_last_day_and_another_zone(app: Flask, browse: Browse) -> None:
    of = office()
    sent = fields(of, end_date="2030-08-23", zone="Europe/Berlin", reply_date="", reply_time="")
    post(browse(organizer(of)), NEW, sent)
    meeting = saved()
    assert (meeting.starts_at, meeting.ends_at, meeting.reply_by) == (
        datetime(2030, 8, 22, 7, 0, tzinfo=UTC),
        datetime(2030, 8, 23, 9, 30, tzinfo=UTC),
        None,
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"title_en": "", "reply_date": "2030-08-23"},
            [
                ("title_en", "Enter the English title: a public meeting needs a Chinese and an English one"),
                ("reply_date", "Set the reply deadline before the start of the meeting (Thu 22 Aug, 09:00)"),
            ],
        ),
        ({"title_zh": "", "title_en": "", "visibility": "internal"}, [("title_zh", "Enter a title")]),
        ({"date": ""}, [("date", "Enter the date")]),
        ({"date": "22.8.2030"}, [("date", "Enter a date, such as 2024-08-22")]),
        ({"date": "0001-01-01"}, [("date", "Enter a date between 1990 and 2100")]),
        ({"starts": "9 Uhr"}, [("starts", "Enter a time, such as 9:00")]),
        ({"ends": "08:00"}, [("ends", "Set the end to a time after the start")]),
        ({"zone": "Mars/Olympus"}, [("zone", "Choose a time zone from the list")]),
        (
            {"zone": "Europe/Berlin", "date": "2030-03-31", "starts": "02:30", "reply_date": "2030-03-01"},
            [("starts", "This time does not exist there: the clocks go forward. Enter another time")],
        ),
        ({"reply_time": ""}, [("reply_date", "Enter the time too: the deadline is an instant")]),
        ({"reply_date": ""}, [("reply_date", "Enter the day too")]),
        ({"online_url": "http://x.example.org"}, [("online_url", "Enter a link that begins with https://")]),
        ({"kind": "party"}, [("kind", "Choose one from the list")]),
        ({"visibility": "secret"}, [("visibility", "Choose who can see it")]),
        ({"convener_id": "x"}, [("convener_id", "Choose an organization for which you are an organizer")]),
        (
            {"title_zh": "会\u202e议"},
            [("title_zh", "Character 2 changes the reading direction. Delete it or type the text.")],
        ),
        (
            {"venue_zh": "会\x00场"},
            [("venue_zh", "Character 2 is an invisible control character. Delete it or type the text.")],
        ),
        ({"title_zh": "甲\n乙"}, [("title_zh", "Write this on one line.")]),
    ],
)
def test_refusals_stand_at_their_fields(
    app: Flask, browse: Browse, changes: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    of = office()
    answer = post(browse(organizer(of)), NEW, fields(of, **changes))
    assert (answer.status_code, errors(answer.text)) == (422, expected)
    assert meetings() == 0


def test_an_over_long_text_is_refused_at_its_field(app: Flask, browse: Browse) -> None:
    of = office()
    answer = post(browse(organizer(of)), NEW, fields(of, venue_zh="场" * 301))
    assert answer.status_code == 422
    assert errors(answer.text)[0] == ("venue_zh", "This is 301 characters long; at most 300 are possible.")
    assert "场" * 301 in answer.text


def test_a_foreign_office_is_refused(app: Flask, browse: Browse) -> None:
    of, elsewhere = office(), factories.organization()
    answer = post(browse(organizer(of)), NEW, fields(elsewhere))
    assert errors(answer.text) == [("convener_id", "Choose an organization for which you are an organizer")]
    assert f'<option value="{elsewhere.id}"' not in answer.text
    assert meetings() == 0


def test_markup_is_shown_as_text(app: Flask, browse: Browse) -> None:
    of = office()
    typed = "<script>alert(1)</script> =?utf-8?q?x?="
    post(browse(organizer(of)), NEW, fields(of, title_zh=typed, venue_zh=typed, notes_zh=typed))
    meeting = saved()
    staff = browse(organizer(of))
    for url in ("edit", "preview", "copy", "preview/page?who=invitee&in=zh", "agenda/"):
        page = staff.get(f"/workspace/meetings/{meeting.id}/{url}").text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; =?utf-8?q?x?=" in page


def test_the_edit_form_shows_the_facts_in_the_meetings_zone(app: Flask, browse: Browse) -> None:
    of = office()
    with write():
        meeting = operations.draft_meeting(facts(of, zone="Europe/Berlin"), by=organizer(of))
    page = browse(organizer(of)).get(f"/workspace/meetings/{meeting.id}/edit").text
    values = dict(re.findall(r'<input [^>]*name="(\w+)"[^>]* value="([^"]*)"', page))
    shown = {name: values[name] for name in ("date", "starts", "ends", "end_date", "reply_date", "reply_time")}
    assert shown == {
        "date": "2030-08-22",
        "starts": "03:00",
        "ends": "05:30",
        "end_date": "",
        "reply_date": "2030-08-19",
        "reply_time": "11:00",
    }


def test_saving_what_is_shown_changes_nothing(app: Flask, browse: Browse) -> None:
    of = office()
    with write():
        meeting = operations.draft_meeting(facts(of), by=organizer(of))
    version = meeting.version
    url = f"/workspace/meetings/{meeting.id}/edit"
    answer = post(browse(organizer(of)), url, fields(of, version=str(version)))
    db.session.rollback()
    assert (answer.location, meeting.version) == (f"/workspace/meetings/{meeting.id}/preview", version)


def test_the_second_organizer_sees_both_texts(app: Flask, browse: Browse) -> None:
    of = office()
    with write():
        meeting = operations.draft_meeting(facts(of), by=organizer(of))
    first, second = browse(organizer(of)), browse(organizer(of))
    url = f"/workspace/meetings/{meeting.id}/edit?lang=en"
    opened = str(meeting.version)
    assert post(first, url, fields(of, version=opened, venue_zh="甲楼")).status_code == 302
    answer = post(second, url, fields(of, version=opened, venue_zh="乙楼"))
    assert answer.status_code == 409
    assert re.findall(r'<div class="compare-text[^>]*>([^<]*)</div>', answer.text) == ["乙楼", "甲楼"]
    db.session.rollback()
    assert meeting.venue_zh == "甲楼"
    again = post(second, url, fields(of, version=re.findall(r'name="version"[^>]*value="(\d+)"', answer.text)[0]))
    assert again.status_code == 302


def test_a_tampered_version_is_a_stale_one(app: Flask, browse: Browse) -> None:
    of = office()
    with write():
        meeting = operations.draft_meeting(facts(of), by=organizer(of))
    url = f"/workspace/meetings/{meeting.id}/edit"
    assert post(browse(organizer(of)), url, fields(of, version="x", venue_zh="乙楼")).status_code == 409


def test_a_scheduled_meeting_leads_to_the_page_that_shows_who_is_told(app: Flask, browse: Browse) -> None:
    of = office()
    meeting = factories.meeting(of, starts_at=START)
    answer = browse(organizer(of)).get(f"/workspace/meetings/{meeting.id}/edit")
    assert (answer.status_code, answer.location) == (302, f"/workspace/meetings/{meeting.id}/change")


@pytest.mark.parametrize(("role", "expected"), [(Role.ORGANIZER, 200), (Role.APPROVER, 403), (Role.LIAISON, 403)])
def test_who_drafts(app: Flask, browse: Browse, role: Role, expected: int) -> None:
    assert browse(factories.actor((role, office()))).get(NEW).status_code == expected


def test_foreign_meetings_are_not_there(app: Flask, browse: Browse) -> None:
    meeting = factories.meeting(office(), state=MeetingState.DRAFT)
    foreign = browse(organizer(factories.organization()))
    addresses = ("edit", "preview", "start", "conclude", "archive", "copy", "agenda/", "agenda/new")
    assert {foreign.get(f"/workspace/meetings/{meeting.id}/{each}").status_code for each in addresses} == {404}
