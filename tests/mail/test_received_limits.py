"""Messages made to keep the reader busy: each is refused or read with bearable work, counted and not timed."""

from __future__ import annotations

import base64

import pytest

from eventsys.mail.received import Reason, Verdict, understood
from tests.calendar.messages import LI_MING, calendar, event, reply
from tests.mail.letters import ANSWER, HEAD, mail, multipart, part
from tests.mail.work import MOST_CALLS, calls, little_memory

MIB = 1024 * 1024


def nested(depth: int, inner: bytes) -> bytes:
    for level in range(depth):
        inner = multipart("mixed", inner, boundary=f"b{level}")
    return inner


def zone(name: int, rule: str) -> tuple[str, ...]:
    observance = ("DTSTART:00010101T000000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0100", rule)
    inside = [line for _ in range(20) for line in ("BEGIN:STANDARD", *observance, "END:STANDARD")]
    return ("BEGIN:VTIMEZONE", f"TZID:z{name}", *inside, "END:VTIMEZONE")


def zones(rule: str) -> bytes:
    written = [line for number in range(22) for line in zone(number, rule)]
    events = [line for number in range(22) for line in event(f"DTSTART;TZID=z{number}:20990822T000000")]
    return part(calendar(*written, *events, method="COUNTER"), "text/calendar; method=COUNTER")


def line(text: str) -> bytes:
    return part(reply(text))


