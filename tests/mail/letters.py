"""Messages as strangers write them, octet by octet."""

from __future__ import annotations

from tests.calendar.messages import LI_MING, reply

HEAD = (
    "From: Li Ming <li.ming@example.com>\r\nTo: meet+k5xgs3tboqqhi2dfebzwkylu@meet.example.gov.cn\r\n"
    "Date: Tue, 13 Aug 2024 11:35:00 +0800\r\nMessage-ID: <one@example.com>\r\nSubject: Re: x\r\nMIME-Version: 1.0\r\n"
)
ANSWER = reply(LI_MING, "SEQUENCE:0")
ASKED = reply("ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:li.ming@example.com", method="REQUEST")


def part(body: bytes, content_type: str = "text/calendar; method=REPLY", *headers: str) -> bytes:
    head = "".join(f"{header}\r\n" for header in (f"Content-Type: {content_type}", *headers))
    return head.encode("utf-8", "surrogateescape") + b"\r\n" + body


def multipart(kind: str, *parts: bytes, boundary: str = "b") -> bytes:
    mark = f"--{boundary}".encode()
    inside = b"".join(mark + b"\r\n" + each + b"\r\n" for each in parts)
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode() + inside + mark + b"--\r\n"


def mail(body: bytes, *headers: str, head: str = HEAD) -> bytes:
    """A message; `body` begins with its own Content headers."""
    return head.encode() + "".join(f"{header}\r\n" for header in headers).encode() + body
