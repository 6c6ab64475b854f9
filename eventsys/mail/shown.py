"""A letter taken apart again, for showing to staff. For letters of our own making, not for incoming mail."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import compat32
from email.utils import parsedate_to_datetime

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Summary:
    """A letter in a list; `key` names it in its mailbox, `date` is None when it carries none that can be read."""

    key: str
    subject: str
    sender: str
    to: str
    date: datetime | None


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter opened: its summary and its readings; `calendar` is the octets of the calendar object.

    The HTML is as it was sent: show it in a sandbox. `method` is the METHOD that the letter announces.
    """

    summary: Summary
    text: str
    html: str
    calendar: bytes | None
    method: str | None


def summary(key: str, data: bytes) -> Summary:
    """Read the headers; `data` may end anywhere after them."""
    return _summary(key, BytesHeaderParser(policy=compat32).parsebytes(data))


def letter(key: str, data: bytes) -> Letter:
    """Read the whole letter; a reading that is not there is empty, a missing calendar object None."""
    message = BytesParser(policy=compat32).parsebytes(data)
    parts: dict[str, Message] = {}
    for part in message.walk():
        parts.setdefault(part.get_content_type(), part)
    calendar = parts.get("text/calendar")
    method = calendar.get_param("method") if calendar else None
    return Letter(
        _summary(key, message),
        _octets(parts.get("text/plain")).decode("utf-8", "replace"),
        _octets(parts.get("text/html")).decode("utf-8", "replace"),
        _octets(calendar) if calendar else None,
        method if isinstance(method, str) else None,
    )


def _summary(key: str, message: Message) -> Summary:
    subject, sender, to = (_readable(message, name) for name in ("Subject", "From", "To"))
    return Summary(key, subject, sender, to, _date(message))


def _readable(message: Message, name: str) -> str:
    return _CONTROL.sub(" ", str(make_header(decode_header(str(message.get(name, "")))))).strip()


def _date(message: Message) -> datetime | None:
    try:
        return parsedate_to_datetime(str(message.get("Date", "")))
    except ValueError:
        return None


def _octets(part: Message | None) -> bytes:
    payload = part.get_payload(decode=True) if part else b""
    return payload if isinstance(payload, bytes) else b""
