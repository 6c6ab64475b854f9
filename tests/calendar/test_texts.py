"""Whatever is typed into a text stays a text."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from eventsys.calendar import text, write
from eventsys.calendar.model import Attendee, Event, Party
from tests.calendar.samples import CONFERENCE

INJECTIONS = ("\r\nATTENDEE:mailto:evil@example.org", "\nEND:VEVENT\r\n", "\u2028X-EVIL:1", "\x0bX:1", "\x85X:1")
SPECIAL = (
    "\\",
    "\\n",
    "\\N",
    ";",
    ",",
    ":",
    '"',
    "^",
    "^n",
    "^'",
    " ",
    "\t",
    "\x00",
    "\u202e",
    "\u2066",
    "\ufeff",
    "\ud800",
)
NASTY = st.sampled_from([*INJECTIONS, *SPECIAL, "会议", "👨\u200d👩\u200d👧\u200d👦"])
TEXTS = st.lists(st.one_of(NASTY, st.text(st.characters(), max_size=40)), max_size=8).map("".join)
VISIBLE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]*")


@st.composite
def events(draw: st.DrawFn) -> Event:
    name, summary, description, location, comment = (draw(TEXTS) for _ in range(5))
    return replace(
        CONFERENCE,
        summary=f"会{summary}",
        description=description,
        location=location,
        comment=comment,
        url=f"https://meet.example.gov.cn/{draw(TEXTS)}",
        attendees=(Attendee(Party(name, "li.ming@example.gov.cn")),),
        alarms=(),
    )


def check_lines(octets: bytes) -> None:
    assert octets.endswith(b"\r\nEND:VCALENDAR\r\n")
    lines = octets.removesuffix(b"\r\n").split(b"\r\n")
    assert [line for line in lines if len(line) > 75 or not VISIBLE.fullmatch(line.decode())] == []


def properties(octets: bytes) -> list[str]:
    return [name for name, _ in Calendar.from_ical(octets).property_items(sorted=False)]


@settings(deadline=None)
@given(events())
def test_a_request_round_trips_and_grows_no_property(event: Event) -> None:
    octets = write.request(event)
    check_lines(octets)
    read = Calendar.from_ical(octets).events[0]
    expected = {
        "SUMMARY": text.line(event.summary),
        "LOCATION": text.line(event.location),
        "DESCRIPTION": text.paragraphs(event.description),
        "COMMENT": text.paragraphs(event.comment),
    }
    assert {name: str(read.get(name, "")) for name in expected} == expected
    assert read["ATTENDEE"].params.get("CN", "") == text.common_name(event.attendees[0].party.name)
    missing = [name for name, value in expected.items() if not value]
    assert properties(octets) == [name for name in properties(write.request(full())) if name not in missing]


def unescaped(value: str) -> str:
    """A TEXT read as RFC 5545 §3.3.11 says; the library leaves those it does not know as they are."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def full() -> Event:
    return replace(CONFERENCE, comment="改期", alarms=())


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_a_feed_keeps_its_names_texts(name: str, source: str) -> None:
    octets = write.publish(
        [write.component(CONFERENCE)],
        name=f"日历{name}",
        zones=["Asia/Shanghai"],
        language="zh-Hans",
        source_url=f"https://meet.example.gov.cn/{source}",
        refresh=timedelta(hours=1),
    )
    check_lines(octets)
    read = Calendar.from_ical(octets)
    assert [unescaped(read[key]) for key in ("NAME", "X-WR-CALNAME")] == [text.line(f"日历{name}")] * 2
    assert list(read) == [
        *["PRODID", "VERSION", "CALSCALE", "METHOD"],
        *["NAME", "X-WR-CALNAME", "REFRESH-INTERVAL", "X-PUBLISHED-TTL", "SOURCE"],
    ]


@pytest.mark.parametrize(
    ("typed", "line", "paragraphs", "name"),
    [
        ("甲\r\n乙\u2028丙\x0b丁", "甲 乙 丙 丁", "甲\n乙\n丙\n丁", "甲 乙 丙 丁"),
        (" a\t b ", "a b", "a\t b", "a b"),
        ('"a^b"\\\x00', '"a^b"\\', '"a^b"\\', "ab"),
        ("a\u202eb\u2066\ud800\x9f", "ab", "ab", "ab"),
        ("👨‍👩‍👧", "👨‍👩‍👧", "👨‍👩‍👧", "👨‍👩‍👧"),
    ],
)
def test_cleaning(typed: str, line: str, paragraphs: str, name: str) -> None:
    assert (text.line(typed), text.paragraphs(typed), text.common_name(typed)) == (line, paragraphs, name)
