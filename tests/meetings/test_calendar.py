"""A meeting as a calendar object: what stands in the feed, and what never does."""

from __future__ import annotations

from typing import Any

from flask import Flask
from icalendar import Calendar

from eventsys.calendar.model import Party, Status
from eventsys.core.transaction import write
from eventsys.meetings import operations
from eventsys.meetings.calendar import event_of
from eventsys.meetings.models import Meeting
from tests.meetings.samples import START, facts, office, organizer

INSIDE = {
    "online_url": "https://meet.example.org/j/42",
    "contact_name": "王某",
    "contact_phone": "024-1234",
    "notes_zh": "请着正装",
}


def scheduled(**changes: Any) -> Meeting:
    of = office()
    with write():
        meeting = operations.draft_meeting(facts(of, **changes), by=organizer(of))
        return operations.schedule_meeting(meeting, by=organizer(of))


def vevent(text: str) -> Any:
    return Calendar.from_ical(f"BEGIN:VCALENDAR\r\n{text}END:VCALENDAR\r\n").walk("VEVENT")[0]


def test_the_event_says_the_facts_in_the_language(app: Flask) -> None:
    meeting = scheduled()
    event = event_of(meeting, language="en")
    assert (event.uid, event.sequence, event.status) == (meeting.uid, 0, Status.CONFIRMED)
    assert (event.summary, event.location) == ("Municipal conference", "Room 301")
    assert (event.starts_at, event.zone) == (START, "Asia/Shanghai")
    assert event.description == "Convened by: Foreign Affairs Office"
    assert event.url == f"http://localhost/meetings/{meeting.id}"
    assert event_of(meeting, language="zh").description == "主办单位：市外事办公室"


def test_only_participants_get_the_link_the_contact_and_the_notes(app: Flask) -> None:
    meeting = scheduled(**INSIDE)
    event = event_of(meeting, language="zh", for_participants=True)
    assert event.description.splitlines() == [
        "主办单位：市外事办公室",
        "线上参会：https://meet.example.org/j/42",
        "联系人：王某，024-1234",
        "备注：请着正装",
    ]


def test_the_public_text_never_tells_them(app: Flask) -> None:
    meeting = scheduled(**INSIDE)
    for text in (meeting.calendar_zh, meeting.calendar_en):
        event = vevent(text)
        assert sorted(event) == [
            "DESCRIPTION",
            "DTEND",
            "DTSTAMP",
            "DTSTART",
            "LAST-MODIFIED",
            "LOCATION",
            "ORGANIZER",
            "SEQUENCE",
            "STATUS",
            "SUMMARY",
            "TRANSP",
            "UID",
            "URL",
        ]
        assert str(event["DESCRIPTION"]) in {"主办单位：市外事办公室", "Convened by: Foreign Affairs Office"}


def test_the_office_is_the_organizer_where_its_address_is_usable(app: Flask) -> None:
    meeting = scheduled()
    assert event_of(meeting, language="en").organizer == Party("Foreign Affairs Office", "office@example.org")
    meeting.convener.email = "外办@example.org"
    assert event_of(meeting, language="en").organizer.email == app.extensions["eventsys.settings"].mail.sender


def test_a_cancelled_meeting_says_so_and_why(app: Flask) -> None:
    meeting = scheduled()
    before = meeting.modified_at
    with write():
        operations.raise_sequence(meeting)
        operations.mark_cancelled(
            meeting, reason_zh="台风", reason_en="Typhoon", postponed=True, by=organizer(meeting.convener)
        )
    event = vevent(meeting.calendar_en)
    assert (str(event["STATUS"]), event["SEQUENCE"]) == ("CANCELLED", 1)
    assert str(event["SUMMARY"]) == "[Postponed] Municipal conference"
    assert str(event["COMMENT"]) == "Typhoon"
    assert event["LAST-MODIFIED"].dt == meeting.modified_at > before


def test_what_people_type_cannot_become_a_property(app: Flask) -> None:
    typed = "题目;LOCATION:x\\n,<b>=?utf-8?q?x?="
    meeting = scheduled(title_zh=typed)
    assert str(vevent(meeting.calendar_zh)["SUMMARY"]) == typed
    assert sorted(vevent(meeting.calendar_zh)) == sorted(vevent(scheduled().calendar_zh))
