"""Dates as the pages write them in Chinese, by plain formatting."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

WEEKDAYS = "一二三四五六日"
ZONES: dict[str, ZoneInfo] = {}


def local(at: datetime, zone: str) -> datetime:
    """The wall-clock time of an instant."""
    found = ZONES.get(zone)
    if found is None:
        found = ZONES[zone] = ZoneInfo(zone)
    return at.astimezone(found)


def now() -> datetime:
    return datetime.now(UTC)


def day(at: datetime, zone: str) -> str:
    """`8月22日（周四）`."""
    there = local(at, zone)
    return f"{there.month}月{there.day}日（周{WEEKDAYS[there.weekday()]}）"


def clock(at: datetime, zone: str) -> str:
    """`9:00`."""
    there = local(at, zone)
    return f"{there.hour}:{there.minute:02}"


def date_short(at: datetime, zone: str) -> str:
    """`2024年8月30日`."""
    there = local(at, zone)
    return f"{there.year}年{there.month}月{there.day}日"


def moment(at: datetime, zone: str) -> str:
    """`8月19日 17:00`."""
    there = local(at, zone)
    return f"{there.month}月{there.day}日 {there.hour}:{there.minute:02}"


def span(start: datetime, end: datetime, zone: str, year: int | None = None) -> str:
    """`8月22日（周四）9:00–11:30`, with the year where it is not `year`."""
    first, last = local(start, zone), local(end, zone)
    prefix = f"{first.year}年" if year is not None and first.year != year else ""
    return (
        f"{prefix}{first.month}月{first.day}日（周{WEEKDAYS[first.weekday()]}）"
        f"{first.hour}:{first.minute:02}–{last.hour}:{last.minute:02}"
    )
