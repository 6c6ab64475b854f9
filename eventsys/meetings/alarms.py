"""A meeting's reminders: the minutes before its start at which a calendar reminds (RFC 5545 §3.6.6).

Kept as one text, such as `1440,30`: whole minutes, the earliest first, each once; "" reminds nobody.
"""

from __future__ import annotations

import re

NONE, HALF_AN_HOUR, USUAL = "", "30", "1440,30"
MOST = 5
LONGEST = 28 * 24 * 60

_BETWEEN = re.compile(r"[\s,，、;；]+")
_DIGITS = 5


def minutes_of(alarms: str) -> tuple[int, ...]:
    """The minutes of a text that `alarms_of` made."""
    return tuple(int(part) for part in alarms.split(",") if part)


def alarms_of(typed: str) -> str:
    """The text of typed minutes, parted by commas or blanks.

    Raises ValueError for anything but whole minutes, more than `MOST` of them, or one before `LONGEST`.
    """
    parts = [part for part in _BETWEEN.split(typed) if part]
    if not all(part.isascii() and part.isdigit() and len(part) <= _DIGITS for part in parts):
        raise ValueError(f"not whole minutes: {typed!r}")
    minutes = sorted({int(part) for part in parts}, reverse=True)
    if len(minutes) > MOST or any(each > LONGEST for each in minutes):
        raise ValueError(f"too many or too early: {typed!r}")
    return ",".join(map(str, minutes))


def are_alarms(text: str) -> bool:
    """Whether the text is as `alarms_of` makes it."""
    try:
        return alarms_of(text) == text
    except ValueError:
        return False
