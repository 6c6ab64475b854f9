"""Any octets, and messages gone wrong: real ones cut, doubled, swollen, spliced, re-encoded and wrapped."""

from __future__ import annotations

import base64
import quopri
from collections.abc import Callable
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from tests.coverage_of_parts import real_messages
from tests.mail.letters import mail, multipart, part

LARGEST = 2 * 1024 * 1024
OWN = Path(__file__).resolve().parent.parent / "mail" / "received"
WORDS = [
    *(b"BEGIN:VCALENDAR\r\n", b"END:VCALENDAR\r\n", b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n", b"METHOD:COUNTER\r\n"),
    *(b"BEGIN:VTIMEZONE\r\n", b"END:VTIMEZONE\r\n", b"BEGIN:DAYLIGHT\r\n", b"RRULE:FREQ=YEARLY;BYDAY=-1SU\r\n"),
    *(
        b"ATTENDEE;PARTSTAT=ACCEPTED;CN=",
        b":mailto:",
        b"mailto:",
        b";X-RESPONSE-COMMENT=",
        b"DTSTART;TZID=",
        b":20240822T010000",
    ),
    *(b"SEQUENCE:99999999999999\r\n", b"DURATION:P9W\r\n", b"RECURRENCE-ID:", b'"', b"\\", b"^n", b"&rsquo\\;", b"%41"),
    *(b"\r\n", b"\n ", b"\r", b"\r\n\r\n", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xd5\xc5", b"\xe5\xbc", b"\x1b$B"),
    *(
        b"Content-Type: multipart/mixed; boundary=b\r\n",
        b"\r\n--b\r\n",
        b"\r\n--b--\r\n",
        b"Content-Type: message/rfc822\r\n",
    ),
    *(b"Content-Type: text/calendar; method=REPLY\r\n", b"Content-Type: message/delivery-status\r\n\r\n"),
    *(
        b"Content-Transfer-Encoding: base64\r\n",
        b"Content-Transfer-Encoding: quoted-printable\r\n",
        b"charset*0*=idna''",
    ),
    *(
        b"From: MAILER-DAEMON@x.example\r\n",
        b"Return-Path: <>\r\n",
        b"From: ((((",
        b"=?punycode?q?",
        b"=?gbk?b?",
        b"?=",
    ),
    *(
        b"Authentication-Results: mx.example.gov.cn; dkim=pass header.d=",
        b"Final-Recipient: rfc822; ",
        b"Action: failed\r\n",
    ),
]


@cache
def seeds() -> list[bytes]:
    """The project's own messages, and the real ones where their folder is."""
    folders = [OWN] + ([folder / "samples"] if (folder := real_messages()) else [])
    found = [path for folder in folders for path in sorted(folder.iterdir()) if path.suffix in (".eml", ".ics")]
    return [path.read_bytes() for path in found]


def messages() -> st.SearchStrategy[bytes]:
    """Octets up to a little over the limit, most of them a message with up to eight things done to it."""
    changed = st.builds(_changed, st.sampled_from(seeds()), st.lists(_change(), max_size=8))
    swollen = st.builds(
        _swollen, st.sampled_from(WORDS) | st.binary(min_size=1, max_size=30), st.integers(1, LARGEST + 9)
    )
    return changed | st.binary(max_size=4000) | swollen | st.builds(_changed, swollen, st.lists(_change(), max_size=4))


def _change() -> st.SearchStrategy[Callable[[bytes], bytes]]:
    where, word = st.floats(0, 1), st.sampled_from(WORDS) | st.binary(max_size=20)
    return st.one_of(
        st.builds(_insert, where, word, st.sampled_from([1, 1, 1, 2, 50, 600, 20_000, 200_000])),
        st.builds(_cut, where, st.integers(1, 3000)),
        st.builds(_overwrite, where, word),
        st.builds(_repeat, where, st.integers(1, 2000), st.sampled_from([2, 3, 60, 520, 5000])),
        st.builds(_splice, where, st.sampled_from(seeds())),
        st.builds(_replace, st.sampled_from(WORDS), word),
        st.sampled_from(
            [_in_base64, _in_quoted_printable, _in_utf16, _in_gbk, _in_capitals, _bare, _deeper, _in_message]
        ),
    )


def _changed(data: bytes, changes: list[Callable[[bytes], bytes]]) -> bytes:
    for change in changes:
        data = change(data)[: LARGEST + 9]
    return data


def _swollen(word: bytes, size: int) -> bytes:
    return (word * (size // len(word) + 1))[:size]


def _insert(where: float, word: bytes, times: int) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        at = int(where * len(data))
        return data[:at] + word * min(times, LARGEST // max(1, len(word))) + data[at:]

    return change


def _cut(where: float, size: int) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        at = int(where * len(data))
        return data[:at] + data[at + size :]

    return change


def _overwrite(where: float, word: bytes) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        at = int(where * len(data))
        return data[:at] + word + data[at + len(word) :]

    return change


def _repeat(where: float, size: int, times: int) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        at = int(where * len(data))
        piece = data[at : at + size]
        return data[:at] + piece * min(times, LARGEST // max(1, len(piece))) + data[at:]

    return change


def _splice(where: float, other: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data[: int(where * len(data))] + other[int(where * len(other)) :]


def _replace(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(old.strip(), new)


def _in_base64(data: bytes) -> bytes:
    return mail(part(base64.encodebytes(data), "text/calendar; method=REPLY", "Content-Transfer-Encoding: base64"))


def _in_quoted_printable(data: bytes) -> bytes:
    return mail(part(quopri.encodestring(data), "text/calendar", "Content-Transfer-Encoding: quoted-printable"))


def _in_utf16(data: bytes) -> bytes:
    return data.decode("utf-8", "replace").encode("utf-16")


def _in_gbk(data: bytes) -> bytes:
    return data.decode("utf-8", "replace").encode("gbk", "replace")


def _in_capitals(data: bytes) -> bytes:
    return data.swapcase()


def _bare(data: bytes) -> bytes:
    return data.replace(b"\r", b"")


def _deeper(data: bytes) -> bytes:
    return mail(multipart("mixed", multipart("alternative", data, boundary="c"), data))


def _in_message(data: bytes) -> bytes:
    return mail(multipart("report", part(data, "message/rfc822"), part(data, "message/delivery-status")))
