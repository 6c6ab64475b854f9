"""The MIME parts of a message that a stranger wrote, within limits (RFC 2045, 2046)."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import Compat32
from enum import StrEnum

from eventsys.calendar.octets import decoded

LARGEST = 2 * 1024 * 1024
MOST_LINES = 100_000
DEEPEST = 16
MOST_PARTS = 256

_LONGEST_HEADER = 64 * 1024
_LONGEST_CONTENT_HEADER = 1000
_MOST_ATTENDEES = 4000  # several copies of a calendar object of 500
_HEADERS_ONLY = 64 * 1024
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n|\r\r")
_ENCODING = "Content-Transfer-Encoding"


class Limit(StrEnum):
    """Which limit a message broke."""

    TOO_LARGE = "too-large"
    TOO_MANY_LINES = "too-many-lines"
    TOO_DEEP = "too-deep"
    TOO_MANY_PARTS = "too-many-parts"
    TOO_MANY_ATTENDEES = "too-many-attendees"


class Excess(ValueError):
    """A message beyond a limit; `limit` says which."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(limit.value)
        self.limit = limit


class _Bounded(Compat32):
    """Headers are kept as they came, but none is long enough to keep a parser of parameters busy."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        longest = _LONGEST_CONTENT_HEADER if name.lower().startswith("content-") else _LONGEST_HEADER
        return name, value[:longest]


class Part(Message):
    """A part that refuses, while the message is being parsed, to grow beyond the limits."""

    def __init__(self, policy: Compat32 | None = None) -> None:
        super().__init__(policy or _POLICY)
        self._depth = 0
        self._counted = [1]

    def attach(self, payload: object) -> None:
        """Take a part in; raises Excess."""
        if isinstance(payload, Part):
            payload._depth = self._depth + 1
            payload._counted = self._counted
            self._counted[0] += 1
            if payload._depth > DEEPEST:
                raise Excess(Limit.TOO_DEEP)
            if self._counted[0] > MOST_PARTS:
                raise Excess(Limit.TOO_MANY_PARTS)
        super().attach(payload)  # type: ignore[arg-type]


_POLICY = _Bounded()


def opened(data: bytes) -> Message:
    """The message, parsed; raises Excess, the cheap limits before anything is parsed."""
    if len(data) > LARGEST:
        raise Excess(Limit.TOO_LARGE)
    if data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n") > MOST_LINES:
        raise Excess(Limit.TOO_MANY_LINES)
    if data.upper().count(b"\nATTENDEE") > _MOST_ATTENDEES:
        raise Excess(Limit.TOO_MANY_ATTENDEES)
    return BytesParser(Part, policy=_POLICY).parsebytes(_from_first_header(data))


def headers_only(data: bytes) -> Message:
    """The message with its headers alone, of whatever size: to say at least whose it is."""
    start = _from_first_header(data[:_HEADERS_ONLY])
    end = _END_OF_HEADERS.search(start)
    return BytesHeaderParser(Part, policy=_POLICY).parsebytes(start[: end.start()] if end else start)


def _from_first_header(data: bytes) -> bytes:
    """A blank line or a byte order mark at the top would make a body of all headers."""
    return data.removeprefix(BOM_UTF8).lstrip(b"\r\n")


def leaves(message: Message) -> Iterator[Message]:
    """Every part that holds no others, in order. A message inside the message is one leaf: it is not descended into."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            waiting.extend(reversed(inside(part)))
        else:
            yield part


def inside(part: Message) -> list[Message]:
    """The parts of a part, the groups of a report, the message in a message; nothing for a leaf."""
    held = part.get_payload() if part.is_multipart() else []
    return [each for each in held if isinstance(each, Message)]


def octets(part: Message) -> bytes:
    """What a leaf holds, decoded as it says; empty for a message inside the message. Never raises."""
    if part.is_multipart():
        return b""
    encoding = str(part.get(_ENCODING, "")).partition(";")[0].strip().lower()
    if encoding:
        part.replace_header(_ENCODING, encoding)
    return _payload(part)


def raw_octets(part: Message) -> bytes:
    """What a leaf holds, as it came. The part forgets its encoding."""
    del part[_ENCODING]
    return b"" if part.is_multipart() else _payload(part)


def _payload(part: Message) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def text(part: Message) -> str:
    """What a leaf says."""
    return decoded(octets(part), parameter(part, "charset"))


def parameter(part: Message, name: str, header: str = "content-type") -> str:
    """A parameter of a Content header (RFC 2231 too), empty without it. Never raises."""
    try:
        value = part.get_param(name, "", header)
    except (ValueError, LookupError, TypeError):
        return ""
    if isinstance(value, tuple):
        charset, _, raw = value
        return decoded(str(raw).encode("latin-1", "replace"), str(charset or ""))
    return str(value)
