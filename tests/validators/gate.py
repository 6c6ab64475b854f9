"""A letter taken apart as the next server gets it."""

from __future__ import annotations

from email import message_from_bytes
from email.message import Message
from functools import lru_cache


@lru_cache(maxsize=8192)
def message(octets: bytes) -> Message:
    return message_from_bytes(octets)


def parts(octets: bytes, content_type: str) -> list[Message]:
    return [part for part in message(octets).walk() if part.get_content_type() == content_type]


def content(part: Message) -> bytes:
    found = part.get_payload(decode=True)
    assert isinstance(found, bytes)
    return found


def calendar_of(octets: bytes) -> bytes:
    """The calendar object of the letter, b"" where it has none."""
    found = parts(octets, "text/calendar")
    return content(found[0]) if found else b""


def method_of(octets: bytes) -> str:
    """The parameter that says what the calendar object is for."""
    found = parts(octets, "text/calendar")
    return str(found[0].get_param("method")) if found else ""


def unfolded(calendar: bytes) -> list[str]:
    """The content lines of a calendar object."""
    return calendar.replace(b"\r\n ", b"").decode().removesuffix("\r\n").split("\r\n")


def values(calendar: bytes, name: str) -> list[str]:
    """The values of a property of the event, without its parameters."""
    found = [line for line in unfolded(calendar) if line.split(":")[0].split(";")[0] == name]
    return [line[_colon(line) + 1 :] for line in found]


def _colon(line: str) -> int:
    """Where the value begins: at the first colon that stands in no quoted parameter."""
    quoted = False
    for at, letter in enumerate(line):
        quoted ^= letter == '"'
        if letter == ":" and not quoted:
            return at
    raise ValueError(f"no content line: {line!r}")
