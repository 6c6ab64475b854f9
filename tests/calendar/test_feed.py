"""A prepared VEVENT and a reader's part, joined: one valid VEVENT that says both."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from eventsys.calendar.feed import Busy, bare, joined, part, prepared
from eventsys.calendar.model import Event, Party, Status
from eventsys.calendar.write import component

STAMP = "20240812T010000Z"
EVENT = Event(
    uid="4f2f7d1e@meet.example.gov.cn",
    sequence=7,
    stamp=datetime(2024, 8, 1, tzinfo=UTC),
    modified=datetime(2024, 8, 1, tzinfo=UTC),
    starts_at=datetime(2024, 8, 22, 1, tzinfo=UTC),
    ends_at=datetime(2024, 8, 22, 3, 30, tzinfo=UTC),
    zone="Asia/Shanghai",
    summary="全市外办主任会议",
    organizer=Party("市外事办公室", "office@example.org"),
    description="主办单位：市外事办公室\n线上参会：https://meet.example.org/j/42",
    location="301会议室",
    url="https://meet.example.gov.cn/meetings/1",
)
TYPED = st.text(st.characters(exclude_categories=("Cs",)), max_size=120)


def whole(event: Event, own: Any, sequence: int = 3) -> bytes:
    return b"".join(joined(prepared(event).encode(), own, sequence, STAMP))


def parsed(vevent: bytes) -> Any:
    (found,) = Calendar.from_ical(b"BEGIN:VCALENDAR\r\n" + vevent + b"END:VCALENDAR\r\n").walk("VEVENT")
    return found


def test_it_says_what_all_share_and_what_is_the_readers_own() -> None:
    own = part("【待定】", ("您的回复：待定", "一; 二, 三\\四"), Status.TENTATIVE, Busy.TENTATIVE)
    found = parsed(whole(EVENT, own))
    assert {name: str(found[name]) for name in ("UID", "SUMMARY", "LOCATION", "STATUS", "TRANSP", "SEQUENCE")} == {
        "UID": EVENT.uid,
        "SUMMARY": "【待定】全市外办主任会议",
        "LOCATION": "301会议室",
        "STATUS": "TENTATIVE",
        "TRANSP": "OPAQUE",
        "SEQUENCE": "3",
    }
    assert str(found["DESCRIPTION"]) == f"{EVENT.description}\n您的回复：待定\n一; 二, 三\\四"
    assert str(found["X-MICROSOFT-CDO-BUSYSTATUS"]) == "TENTATIVE"
    assert {found[name].dt for name in ("DTSTAMP", "LAST-MODIFIED")} == {datetime(2024, 8, 12, 1, tzinfo=UTC)}


def test_without_a_part_it_is_the_event_itself() -> None:
    found = parsed(whole(EVENT, part("", (), Status.CONFIRMED, Busy.BUSY), sequence=7))
    plain = parsed(component(EVENT))
    assert {name: found[name].to_ical() for name in plain if name not in {"DTSTAMP", "LAST-MODIFIED"}} == {
        name: plain[name].to_ical() for name in plain if name not in {"DTSTAMP", "LAST-MODIFIED"}
    }
    assert set(found) - set(plain) == {"TRANSP"}


def test_only_who_stays_away_has_the_time_free() -> None:
    shown = {busy: parsed(whole(EVENT, part("", (), Status.CONFIRMED, busy)))["TRANSP"] for busy in Busy}
    assert shown == {Busy.FREE: "TRANSPARENT", Busy.TENTATIVE: "OPAQUE", Busy.BUSY: "OPAQUE"}


def test_an_english_mark_keeps_its_blank_and_no_line_ends_with_one() -> None:
    octets = whole(EVENT, part("[No reply] ", (), Status.CONFIRMED, Busy.BUSY))
    assert str(parsed(octets)["SUMMARY"]) == "[No reply] 全市外办主任会议"
    assert [line for line in octets.split(b"\r\n") if line.endswith(b" ")] == []


def test_bare_tells_no_more_than_which_meeting_and_when() -> None:
    own = part("[Withdrawn] ", ("You are no longer asked.",), Status.CANCELLED, Busy.FREE)
    found = parsed(b"".join(joined(bare(prepared(EVENT).encode()), own, 1, STAMP)))
    assert sorted(found) == [
        *("DESCRIPTION", "DTEND", "DTSTAMP", "DTSTART", "LAST-MODIFIED", "ORGANIZER", "SEQUENCE", "STATUS", "SUMMARY"),
        *("TRANSP", "UID"),
    ]
    assert str(found["DESCRIPTION"]).strip() == "You are no longer asked."


def test_an_event_without_a_description_cannot_be_prepared() -> None:
    with pytest.raises(ValueError, match="description"):
        prepared(replace(EVENT, description=""))


@given(TYPED, TYPED, TYPED, TYPED)
def test_nothing_typed_breaks_a_line_or_becomes_a_property(title: str, place: str, words: str, mark: str) -> None:
    event = replace(EVENT, summary=title, location=place, description=f"主办单位\n{words}")
    own = part(mark, (words, title), Status.CONFIRMED, Busy.BUSY)
    octets = whole(event, own)
    assert all(len(line) <= 75 for line in octets.split(b"\r\n"))
    assert b"\n" not in octets.replace(b"\r\n", b"")
    found = parsed(octets)
    assert set(found) <= {
        *("UID", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "DESCRIPTION", "URL", "ORGANIZER", "STATUS", "TRANSP"),
        *("SEQUENCE", "DTSTAMP", "LAST-MODIFIED"),
    }
    assert str(found["UID"]) == EVENT.uid
    assert set(parsed(b"".join(joined(bare(prepared(event).encode()), own, 0, STAMP)))) < set(found) | {"DESCRIPTION"}
