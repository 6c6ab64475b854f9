"""Scheduling messages (RFC 5546) that other calendars wrote: octets in, dataclasses out. Every octet is hostile."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import unquote

from icalendar.parser import unescape_backslash

from eventsys.calendar.clocks import Clocks
from eventsys.calendar.lines import COMPONENTS, Block, CutOff, Property, TooDeep, calendars, unfolded
from eventsys.calendar.model import LARGEST_SEQUENCE, PartStat

LARGEST = 256 * 1024
MOST_COMPONENTS = 50
MOST_BLOCKS = 500
MOST_ATTENDEES = 500

_ATTENDEE = re.compile(r"[ \t]*ATTENDEE[ \t]*[;:]", re.IGNORECASE | re.ASCII)
_BLOCK = re.compile(r"[ \t]*BEGIN[ \t]*:", re.IGNORECASE | re.ASCII)
_COMPONENT = re.compile(r"[ \t]*BEGIN[ \t]*:[ \t]*V(?!ALARM|CALENDAR)", re.IGNORECASE | re.ASCII)
_NUMBER = re.compile(r"[0-9]+", re.ASCII)
_LONGEST_NUMBER = 18
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*", re.ASCII)
_LONGEST_ADDRESS = 254
_SCHEMES = re.compile(r"(?:[\s<]*mailto:)*[\s<]*", re.IGNORECASE | re.ASCII)
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


class Method(StrEnum):
    """What a scheduling message is (RFC 5546 §1.4)."""

    REQUEST = "REQUEST"
    REPLY = "REPLY"
    CANCEL = "CANCEL"
    COUNTER = "COUNTER"
    DECLINECOUNTER = "DECLINECOUNTER"
    REFRESH = "REFRESH"
    ADD = "ADD"
    PUBLISH = "PUBLISH"


_METHODS = frozenset(each.value for each in Method)
_PARTSTATS = frozenset(each.value for each in PartStat)


class Flaw(StrEnum):
    """Why a calendar object cannot be read."""

    NOT_A_CALENDAR = "not-a-calendar"
    CUT_OFF = "cut-off"
    EMPTY = "empty"
    TOO_LARGE = "calendar-too-large"
    TOO_MANY_COMPONENTS = "too-many-components"
    TOO_MANY_ATTENDEES = "too-many-attendees"


class Doubt(StrEnum):
    """What was read, but not as it was written."""

    UNKNOWN_METHOD = "unknown-method"
    UNKNOWN_PARTSTAT = "unknown-partstat"
    SEQUENCE_BOUNDED = "sequence-bounded"
    SEQUENCE_UNREADABLE = "sequence-unreadable"
    SEVERAL_DELEGATES = "several-delegates"
    SEVERAL_UIDS = "several-uids"
    OTHER_PART_DISAGREES = "other-part-disagrees"


class Unreadable(ValueError):
    """A calendar object that cannot be read; `reason` says why."""

    def __init__(self, reason: Flaw) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Answerer:
    """One ATTENDEE line.

    `address` is one plain lower-case address or None. Without PARTSTAT `partstat` is None, which is no answer; an
    unknown one counts as NEEDS-ACTION (`Item.warnings` tells). `comment` is the note that Google puts into
    X-RESPONSE-COMMENT. What begins with `raw` is the value as it was written, for showing.
    """

    address: str | None
    partstat: PartStat | None
    delegated_to: str | None = None
    delegated_from: str | None = None
    name: str = ""
    comment: str = ""
    raw: str = ""
    raw_delegated_to: str | None = None
    raw_delegated_from: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One VEVENT (VTODO, VJOURNAL, VFREEBUSY: see `component`) of a scheduling message.

    `stamp` is DTSTAMP, or None when it is missing, local or garbage: then the mail's Date counts. `sequence` is None
    when it is missing or garbage: then the current one counts; it is never above 2^31-1. `recurrence_id` is the value
    as written. `organizer` is None without the property and empty without a value. Times are in UTC, and told only
    where they are certain; `raw_start` is DTSTART as written, after its TZID; `raw_uid` keeps the blanks around it.
    Texts hold no control characters but LF, and are as long as the calendar object let them be.
    """

    method: Method | None
    component: str = "VEVENT"
    uid: str | None
    sequence: int | None
    stamp: datetime | None
    recurrence_id: str | None = None
    organizer: str | None = None
    comment: str | None = None
    attendees: tuple[Answerer, ...] = ()
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    raw_uid: str | None = None
    raw_start: str = ""
    raw_stamp: str | None = None
    location: str = ""
    warnings: tuple[Doubt, ...] = ()


