"""A small VTIMEZONE (RFC 5545 §3.6.5) for every IANA zone: the rule in force now, and nothing of its history.

Outlook misreads zones written with RDATE, so a zone is one STANDARD, or STANDARD and DAYLIGHT with an RRULE each. The
rule is the POSIX TZ text at the end of the zone's TZif file (RFC 8536 §3.3). It says nothing about years under older
rules, an announced exception, or a clock that follows the moon, and a clock that goes back shows one time twice:
`describes` tells, and the writer then uses UTC. All of it comes from the tzdata package, never from the system's own
data, which may be older and would contradict the rule.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from importlib.abc import Traversable
from importlib.resources import files
from zoneinfo import ZoneInfo

_DAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_UNKNOWN_PLACE = "Factory"
_NAME = r"<[^>]+>|[A-Za-z]+"
_POSIX = re.compile(rf"({_NAME})([-+\d:]+)(?:({_NAME})([-+\d:]+)?,M([^,]+),M([^,]+))?")
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Onset:
    """When a side of the year begins: POSIX `Mmonth.week.day/time`, in the local time before the change."""

    month: int
    week: int
    day: int
    time: timedelta

    def in_year(self, year: int) -> datetime:
        """The naive local moment of the change in one year."""
        return datetime(year, self.month, self._first_day()) + self._days_to_wait(year) * _DAY + self.time  # noqa: DTZ001

    def rrule(self) -> str:
        """The yearly rule. A time below 0 or above 24 hours moves the day, which BYDAY alone cannot say."""
        shift = self.time // _DAY
        weekday = _DAYS[(self.day + shift) % 7]
        if shift == 0:
            return f"FREQ=YEARLY;BYMONTH={self.month};BYDAY={self.week if self.week < 5 else -1}{weekday}"
        first = self._first_day() + shift
        if first >= 1 and first + 6 <= _length(self.month):
            days = ",".join(str(day) for day in range(first, first + 7))
            return f"FREQ=YEARLY;BYMONTH={self.month};BYMONTHDAY={days};BYDAY={weekday}"
        start = (date(2023, self.month, 1) - date(2024, 1, 1)).days + first - 1
        days = ",".join(str(day) for day in range(start, start + 7))
        return f"FREQ=YEARLY;BYYEARDAY={days};BYDAY={weekday}"

    def _first_day(self) -> int:
        return self.week * 7 - 6 if self.week < 5 else _length(self.month) - 6

    def _days_to_wait(self, year: int) -> int:
        first = date(year, self.month, self._first_day()).isoweekday() % 7
        return (self.day - first) % 7


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of the year: its abbreviation, its offset east of Greenwich, and when it begins."""

    name: str
    offset: timedelta
    onset: _Onset | None


@cache
def _names() -> frozenset[str]:
    return frozenset(files("tzdata").joinpath("zones").read_text("ascii").split()) - {_UNKNOWN_PLACE}


def is_zone(name: str) -> bool:
    """Whether this is the exact name of an IANA time zone, such as Asia/Shanghai."""
    return name in _names()


@cache
def definition(name: str) -> bytes:
    """The VTIMEZONE of a zone, with CRLF; empty for UTC, written without one. Raises ValueError for no zone."""
    sides = _sides(name)
    if _is_utc(sides):
        return b""
    body = "".join(_observance(before, after) for before, after in zip(sides[::-1], sides, strict=True))
    return f"BEGIN:VTIMEZONE\r\nTZID:{name}\r\n{body}END:VTIMEZONE\r\n".encode("ascii")


@lru_cache(maxsize=4096)
def describes(name: str, instant: datetime) -> bool:
    """Whether the zone's local time and its `definition` say this instant (aware), and no other.

    RFC 5545 §3.3.5 takes the first of two equal local times; libical and ical.js take the second. Raises ValueError for
    no zone.
    """
    sides = _sides(name)
    if _is_utc(sides):
        return False
    local, utc = instant.astimezone(zone(name)), instant.astimezone(UTC)
    offset = _offset(sides, utc)
    if offset != local.utcoffset() or local.replace(fold=1 - local.fold).utcoffset() != offset:
        return False
    return all(_offset(sides, utc + offset - other.offset) == offset for other in sides)


@cache
def zone(name: str) -> ZoneInfo:
    """The zone with its history, of the same edition as its description. Raises ValueError for no zone."""
    with _file(name).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


@cache
def _sides(name: str) -> tuple[_Side, ...]:
    """The one or two sides of a zone's year, in the order of the POSIX text."""
    return _parsed(_file(name).read_bytes().rstrip(b"\n").rpartition(b"\n")[2].decode("ascii"))


def _file(name: str) -> Traversable:
    if not is_zone(name):
        raise ValueError(f"not a time zone: {name!r}")
    return files("tzdata").joinpath("zoneinfo", *name.split("/"))


def _parsed(text: str) -> tuple[_Side, ...]:
    found = _POSIX.fullmatch(text)
    if found is None:
        raise ValueError(f"not a rule of a time zone: {text!r}")
    standard, west, other, other_west, begins, ends = found.groups()
    offset = -_duration(west)
    if other is None:
        return (_Side(standard.strip("<>"), offset, None),)
    other_offset = -_duration(other_west) if other_west else offset + _HOUR
    return (
        _Side(standard.strip("<>"), offset, _onset(ends)),
        _Side(other.strip("<>"), other_offset, _onset(begins)),
    )


def _onset(text: str) -> _Onset:
    rule, _, time = text.partition("/")
    month, week, day = (int(part) for part in rule.split("."))
    return _Onset(month, week, day, _duration(time or "2"))


def _duration(text: str) -> timedelta:
    hours, minutes, seconds = [*text.lstrip("+-").split(":"), "0", "0"][:3]
    size = timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds))
    return -size if text.startswith("-") else size


def _is_utc(sides: tuple[_Side, ...]) -> bool:
    return len(sides) == 1 and sides[0].name == "UTC"


def _offset(sides: tuple[_Side, ...], instant: datetime) -> timedelta:
    """The offset that the rule gives; the side whose onset was the last before the instant holds."""
    if len(sides) == 1:
        return sides[0].offset
    moment = instant.replace(tzinfo=None)
    onsets = sorted(
        (after.onset.in_year(year) - before.offset, after.offset)
        for before, after in zip(sides[::-1], sides, strict=True)
        for year in (moment.year - 1, moment.year)
        if after.onset
    )
    return next(offset for begins, offset in reversed(onsets) if begins <= moment)


def _observance(before: _Side, after: _Side) -> str:
    kind = "DAYLIGHT" if after.offset > before.offset else "STANDARD"
    begins = after.onset.in_year(1970) if after.onset else datetime(1970, 1, 1)  # noqa: DTZ001
    rule = f"RRULE:{after.onset.rrule()}\r\n" if after.onset else ""
    return (
        f"BEGIN:{kind}\r\nDTSTART:{begins:%Y%m%dT%H%M%S}\r\n{rule}TZOFFSETFROM:{_signed(before.offset)}\r\n"
        f"TZOFFSETTO:{_signed(after.offset)}\r\nTZNAME:{after.name}\r\nEND:{kind}\r\n"
    )


def _signed(offset: timedelta) -> str:
    minutes = abs(offset) // timedelta(minutes=1)
    return f"{'-' if offset < timedelta(0) else '+'}{minutes // 60:02}{minutes % 60:02}"


def _length(month: int) -> int:
    return monthrange(2023, month)[1]
