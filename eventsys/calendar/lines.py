"""Content lines (RFC 5545 §3.1) that somebody else wrote, as blocks of properties.

icalendar's reader of whole calendars stops at the first broken line and keeps every VTIMEZONE of a stranger for the
messages that follow; so only its reader of single lines is used, on the properties that are needed. A line that breaks
the grammar is mended where programs are known to break it, and left out where nothing is certain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from icalendar.parser import Contentline, Parameters, q_split

from eventsys.calendar.octets import decoded

CALENDAR = "VCALENDAR"
COMPONENTS = frozenset({"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY"})
ZONE = "VTIMEZONE"

_BLOCKS = COMPONENTS | {CALENDAR, ZONE, "STANDARD", "DAYLIGHT"}
_ADDRESSES = frozenset({"ATTENDEE", "ORGANIZER"})
_TIMES = frozenset({"DTSTART", "DTEND", "DTSTAMP", "RECURRENCE-ID"})
_PROPERTIES = (
    _ADDRESSES
    | _TIMES
    | {"METHOD", "UID", "SEQUENCE", "COMMENT", "DURATION", "LOCATION"}
    | {"TZID", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE"}
)
_FOLD = re.compile(rb"(?<!\n)\n+[ \t]")
_NAME = re.compile(r"[ \t]*([A-Za-z][A-Za-z0-9-]*)[ \t]*[;:]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_SCHEMES = re.compile(r"(?:[ \t]*mailto:)*", re.IGNORECASE | re.ASCII)
_BEFORE_ADDRESS = re.compile(r":(?=[ \t]*mailto:)", re.IGNORECASE | re.ASCII)
_BEFORE_TIME = re.compile(r":(?=[ \t]*[0-9]{8}(?:T[0-9]{6}Z?)?[ \t]*$)", re.ASCII)
_LONGEST_SCHEME = len(":mailto")


_PARAMETERS = frozenset({"PARTSTAT", "CN", "EMAIL", "DELEGATED-TO", "DELEGATED-FROM", "TZID", "X-RESPONSE-COMMENT"})
_MOST_PARAMETERS = 100
_LONGEST_MENDED = 16 * 1024
_DEEPEST = 10


class CutOff(ValueError):
    """A calendar object without its end."""


class TooDeep(ValueError):
    """Blocks within blocks, without an end to it."""


@dataclass(frozen=True, slots=True)
class Property:
    """One content line; `value` is as it was written, still escaped."""

    params: Mapping[str, str | list[str]]
    value: str

    def param(self, name: str) -> str:
        """A parameter's value, empty without it; one that was written as a list is joined again."""
        found = self.params.get(name, "")
        return found if isinstance(found, str) else ",".join(found)


@dataclass(slots=True)
class Block:
    """What stands between BEGIN and END: its properties by name, in their order, and its blocks."""

    name: str
    properties: dict[str, list[Property]] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)

    def first(self, name: str) -> Property | None:
        return next(iter(self.properties.get(name, ())), None)


def unfolded(data: bytes, charset: str = "") -> list[str]:
    """The content lines, whole and without control characters; a fold may part the octets of one character."""
    if b"\0" in data[:4]:
        data = decoded(data).encode("utf-8", "replace")
    plain = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return _CONTROL.sub("", decoded(_FOLD.sub(b"", plain), charset)).split("\n")


def calendars(lines: list[str]) -> list[Block]:
    """Every VCALENDAR in its order, with those properties and blocks that are read; raises CutOff, TooDeep.

    What stands around them, and every other block with all that it holds (VALARM above all), is left out.
    """
    found: list[Block] = []
    open_blocks: list[Block] = []
    for name, line in _named(lines):
        if name == "BEGIN":
            if len(open_blocks) == _DEEPEST:
                raise TooDeep
            open_blocks.append(Block(_argument(line)))
        elif name == "END":
            _close(open_blocks, _argument(line), found)
        elif open_blocks and name in _PROPERTIES:
            prop = _property(name, line)
            if prop:
                open_blocks[-1].properties.setdefault(name, []).append(prop)
    if any(block.name in COMPONENTS or block.name == CALENDAR for block in open_blocks):
        raise CutOff
    return found


