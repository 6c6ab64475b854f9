"""Times that somebody else wrote, as instants; None wherever they are not certain.

A zone is what the message itself says of it, else the one that its name means: an IANA name, with or without a prefix,
or one of Windows. The rules of a stranger's zone are read only in the forms that calendars write, so that none of them
can keep the reader busy.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vDatetime, vDuration, vRecur, vUTCOffset
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from eventsys.calendar import zones
from eventsys.calendar.lines import ZONE, Block, Property

_UTC_NAMES = frozenset({"UTC", "Z", "GMT", "Etc/UTC", "tzone://Microsoft/Utc"})
_TIME = re.compile(r"[0-9]{8}T[0-9]{6}Z?", re.ASCII)
_DURATION = re.compile(r"\+?P[0-9WDTHMS]{1,30}", re.ASCII)
_OFFSET = re.compile(r"[+-][0-9]{4}(?:[0-9]{2})?", re.ASCII)
_DAY = "(?:MO|TU|WE|TH|FR|SA|SU)"
_ONCE = rf"BYDAY=[+-]?[1-4]?{_DAY}"
_AFTER = rf"BYMONTHDAY=(?:[1-9]|1[0-9]|2[0-8])(?:,(?:[1-9]|1[0-9]|2[0-8])){{0,6}}|BYDAY={_DAY}"
_REST = "INTERVAL=1|BYMONTH=(?:0?[1-9]|1[0-2])|WKST=[A-Z]{2}|UNTIL=[0-9]{8}(?:T[0-9]{6}Z?)?"
# "The last Sunday of March" or "the Sunday on or after 8 March": each comes about again every year. A rule that never
# comes about would be looked for until the year 9999.
_RULES = tuple(re.compile(rf"FREQ=YEARLY(?:;(?:{days}|{_REST}))*;?", re.ASCII) for days in (_ONCE, _AFTER))
_UNTIL = re.compile(r"UNTIL=([0-9]{4})", re.ASCII)
_YEARS = range(1970, 2101)
_MOST_ZONES = 3
_MOST_OBSERVANCES = 20
_MOST_DATES = 100


class Clocks:
    """The zones of one calendar object."""

    def __init__(self, calendar: Block) -> None:
        self._written = {name: block for block in calendar.blocks if block.name == ZONE for name in _names(block)}
        self._zones: dict[str, tzinfo | None] = {}

    def instant(self, prop: Property | None) -> datetime | None:
        """The moment in UTC; None for a date, a local time, a zone that is not known, and what is no time at all."""
        value = prop.value.strip().upper() if prop else ""
        if prop is None or not _TIME.fullmatch(value):
            return None
        zone = UTC if value.endswith("Z") else self._zone(prop.param("TZID"))
        return _moment(value, zone) if zone else None

    def end(self, start: datetime | None, end: Property | None, duration: Property | None) -> datetime | None:
        """The end by DTEND or DURATION; None where it is not certain or not after the start."""
        if start is None:
            return None
        until = self.instant(end) if end else _later(start, duration.value if duration else "")
        return until if until and until >= start else None

    def _zone(self, name: str) -> tzinfo | None:
        if name not in self._zones:
            written = self._written.get(name)
            self._zones[name] = (_built(written) if written and self._may_build() else None) or _named(name)
        return self._zones[name]

    def _may_build(self) -> bool:
        return len(self._zones) < _MOST_ZONES


def _names(zone: Block) -> list[str]:
    """A zone's name as it stands and without the escapes of a text, which the parameter does not have."""
    name = zone.first("TZID")
    return [name.value.strip(), name.value.strip().replace("\\", "")] if name else []


def _named(name: str) -> tzinfo | None:
    plain = name.strip().strip("/")
    if plain in _UTC_NAMES:
        return UTC
    parts = plain.split("/")[-5:]
    for tried in (plain, WINDOWS_TO_OLSON.get(plain, ""), *("/".join(parts[at:]) for at in range(len(parts)))):
        if zones.is_zone(tried):
            return zones.zone(tried)
    return None


def _moment(value: str, zone: tzinfo) -> datetime | None:
    try:
        local = vDatetime.from_ical(value.removesuffix("Z"))
        if local.year not in _YEARS:
            return None
        moment: datetime = local.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment


def _later(start: datetime, duration: str) -> datetime | None:
    if not _DURATION.fullmatch(duration.strip().upper()):
        return None
    try:
        return start + vDuration(duration.strip().upper()).td
    except (ValueError, OverflowError):
        return None


def _built(written: Block) -> tzinfo | None:
    """The zone by the rules in the message; None unless each of them is of a known form."""
    zone = Timezone()
    zone.add("TZID", "written")
    observances = [block for block in written.blocks if block.name in ("STANDARD", "DAYLIGHT")]
    if not 0 < len(observances) <= _MOST_OBSERVANCES:
        return None
    try:
        for block in observances:
            zone.add_component(_observance(block))
        built: tzinfo = zone.to_tz(lookup_tzid=False)
    except (ValueError, OverflowError):
        return None
    return built


def _observance(block: Block) -> TimezoneStandard | TimezoneDaylight:
    observance = TimezoneStandard() if block.name == "STANDARD" else TimezoneDaylight()
    rule = _rule(block.first("RRULE"))
    start = vDatetime.from_ical(_required(block, "DTSTART", _TIME).removesuffix("Z"))
    if rule:
        observance.add("RRULE", vRecur(rule))
        start = start.replace(year=max(start.year, _YEARS[0]))
    observance.add("DTSTART", start)
    for name in ("TZOFFSETFROM", "TZOFFSETTO"):
        observance.add(name, vUTCOffset(vUTCOffset.from_ical(_required(block, name, _OFFSET))))
    dates = ",".join(dates.value.strip().upper() for dates in block.properties.get("RDATE", ())).split(",")
    if len(dates) > _MOST_DATES:
        raise ValueError("too many changes of a zone")
    if any(dates):
        observance.add("RDATE", [vDatetime.from_ical(date) for date in dates if _TIME.fullmatch(date)])
    return observance


def _rule(prop: Property | None) -> str:
    """When the change comes about every year; it is the same rule in every year since the first that is told."""
    rule = prop.value.strip().upper() if prop else ""
    until = _UNTIL.search(rule)
    if rule and (not any(form.fullmatch(rule) for form in _RULES) or (until and int(until[1]) < _YEARS[0])):
        raise ValueError(f"not a rule of a zone: {rule!r}")
    return rule


def _required(block: Block, name: str, form: re.Pattern[str]) -> str:
    found = block.first(name)
    value = found.value.strip().upper() if found else ""
    if not form.fullmatch(value):
        raise ValueError(f"no {name}")
    return value