REFUSED = {
    "two MiB and one octet": (mail(part(b"x" * (2 * MIB), "text/plain")), Reason.TOO_LARGE),
    "lines": (mail(part(b"\n" * 200_000, "text/plain")), Reason.TOO_MANY_LINES),
    "lines of CR": (mail(part(b"\r" * 200_000, "text/plain")), Reason.TOO_MANY_LINES),
    "headers": (b"a: b\n" * 300_000, Reason.TOO_MANY_LINES),
    "17 deep": (mail(nested(17, part(ANSWER))), Reason.TOO_DEEP),
    "300 deep": (mail(nested(300, part(ANSWER))), Reason.TOO_DEEP),
    "messages in messages": (mail(b"Content-Type: message/rfc822\r\n\r\n" * 30_000), Reason.TOO_DEEP),
    "257 parts": (mail(multipart("mixed", *[part(ANSWER)] * 256)), Reason.TOO_MANY_PARTS),
    "reports": (mail(part(b"a: b\n\n" * 30_000, "message/delivery-status")), Reason.TOO_MANY_PARTS),
    "50,000 attendees": (mail(part(reply(*["ATTENDEE:a@b.example"] * 50_000))), Reason.TOO_MANY_ATTENDEES),
    "10,000 attendees": (mail(part(reply(*["ATTENDEE:a@b"] * 10_000))), Reason.TOO_MANY_ATTENDEES),
    "51 events": (mail(part(calendar(*event(LI_MING) * 51))), Reason.TOO_MANY_COMPONENTS),
    "deep blocks": (mail(part(calendar(*["BEGIN:X"] * 11))), Reason.TOO_MANY_COMPONENTS),
    "blocks": (mail(part(calendar(*["BEGIN:X"] * 20_000))), Reason.TOO_MANY_COMPONENTS),
    "encoded": (
        mail(part(base64.encodebytes(b" " * 300_000), "text/calendar", "Content-Transfer-Encoding: base64")),
        Reason.CALENDAR_TOO_LARGE,
    ),
}
READ = {
    "16 deep": mail(nested(16, part(ANSWER))),
    "16 deep and long": mail(nested(15, multipart("mixed", part(ANSWER), part(b"--x\n" * 90_000, "text/plain")))),
    "255 parts": mail(multipart("mixed", *[part(ANSWER)] * 255)),
    "text": mail(multipart("mixed", part(ANSWER), part(b"abcdefghijklmnopqrs\n" * 99_000, "text/plain"))),
    "one line": mail(multipart("mixed", part(ANSWER), part(b"x" * (2 * MIB - 4000), "text/plain"))),
    "500 attendees": mail(part(reply(*[f'ATTENDEE;CN="{"x" * 440}";PARTSTAT=ACCEPTED:mailto:a@b.example'] * 500))),
    "500 broken attendees": mail(line("\r\n".join(['ATTENDEE;PARTSTAT=ACCEPTED;CN="' + ":mailto:" * 55 + ":a"] * 500))),
    "comments": mail(line("\r\n".join([LI_MING, *["COMMENT:a"] * 20_000]))),
    "parameters": mail(line("ATTENDEE" + ";CN=b" * 50_000 + ":mailto:a@b.example")),
    "semicolons": mail(line("ATTENDEE" + ";" * 250_000 + ":mailto:a@b.example")),
    "schemes": mail(line("ATTENDEE;CN=" + ":mailto:" * 30_000 + "x")),
    "quotes": mail(line("ATTENDEE;CN=" + '"' * 250_001 + ":mailto:a@b.example")),
    "backslashes": mail(line("ATTENDEE;CN=" + "\\" * 250_001 + ":mailto:a@b.example")),
    "delegates": mail(line("ATTENDEE;DELEGATED-TO=" + '"mailto:a@b.example",' * 12_000 + "x:mailto:a@b.example")),
    "folds": mail(line("UID:a" + "\r\n x" * 60_000)),
    "ends": mail(part(calendar(*["BEGIN:X"] * 8, *["END:Y"] * 25_000))),
    "zones that never change": mail(zones("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")),
    "zones that change each second": mail(zones("RRULE:FREQ=SECONDLY")),
    "zones that rarely change": mail(zones("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28;BYDAY=SU")),
    "many headers": b"a: b\n" * 90_000 + HEAD.encode() + part(ANSWER),
    "long header": b"From: " + b'"' * MIB + b"\r\n" + part(ANSWER),
    "hostile headers": b"".join(
        name + b": " + (b'"' * 1900 if name == b"From" else b"=?idna?q?" + b"a" * 60_000 + b"?=") + b"\r\n"
        for name in (b"From", b"To", b"Cc", b"Subject", b"Date", b"Message-ID", b"Authentication-Results")
    )
    + part(ANSWER),
    "boundary": HEAD.encode()
    + b'Content-Type: multipart/mixed; x="'
    + b";" * 900_000
    + b'"; boundary=b\r\n\r\n--b\r\n\r\nx',
    "types": mail(
        multipart("mixed", *[part(b"x", 'application/x; a="' + ";" * 5000 + '"; name=a.ics') for _ in range(255)])
    ),
    "words of a server": b"From: mailer-daemon@x.example\r\n"
    + part(b"\xe9\x80\x80\xe4\xbf\xa1 a@b " * 80_000, "text/html"),
    "words without blanks": b"Return-Path: <>\r\n" + part(b"Your message to: " + b"a" * MIB, "text/plain"),
    "tags": b"Return-Path: <>\r\n" + part(b"<div" * 400_000, "text/html"),
}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_asks_too_much_is_refused_with_its_reason(name: str) -> None:
    data, reason = REFUSED[name]
    received = understood(data, "mx.example.gov.cn")
    assert (received.verdict, received.reason) == (Verdict.REJECT, reason)
    if data.startswith(HEAD.encode()):
        assert received.sender == "li.ming@example.com"


@pytest.mark.parametrize("name", ["50,000 attendees", "10,000 attendees", "lines", "two MiB and one octet"])
def test_refusing_is_cheap(name: str) -> None:
    assert calls(lambda: understood(REFUSED[name][0])) < 3000


@pytest.mark.parametrize("name", sorted(REFUSED | READ))
def test_no_message_makes_too_much_work(name: str) -> None:
    data = READ[name] if name in READ else REFUSED[name][0]
    assert calls(lambda: understood(data, "mx.example.gov.cn")) < MOST_CALLS


def test_few_zones_are_built_and_from_few_years() -> None:
    assert calls(lambda: understood(READ["zones that rarely change"])) < 600_000


@pytest.mark.parametrize("name", sorted(REFUSED | READ))
def test_no_message_takes_much_memory(name: str) -> None:
    data = READ[name] if name in READ else REFUSED[name][0]
    with little_memory():
        understood(data, "mx.example.gov.cn")


@pytest.mark.parametrize("name", ["16 deep", "16 deep and long", "255 parts", "text", "one line", "500 attendees"])
def test_an_answer_within_the_limits_is_read(name: str) -> None:
    assert understood(READ[name]).verdict is Verdict.APPLY


def test_work_that_would_not_end_is_noticed() -> None:
    assert calls(lambda: [len("a") for _ in range(1000)]) >= 1000
