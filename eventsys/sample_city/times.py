"""When things happened, by the clocks of Shenyang."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

ZONE = "Asia/Shanghai"
FOUNDED = datetime(2024, 7, 1, 1, 0, tzinfo=UTC)


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """A wall-clock time of 2024."""
    return datetime(2024, month, day, hour, minute, tzinfo=ZoneInfo(ZONE))
