"""A VTIMEZONE for every zone, checked against the zone itself."""

from datetime import UTC, datetime, timedelta
from importlib.resources import files
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from eventsys.calendar import zones

ALL = sorted(name for name in files("tzdata").joinpath("zones").read_text("ascii").split() if zones.is_zone(name))
DAYS = [datetime(2030, 1, 1, tzinfo=UTC) + timedelta(days=number) for number in range(366)]


def one_for_each_rule() -> list[str]:
    """One zone for every rule of offsets and changes there is."""
    rules = {zones.definition(name).replace(name.encode(), b""): name for name in ALL}
    return sorted(rules[rule] for rule in rules if rule)


def worth_a_look(zone: ZoneInfo, day: datetime, next_day: datetime) -> list[datetime]:
    """Every half hour of a day on which the clocks change, of others the first moment."""
    changes = day.astimezone(zone).utcoffset() != next_day.astimezone(zone).utcoffset()
    return [day + timedelta(minutes=30 * number) for number in range(48 if changes else 1)]


def test_shanghai_is_one_standard_time() -> None:
    assert zones.definition("Asia/Shanghai") == (
        b"BEGIN:VTIMEZONE\r\nTZID:Asia/Shanghai\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
        b"TZOFFSETFROM:+0800\r\nTZOFFSETTO:+0800\r\nTZNAME:CST\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )


def test_summer_time_is_a_yearly_rule() -> None:
    assert zones.definition("America/New_York").decode().split("\r\n") == [
        *["BEGIN:VTIMEZONE", "TZID:America/New_York"],
        *["BEGIN:STANDARD", "DTSTART:19701101T020000", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU"],
        *["TZOFFSETFROM:-0400", "TZOFFSETTO:-0500", "TZNAME:EST", "END:STANDARD"],
        *["BEGIN:DAYLIGHT", "DTSTART:19700308T020000", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU"],
        *["TZOFFSETFROM:-0500", "TZOFFSETTO:-0400", "TZNAME:EDT", "END:DAYLIGHT"],
        *["END:VTIMEZONE", ""],
    ]


@pytest.mark.parametrize("name", one_for_each_rule())
def test_a_reader_of_the_rules_gets_the_true_offset(name: str) -> None:
    octets = b"BEGIN:VCALENDAR\r\n" + zones.definition(name) + b"END:VCALENDAR\r\n"
    read = Calendar.from_ical(octets).timezones[0].to_tz(lookup_tzid=False)
    true = zones.zone(name)
    moments = [moment for day in pairwise(DAYS) for moment in worth_a_look(true, *day)]
    wrong = [moment for moment in moments if moment.astimezone(read).utcoffset() != moment.astimezone(true).utcoffset()]
    assert wrong == []


def test_every_zone_is_described_once_its_rule_holds() -> None:
    moments = DAYS[::7]
    wrong = {name for name in ALL for moment in moments if zones.definition(name) and not zones.describes(name, moment)}
    assert wrong == set()


@pytest.mark.parametrize(("year", "described"), [(1988, False), (1992, True), (2026, True)])
def test_years_under_older_rules_are_not_described(year: int, described: bool) -> None:
    assert zones.describes("Asia/Shanghai", datetime(year, 7, 1, tzinfo=UTC)) is described


def test_a_description_is_short_and_has_no_history() -> None:
    lines = {line for name in ALL for line in zones.definition(name).split(b"\r\n")}
    assert [line for line in lines if len(line) > 75 or line.startswith((b"RDATE", b"COMMENT"))] == []


@pytest.mark.parametrize("hours", [-2, 1])
@pytest.mark.parametrize("name", ["Europe/Berlin", "Australia/Sydney", "Africa/Cairo", "America/Nuuk", "Europe/Dublin"])
def test_the_rule_is_right_to_the_hour(name: str, hours: int) -> None:
    zone = zones.zone(name)
    day = datetime(2032, 1, 1, tzinfo=UTC)
    every_hour = [day + timedelta(hours=number) for number in range(366 * 24)]
    changes = [
        later
        for earlier, later in pairwise(every_hour)
        if earlier.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset()
    ]
    assert [zones.describes(name, change + timedelta(hours=hours)) for change in changes] == [True, True]


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("Asia/Shanghai", True),
        ("UTC", True),
        ("asia/shanghai", False),
        ("Asia/Beijing", False),
        ("Factory", False),
        ("", False),
        ("../../etc/passwd", False),
        ("China Standard Time", False),
    ],
)
def test_names(name: str, known: bool) -> None:
    assert zones.is_zone(name) is known


def test_utc_has_no_description() -> None:
    assert [zones.definition(name) for name in ("UTC", "Etc/UTC", "Zulu")] == [b"", b"", b""]


def test_no_zone_no_description() -> None:
    with pytest.raises(ValueError, match="not a time zone: 'Asia/Beijing'"):
        zones.definition("Asia/Beijing")
    with pytest.raises(ValueError, match="not a time zone: 'Asia/Beijing'"):
        zones.describes("Asia/Beijing", datetime(2024, 8, 22, tzinfo=UTC))


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("America/New_York", "2026-11-01T05:00", "2026-11-01T07:00"),
        ("Europe/Berlin", "2026-10-25T00:00", "2026-10-25T02:00"),
        ("Europe/Dublin", "2026-10-25T00:00", "2026-10-25T02:00"),
        ("Australia/Lord_Howe", "2026-04-04T14:30", "2026-04-04T15:30"),
        ("Antarctica/Troll", "2027-10-30T23:00", "2027-10-31T03:00"),
    ],
)
def test_a_local_time_that_comes_twice_is_told_in_utc(name: str, first: str, last: str) -> None:
    begins, ends = (datetime.fromisoformat(f"{each}+00:00") for each in (first, last))
    minute = timedelta(minutes=1)
    assert [zones.describes(name, at) for at in (begins - minute, begins, ends - minute, ends)] == [
        True,
        False,
        False,
        True,
    ]


def test_a_local_time_that_comes_twice_beside_the_rule_is_told_in_utc() -> None:
    """Morocco's clocks go back for Ramadan, of which its rule knows nothing; readers by name know it."""
    moments = [datetime(2026, 2, 15, hour, minute, tzinfo=UTC) for hour, minute in ((2, 0), (2, 59), (3, 0))]
    assert [zones.describes("Africa/Casablanca", moment) for moment in moments] == [False, False, True]
