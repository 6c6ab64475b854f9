"""The clock: one place that says what time it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, reset_tzpath

# The pinned tzdata alone, so that pages and calendar objects never contradict one another on an old system.
reset_tzpath(to=())

_played: ContextVar[datetime | None] = ContextVar("played", default=None)


def now() -> datetime:
    """The current instant, aware, UTC, whole seconds (calendar stamps carry no fractions)."""
    return _played.get() or datetime.now(UTC).replace(microsecond=0)


@contextmanager
def played_at(instant: datetime) -> Iterator[None]:
    """Let the clock say `instant` inside the block: a history (the sample city's) is played by the real verbs."""
    token = _played.set(instant.astimezone(UTC).replace(microsecond=0))
    try:
        yield
    finally:
        _played.reset(token)


def today(zone: str) -> date:
    """The current date in the zone (an IANA name)."""
    return now().astimezone(ZoneInfo(zone)).date()


def to_utc(local: datetime, zone: str) -> datetime:
    """The instant of a naive wall-clock time in the zone.

    Raises `ValueError` for a time that the zone skips when its clocks go forward.
    """
    instant = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    if instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local:
        raise ValueError(f"{local} does not exist in {zone}")
    return instant


def to_local(instant: datetime, zone: str) -> datetime:
    """The wall-clock time of an instant in the zone, aware."""
    return instant.astimezone(ZoneInfo(zone))
