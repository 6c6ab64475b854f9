"""Calendar objects as they go out, and what they refuse."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from eventsys.calendar import write
from eventsys.calendar.model import Attendee, Event, Status
from tests.calendar.golden import golden
from tests.calendar.samples import CANCELLED, CONFERENCE, LI_MING, MOVED, OFFICE, SISTER_CITIES, SUBSTITUTED

FEED = write.publish(
    [write.component(replace(event, organizer=OFFICE, url="")) for event in (CANCELLED, SISTER_CITIES)],
    name="市政府外事办公室会议日历",
    zones=["Europe/Berlin", "Asia/Shanghai", "Europe/Berlin", "UTC"],
    language="zh-Hans",
    source_url="https://meet.example.gov.cn/calendar.ics",
    refresh=timedelta(hours=1),
)


@pytest.mark.parametrize(
    ("name", "octets"),
    [
        ("request.ics", write.request(CONFERENCE)),
        ("request-update.ics", write.request(MOVED)),
        ("request-substitute.ics", write.request(SUBSTITUTED)),
        ("request-english-summer-time.ics", write.request(SISTER_CITIES)),
        ("cancel.ics", write.cancel(CANCELLED)),
        ("cancel-one-attendee.ics", write.cancel(MOVED)),
        ("publish-single.ics", write.single(replace(CONFERENCE, organizer=OFFICE))),
        ("publish-feed.ics", FEED),
        (
            "publish-feed-empty.ics",
            write.publish([], name="Public meetings", zones=[], language="en", refresh=timedelta(minutes=90)),
        ),
    ],
)
def test_golden(name: str, octets: bytes) -> None:
    assert octets == golden(name, octets)


def names(octets: bytes) -> list[str]:
    """The names of the content lines of the first VEVENT, in their order, without those of its alarms."""
    event = Calendar.from_ical(octets).walk("VEVENT")[0]
    return [name for name, _ in event.property_items(recursive=False, sorted=False)]


def test_a_prepared_component_tells_nothing_of_attendees_and_alarms() -> None:
    octets = write.component(CONFERENCE)
    assert (octets.count(b"ATTENDEE"), octets.count(b"VALARM")) == (0, 0)
    assert (octets[:14], octets[-12:]) == (b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n")


def test_a_cancellation_for_one_attendee_does_not_cancel_the_event() -> None:
    assert [name for name in names(write.cancel(MOVED)) if name in {"STATUS", "ATTENDEE"}] == ["ATTENDEE"]
    assert [name for name in names(write.cancel(CANCELLED)) if name in {"STATUS", "ATTENDEE"}] == ["STATUS", "ATTENDEE"]


def test_a_cancellation_has_no_alarm_and_asks_for_no_answer() -> None:
    octets = write.cancel(CANCELLED)
    assert (octets.count(b"VALARM"), octets.count(b"RSVP")) == (0, 0)


@pytest.mark.parametrize("zone", ["UTC", "Etc/UTC"])
def test_utc_needs_no_time_zone(zone: str) -> None:
    octets = write.single(replace(CONFERENCE, zone=zone))
    assert octets.count(b"VTIMEZONE") == 0
    assert octets.count(b"\r\nDTSTART:20240822T010000Z\r\n") == 1


@pytest.mark.parametrize(
    ("zone", "starts_at", "line"),
    [
        ("Asia/Shanghai", datetime(1988, 7, 1, 1, tzinfo=UTC), b"\r\nDTSTART:19880701T010000Z\r\n"),
        ("Asia/Shanghai", datetime(1992, 7, 1, 1, tzinfo=UTC), b"\r\nDTSTART;TZID=Asia/Shanghai:19920701T090000\r\n"),
        ("Africa/Casablanca", datetime(2024, 7, 1, 9, tzinfo=UTC), b"\r\nDTSTART:20240701T090000Z\r\n"),
    ],
)
def test_a_time_that_the_zone_cannot_tell_is_written_in_utc(zone: str, starts_at: datetime, line: bytes) -> None:
    event = replace(CONFERENCE, zone=zone, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))
    octets = write.single(event)
    assert octets.count(line) == 1
    assert octets.count(b"BEGIN:VTIMEZONE") == (1 if b"TZID" in line else 0)


@pytest.mark.parametrize(
    "event",
    [
        replace(CONFERENCE, attendees=()),
        replace(CONFERENCE, summary=" \u2028 "),
        replace(
            CONFERENCE, attendees=(Attendee(replace(CONFERENCE.organizer, email=CONFERENCE.organizer.email.upper())),)
        ),
        replace(CONFERENCE, zone="Asia/Beijing"),
    ],
)
def test_no_request(event: Event) -> None:
    with pytest.raises(ValueError, match=r"attendee|time zone"):
        write.request(event)


@pytest.mark.parametrize(
    "event", [replace(MOVED, attendees=()), replace(MOVED, attendees=(Attendee(MOVED.organizer),))]
)
def test_no_cancellation(event: Event) -> None:
    with pytest.raises(ValueError, match=r"cancelled for somebody|attendee's"):
        write.cancel(event)


def test_a_cancelled_event_needs_no_attendee_to_be_cancelled() -> None:
    assert names(write.cancel(replace(CANCELLED, attendees=()))).count("ATTENDEE") == 0


@pytest.mark.parametrize(
    "change",
    [
        {"sequence": -1},
        {"sequence": 2**31},
        {"uid": ""},
        {"uid": "会议@example.gov.cn"},
        {"uid": "a b"},
        {"uid": "a\r\nX:1"},
        {"uid": "u" * 256},
        {"starts_at": datetime(2024, 8, 22, 1)},  # noqa: DTZ001
        {"ends_at": datetime(2024, 8, 22, 0, 59, tzinfo=UTC)},
        {"alarms": (-1,)},
    ],
)
def test_no_event(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"UID|SEQUENCE|without a zone|before"):
        replace(CONFERENCE, **change)  # type: ignore[arg-type]


@pytest.mark.parametrize("email", ["", "a", "a@", "@b", "a b@c", "a@b\r\nX:1", 'a"@b', "李@b", "a@b@c", "<a@b>"])
def test_no_party(email: str) -> None:
    with pytest.raises(ValueError, match="not one plain address"):
        replace(LI_MING, email=email)


def test_nobody_stands_in_for_himself() -> None:
    with pytest.raises(ValueError, match="stand in"):
        Attendee(LI_MING, delegated_to=LI_MING.email.upper())


def test_the_largest_sequence_is_written() -> None:
    octets = write.cancel(replace(CANCELLED, sequence=2**31 - 1, status=Status.CANCELLED))
    assert octets.count(b"\r\nSEQUENCE:2147483647\r\n") == 1


@pytest.mark.parametrize("starts_at", [CONFERENCE.starts_at, datetime(1988, 7, 1, 1, tzinfo=UTC)])
def test_a_prepared_event_becomes_the_same_file_as_a_fresh_one(starts_at: datetime) -> None:
    ends_at = starts_at + timedelta(hours=1)
    event = replace(CONFERENCE, organizer=OFFICE, alarms=(60, 15), starts_at=starts_at, ends_at=ends_at)
    prepared = write.component(event)
    file = write.single_prepared(prepared, zone=event.zone, summary=event.summary, alarms=event.alarms)
    assert file == write.single(event)


@pytest.mark.parametrize("sequence", [0, 3])
def test_a_refusal_of_another_time_names_the_revision_and_the_reason(sequence: int) -> None:
    octets = write.decline_counter(replace(MOVED, sequence=sequence))
    assert names(octets)[1:-1] == ["UID", *(["SEQUENCE"] if sequence else []), "DTSTAMP", "COMMENT", "ORGANIZER"]
    assert octets.count(b"VTIMEZONE") == 0
    assert "COMMENT" not in names(write.decline_counter(replace(MOVED, comment=" ")))
