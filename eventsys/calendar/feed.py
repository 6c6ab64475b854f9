r"""A subscribed calendar of one reader (RFC 5545, RFC 7986), joined from prepared texts.

A VEVENT is prepared once for all readers of a revision (`prepared`), without what differs between them: a mark before
the title, words at the end of the description, STATUS, SEQUENCE and the time of the revision. `Part` is that part of
one reader, made once for each combination that occurs; `joined` puts both together. The title stands first in a
prepared text and the description last, because a content line may be folded anywhere (RFC 5545 3.1): a part ends and
begins with a fold, and nothing that was prepared is looked into.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from icalendar.parser import Contentline

from eventsys.calendar import text
from eventsys.calendar.model import Event, Status
from eventsys.calendar.write import component

FOLD = "\r\n "
_FOLDED = "\x1f"
_FREE, _END = "TRANSP:TRANSPARENT\r\n", "END:VEVENT\r\n"
_SUMMARY, _DESCRIPTION = "SUMMARY:", "\r\nDESCRIPTION:"
_OF_A_READER = frozenset({"BEGIN", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "STATUS", "SUMMARY", "DESCRIPTION", "END"})
_BARE = frozenset({"UID", "DTSTART", "DTEND", "ORGANIZER"})


class Busy(StrEnum):
    """How the time shows in the reader's calendar: TRANSP, which knows two ways; for a third Outlook has a property."""

    FREE = "FREE"
    TENTATIVE = "TENTATIVE"
    BUSY = "BUSY"


@dataclass(frozen=True, slots=True)
class Part:
    """What is one reader's own in a VEVENT, as the texts before and after a prepared one."""

    head: bytes
    tail: bytes


def for_everybody(event: Event) -> str:
    """The VEVENT of a public feed. It takes nobody's time: few of those who subscribe to it go."""
    return component(event).decode().removesuffix(_END) + _FREE + _END


def to_keep(public: str) -> str:
    """What `for_everybody` made, for somebody who puts this one meeting into their calendar, since they go."""
    return public.replace(_FREE, "")


def prepared(event: Event) -> str:
    """The VEVENT for `joined`: title, what all readers share, description.

    Raises ValueError without a description: the words of a reader are added to it.
    """
    lines = _properties(component(event).decode())
    found = {name: line for name, line in lines if name in _OF_A_READER}
    if "DESCRIPTION" not in found:
        raise ValueError("a prepared event has a description")
    shared = [line for name, line in lines if name not in _OF_A_READER]
    return "\r\n".join((found["SUMMARY"].removeprefix(_SUMMARY), *shared, found["DESCRIPTION"]))


def bare(event: bytes) -> bytes:
    """A prepared text that tells no more than which meeting it is and when; a reader's words stand alone."""
    title, *lines = _properties(event.decode())
    kept = [line for name, line in lines if name in _BARE]
    return ("\r\n".join((title[1], *kept)) + _DESCRIPTION).encode()


@lru_cache(maxsize=4096)
def part(mark: str, words: tuple[str, ...], status: Status, busy: Busy) -> Part:
    """One reader's part: a mark such as `[Declined] ` before the title, lines at the end of the description."""
    lines = "".join(_continued("\\n" + _escaped(clean)) for clean in map(text.line, words) if clean)
    transparency = "TRANSPARENT" if busy is Busy.FREE else "OPAQUE"
    outlook = "\r\nX-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE" if busy is Busy.TENTATIVE else ""
    tail = f"{lines}\r\nSTATUS:{status.value}\r\nTRANSP:{transparency}{outlook}\r\nSEQUENCE:"
    return Part(f"BEGIN:VEVENT\r\n{_SUMMARY}{_mark(mark)}".encode(), tail.encode())


def joined(event: bytes, own: Part, sequence: int, stamp: str) -> tuple[bytes, ...]:
    """The pieces of one VEVENT of a feed; `stamp` is the moment of the revision as `20240822T010000Z`."""
    tail = f"{sequence}\r\nDTSTAMP:{stamp}\r\nLAST-MODIFIED:{stamp}\r\nEND:VEVENT\r\n"
    return own.head, event, own.tail, tail.encode()


def _mark(mark: str) -> str:
    """A mark with a fold before its last character, so that no blank stands at the end of a line."""
    clean = _escaped(text.line(mark))
    blank = " " if mark.endswith(" ") else ""
    return f"{clean[:-1]}{FOLD}{clean[-1]}{blank}" if clean else ""


def _properties(lines: str) -> list[tuple[str, str]]:
    """The content lines that the writer made, folds and all, each with its name."""
    whole = lines.removesuffix("\r\n").replace(FOLD, _FOLDED).split("\r\n")
    return [(line.partition(":")[0].partition(";")[0], line.replace(_FOLDED, FOLD)) for line in whole]


def _continued(escaped: str) -> str:
    """The text as the continuation of a content line, itself folded at 75 octets."""
    folded: bytes = Contentline(f" {escaped}").to_ical()
    return "\r\n" + folded.decode()


def _escaped(value: str) -> str:
    r"""A TEXT value (RFC 5545 3.3.11)."""
    return value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