def read(data: bytes, *, charset: str = "", announced: str = "") -> tuple[Item, ...]:
    """Every item of the calendar objects in `data`, in their order, at least one; raises `Unreadable`.

    `charset` is what the mail calls the octets, `announced` the method it names: METHOD in the object itself wins. Who
    asks too much is refused before anything dear is done.
    """
    if len(data) > LARGEST:
        raise Unreadable(Flaw.TOO_LARGE)
    lines = unfolded(data, charset)
    _refuse_many(lines)
    try:
        found = calendars(lines)
    except CutOff as error:
        raise Unreadable(Flaw.CUT_OFF) from error
    except TooDeep as error:
        raise Unreadable(Flaw.TOO_MANY_COMPONENTS) from error
    if not found:
        raise Unreadable(Flaw.NOT_A_CALENDAR)
    items = tuple(item for calendar in found for item in _items(calendar, announced))
    if not items:
        raise Unreadable(Flaw.EMPTY)
    return items


def calendar_address(value: str) -> str:
    """What stands after the schemes of a calendar address, in lower case; empty when nothing does.

    Programs write MAILTO:, mailto:mailto:, angle brackets, blanks and percent signs.
    """
    bare = value[_after(_SCHEMES, value) :].rstrip(" \t>").partition("?")[0]
    decoded = unquote(bare) if "%" in bare else bare
    return (decoded if _is_address(decoded) else bare).lower()


def plain_address(value: str) -> str | None:
    """The one plain ASCII address, in lower case, that a calendar address is; None for anything else."""
    bare = calendar_address(value)
    return bare if _is_address(bare) and value.isascii() else None


def _is_address(text: str) -> bool:
    return len(text) <= _LONGEST_ADDRESS and bool(_ADDRESS.fullmatch(text))


def _refuse_many(lines: list[str]) -> None:
    for pattern, most, flaw in (
        (_ATTENDEE, MOST_ATTENDEES, Flaw.TOO_MANY_ATTENDEES),
        (_COMPONENT, MOST_COMPONENTS, Flaw.TOO_MANY_COMPONENTS),
        (_BLOCK, MOST_BLOCKS, Flaw.TOO_MANY_COMPONENTS),
    ):
        if sum(map(bool, map(pattern.match, lines))) > most:
            raise Unreadable(flaw)


def _items(calendar: Block, announced: str) -> list[Item]:
    written = calendar.first("METHOD")
    name = (written.value if written and written.value.strip() else announced).strip().upper()
    clocks = Clocks(calendar)
    return [_item(block, name, clocks) for block in calendar.blocks if block.name in COMPONENTS]