def _named(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        match = _NAME.match(line)
        if match:
            yield match[1].upper(), line


def _argument(line: str) -> str:
    return line.partition(":")[2].strip().upper()


def _close(open_blocks: list[Block], name: str, found: list[Block]) -> None:
    """End the innermost block of that name, and those inside it that were forgotten; any other END says nothing."""
    if all(block.name != name for block in open_blocks):
        return
    while open_blocks:
        block = open_blocks.pop()
        if block.name in _BLOCKS and open_blocks:
            open_blocks[-1].blocks.append(block)
        elif block.name == CALENDAR:
            found.append(block)
        if block.name == name:
            return


def _property(name: str, line: str) -> Property | None:
    """The line by the grammar; else as icalendar forgives it; else taken apart from behind, where that is certain."""
    ways = (_by_grammar, _forgiving, _from_behind) if len(line) <= _LONGEST_MENDED else (_by_grammar,)
    for way in ways:
        try:
            prop = way(line)
        except ValueError:
            continue
        if _is_whole(name, prop.value):
            return prop
    return None


def _is_whole(name: str, value: str) -> bool:
    """Whether the value begins where it should: an unquoted colon in a parameter cuts the line too early."""
    if name in _ADDRESSES:
        return not _BEFORE_ADDRESS.search(value, _after_schemes(value))
    return name not in _TIMES or not _BEFORE_TIME.search(value)


def _after_schemes(value: str) -> int:
    found = _SCHEMES.match(value)
    return found.end() if found else 0


def _by_grammar(line: str) -> Property:
    """A backslash is an ordinary character in a parameter (RFC 5545 §3.2), which icalendar's `parts` does not know."""
    content = Contentline(line)
    colon = content.value_separator_index()
    if colon < 0:
        raise ValueError("no value")
    _, _, written = line[:colon].partition(";")
    return Property(_parameters(q_split(written, ";")), line[colon + 1 :])


def _forgiving(line: str) -> Property:
    _, params, value = Contentline(line).raw_parts()
    return Property(params, value)


def _from_behind(line: str) -> Property:
    """The value begins at the last `:mailto:` or before the time at the end; quotes before it mean nothing."""
    colons = [
        match.start() for match in (_BEFORE_TIME if _BEFORE_TIME.search(line) else _BEFORE_ADDRESS).finditer(line)
    ]
    if not colons:
        raise ValueError("no value")
    colon = colons.pop()
    while colons and colon - colons[-1] == _LONGEST_SCHEME:
        colon = colons.pop()
    pieces = line[:colon].replace('"', "").split(";")[1:]
    return Property(_parameters([piece for piece in pieces if "=" in piece]), line[colon + 1 :])


def _parameters(pieces: list[str]) -> Parameters:
    """Those parameters that are read; raises ValueError for a piece that is none, and where there are too many."""
    params = Parameters()
    if len(pieces) > _MOST_PARAMETERS:
        raise ValueError("too many parameters")
    for piece in filter(None, (piece.strip() for piece in pieces)):
        name, equals, value = piece.partition("=")
        if not equals:
            raise ValueError(f"not a parameter: {piece!r}")
        if name.strip().upper() in _PARAMETERS:
            params.update(_parameter(name.strip(), value.strip()))
    return params


def _parameter(name: str, value: str) -> Parameters:
    """One parameter; where a quote or a colon stands that may not, as if the whole value were quoted."""
    try:
        params: Parameters = Parameters.from_ical(f"{name}={value}")
    except ValueError:
        bare = value.replace('"', "")
        params = Parameters.from_ical(f'{name}="{bare}"')
    return params
