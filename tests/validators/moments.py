"""When a meeting is: both halves of the year, the hours around a change of the clocks, times under older rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from eventsys.calendar import zones

ZONES = (
    *("Asia/Shanghai", "Asia/Shanghai", "Asia/Shanghai", "Asia/Urumqi", "Asia/Tokyo", "Asia/Kolkata"),
    *("Asia/Kathmandu", "Asia/Tehran", "UTC", "Africa/Nairobi", "America/Sao_Paulo", "Pacific/Honolulu"),
    *("Europe/Berlin", "Europe/London", "Europe/Dublin", "America/New_York", "America/Los_Angeles"),
    *("America/St_Johns", "America/Santiago", "Australia/Sydney", "Australia/Lord_Howe", "Pacific/Auckland"),
    *("Pacific/Chatham", "Africa/Cairo", "Africa/Casablanca", "Asia/Gaza", "America/Nuuk", "Asia/Jerusalem"),
    *("Antarctica/Troll", "Europe/Istanbul", "Etc/GMT+5"),
)
HALVES = ((1, 15), (7, 15))
EDGES = (-90, -60, -30, -1, 0, 1, 30, 60, 90)
DAY = timedelta(days=1)


def start(random: Random, zone: str) -> datetime:
    """The start of a meeting in this zone, as an instant."""
    year = random.choice((2024, 2025, 2026, 2026, 2027, 2031, 2037))
    match random.choice(("half", "half", "edge", "edge", "old")):
        case "edge":
            return _change(year, zone, random) + timedelta(minutes=random.choice(EDGES))
        case "old":
            year = random.choice((1988, 1991, 1999, 2006, 2048))
    month, day = random.choice(HALVES)
    return datetime(year, month, day, random.randrange(24), random.choice((0, 30)), tzinfo=UTC)


def _change(year: int, zone: str, random: Random) -> datetime:
    """One of the moments of the year at which the zone's clocks change; in the middle of the year where none does."""
    there = zones.zone(zone)
    days = [datetime(year, 1, 1, tzinfo=UTC) + number * DAY for number in range(365)]
    found = [day for day in days if day.astimezone(there).utcoffset() != (day + DAY).astimezone(there).utcoffset()]
    if not found:
        return datetime(year, 6, 1, 1, tzinfo=UTC)
    return _narrowed(random.choice(found), zone)


def _narrowed(before: datetime, zone: str) -> datetime:
    there = zones.zone(zone)
    first, last = before, before + DAY
    while last - first > timedelta(minutes=1):
        middle = first + (last - first) / 2
        if middle.astimezone(there).utcoffset() == first.astimezone(there).utcoffset():
            first = middle
        else:
            last = middle
    return last.replace(second=0, microsecond=0)