def _item(block: Block, method: str, clocks: Clocks) -> Item:
    doubts: list[Doubt] = []
    if method and method not in _METHODS:
        doubts.append(Doubt.UNKNOWN_METHOD)
    uids = {prop.value.strip() for prop in block.properties.get("UID", ())}
    if len(uids) > 1:
        doubts.append(Doubt.SEVERAL_UIDS)
    start, stamp, recurrence = (block.first(name) for name in ("DTSTART", "DTSTAMP", "RECURRENCE-ID"))
    uid, organizer, location = (block.first(name) for name in ("UID", "ORGANIZER", "LOCATION"))
    starts_at = clocks.instant(start)
    return Item(
        method=Method(method) if method in _METHODS else None,
        component=block.name,
        uid=(_text(uid.value).strip() if uid else "") or None,
        sequence=_sequence(block.first("SEQUENCE"), doubts),
        stamp=clocks.instant(stamp),
        recurrence_id=_clean(recurrence.value).strip() if recurrence else None,
        organizer=_clean(calendar_address(_identity(organizer))) if organizer else None,
        comment=_comment(block),
        attendees=tuple(_answerer(prop, doubts) for prop in block.properties.get("ATTENDEE", ())),
        starts_at=starts_at,
        ends_at=clocks.end(starts_at, block.first("DTEND"), block.first("DURATION")),
        raw_uid=_text(uid.value) if uid else None,
        raw_start=_raw_start(start),
        raw_stamp=_clean(stamp.value).strip() if stamp else None,
        location=_text(location.value).strip() if location else "",
        warnings=tuple(dict.fromkeys(doubts)),
    )


def _sequence(prop: Property | None, doubts: list[Doubt]) -> int | None:
    value = prop.value.strip() if prop else ""
    if not value:
        return None
    if not _NUMBER.fullmatch(value):
        doubts.append(Doubt.SEQUENCE_UNREADABLE)
        return None
    digits = value.lstrip("0") or "0"
    number = LARGEST_SEQUENCE + 1 if len(digits) > _LONGEST_NUMBER else int(digits)
    if number > LARGEST_SEQUENCE:
        doubts.append(Doubt.SEQUENCE_BOUNDED)
    return min(number, LARGEST_SEQUENCE)


def _comment(block: Block) -> str | None:
    comments = [_text(prop.value) for prop in block.properties.get("COMMENT", ())]
    return "\n".join(comments) if comments else None


def _answerer(prop: Property, doubts: list[Doubt]) -> Answerer:
    identity = _identity(prop)
    delegates, delegators = prop.param("DELEGATED-TO"), prop.param("DELEGATED-FROM")
    return Answerer(
        address=plain_address(identity),
        partstat=_partstat(prop.param("PARTSTAT"), doubts),
        delegated_to=_other(delegates, doubts),
        delegated_from=_other(delegators, doubts),
        name=_clean(prop.param("CN")).strip(),
        comment=_clean(html.unescape(unescape_backslash(prop.param("X-RESPONSE-COMMENT")))),
        raw=_clean(calendar_address(identity)),
        raw_delegated_to=_clean(delegates) or None,
        raw_delegated_from=_clean(delegators) or None,
    )


def _identity(prop: Property) -> str:
    """The value; where it is no mail address (`urn:uuid:`, a path) the one that EMAIL= names (RFC 7986 §6.2)."""
    email = prop.param("EMAIL")
    return email if email and plain_address(prop.value) is None else prop.value


def _partstat(value: str, doubts: list[Doubt]) -> PartStat | None:
    token = value.strip().upper()
    if not token:
        return None
    if token in _PARTSTATS:
        return PartStat(token)
    doubts.append(Doubt.UNKNOWN_PARTSTAT)
    return PartStat.NEEDS_ACTION


def _other(value: str, doubts: list[Doubt]) -> str | None:
    """The first plain address of a list of delegates."""
    named = [address for address in (plain_address(each) for each in value.split(",")) if address]
    if len(set(named)) > 1:
        doubts.append(Doubt.SEVERAL_DELEGATES)
    return named[0] if named else None


def _raw_start(prop: Property | None) -> str:
    if prop is None:
        return ""
    zone = prop.param("TZID")
    return _clean(f"TZID={zone}:{prop.value.strip()}" if zone else prop.value.strip())


def _text(value: str) -> str:
    return _clean(unescape_backslash(value))


def _clean(text: str) -> str:
    return _UNSEEN.sub("", text)


def _after(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.match(text)
    return found.end() if found else 0
