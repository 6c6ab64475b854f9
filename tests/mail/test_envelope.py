"""The headers of a stranger's message: one address or none, and whom our own server vouches for."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesParser

import pytest

from eventsys.mail.envelope import Envelope, readable

OURS = "mx.example.gov.cn"


def envelope(*headers: str | bytes) -> Envelope:
    lines = [each if isinstance(each, bytes) else each.encode() for each in headers]
    message: Message = BytesParser().parsebytes(b"\r\n".join([*lines, b"", b""]))
    return Envelope(message)


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("li.ming@example.com", "li.ming@example.com"),
        ("Li Ming <LI.Ming@Example.com>", "li.ming@example.com"),
        ('"Li, Ming" <li.ming@example.com>', "li.ming@example.com"),
        ('"boss@example.gov.cn" <li.ming@example.com>', "li.ming@example.com"),
        ("=?utf-8?B?5p2O5piO?= <li.ming@example.com>", "li.ming@example.com"),
        ("=?utf-8?q?boss=40example=2Egov=2Ecn=3E?= <li.ming@example.com>", "li.ming@example.com"),
        ("li.ming@example.com (Li Ming)", "li.ming@example.com"),
        ("李明 <li.ming@example.com>", "li.ming@example.com"),
        ("boss@example.gov.cn, li.ming@example.com", None),
        ("boss@example.gov.cn <li.ming@example.com>, x", None),
        ("group: li.ming@example.com;", "li.ming@example.com"),
        ("group: a@example.com, b@example.com;", None),
        ("undisclosed-recipients:;", None),
        ("<>", None),
        ("", None),
        ("Li Ming", None),
        ("a@b@example.com", None),
        ('"a b"@example.com', None),
        ("li@[192.0.2.1]", None),
        ("=?utf-8?q?li=40example=2Ecom?=", None),
        ("(" * 1500, None),
        ("<" * 1500, None),
        ('"' * 1999, None),
        ("a@" * 900, None),
        ("x" * 5000 + " <li.ming@example.com>", None),
        ("=?undefined?q?x?= =?idna?q?x?= =?punycode?q?-?= <li.ming@example.com>", "li.ming@example.com"),
    ],
)
def test_a_sender_is_exactly_one_address(value: str, address: str | None) -> None:
    assert envelope(f"From: {value}").mailbox("From") == address


def test_two_senders_are_none() -> None:
    assert envelope("From: a@example.com", "From: b@example.com").mailbox("From") is None


def test_a_sender_in_octets_is_still_found() -> None:
    assert envelope("From: 李明 <li.ming@example.com>".encode("gbk")).mailbox("From") == "li.ming@example.com"


def test_every_recipient_counts_once_in_whatever_header() -> None:
    found = envelope(
        'To: "meet+FAKE@example.org" <A@example.org>,\r\n\tb@example.org, undisclosed:;',
        "Cc: a@example.org, not an address, =?utf-8?q?c?= <c@example.org>",
        "Delivered-To: meet+k5xgs3tboqqhi2df@example.org",
        "X-Original-To: D@example.org",
        "Original-recipient:\r\n rfc822;e@example.org",
        "To: f@example.org",
        "Bcc: hidden@example.org",
    ).recipients()
    assert found == (
        *("a@example.org", "b@example.org", "f@example.org", "c@example.org"),
        *("meet+k5xgs3tboqqhi2df@example.org", "d@example.org", "e@example.org"),
    )


def test_hostile_recipients_are_nobody() -> None:
    assert envelope("To: " + "(" * 3000).recipients() == ()
    assert envelope("To: " + "a@example.com," * 6000).recipients() == ()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=?gb2312?B?u9i4tKO6u+HS6c2o1qo=?=", "回复：会议通知"),
        ("=?utf-8?B?5byg?= =?utf-8?B?5Lyf?= x", "张伟 x"),
        ("=?utf-8?B?5by?= =?utf-8?B?oA==?=", "张"),
        ("=?utf-8?q?=E5=BC?= =?utf-8?q?=A0?=", "张"),
        ("x" * 900, "x" * 500),
        ("", ""),
    ],
)
def test_a_subject_is_text(value: str, text: str) -> None:
    assert envelope(f"Subject: {value}").subject() == text


@pytest.mark.parametrize("charset", ["idna", "punycode", "zip", "undefined", "unicode_escape", "x", "utf-7", ""])
def test_a_subject_is_one_line_whatever_its_words_claim(charset: str) -> None:
    found = envelope(f"Subject: =?{charset}?q?a=0D=0Ab=00=E2=80=AEc?= \x07d").subject()
    assert found
    assert not set(found) & set("\r\n\x00\x07\u202e")


def test_a_subject_in_octets_is_read() -> None:
    assert envelope("Subject: 回复".encode("gbk")).subject() == "回复"
    assert envelope("Subject: 回复".encode()).subject() == "回复"
    assert readable("a =?x") == "a =?x"


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("Tue, 13 Aug 2024 11:35:00 +0800", datetime(2024, 8, 13, 3, 35, tzinfo=UTC)),
        ("13 Aug 2024 03:35:00 -0000", datetime(2024, 8, 13, 3, 35, tzinfo=UTC)),
        ("Tue, 13 Aug 2024 11:35:00 +0800 (CST)", datetime(2024, 8, 13, 3, 35, tzinfo=UTC)),
        ("yesterday", None),
        ("Tue, 32 Aug 2024 11:35:00 +0800", None),
        ("Tue, 13 Aug 2024 11:35:00 +9999999999", None),
        ("Fri, 31 Dec 9999 23:59:59 -2300", None),
        ("", None),
    ],
)
def test_a_date_is_an_instant_or_none(value: str, date: datetime | None) -> None:
    assert envelope(f"Date: {value}").date() == date


@pytest.mark.parametrize(
    ("value", "found"),
    [("<a@b>", "<a@b>"), (" <a@b> (x)", "<a@b>"), ("<a> <b@c>", "<b@c>"), ("a@b", ""), ("<a b>", ""), ("", "")],
)
def test_a_message_id_stands_in_brackets(value: str, found: str) -> None:
    assert envelope(f"Message-ID: {value}").message_id() == found


@pytest.mark.parametrize(
    ("results", "domains"),
    [
        ("mx.example.gov.cn; dkim=pass header.d=example.com header.s=a header.b=b", {"example.com"}),
        ("MX.Example.gov.cn; dkim=pass header.i=@Example.COM", {"example.com"}),
        ('mx.example.gov.cn; dkim=pass (2048-bit key) reason="good" header.d="example.com"', {"example.com"}),
        ("mx.example.gov.cn 1; dmarc=pass (p=REJECT) header.from=example.com", {"example.com"}),
        ("mx.example.gov.cn;\r\n\tdkim=fail header.d=a.example;\r\n\tdkim=pass header.d=b.example", {"b.example"}),
        ("mx.example.gov.cn; arc=pass header.d=forwarder.example", {"forwarder.example"}),
        ("mx.example.gov.cn; arc=pass", set()),
        ("mx.example.gov.cn; spf=pass smtp.mailfrom=example.com", set()),
        ("mx.example.gov.cn; dkim=neutral header.d=example.com", set()),
        ("mx.example.gov.cn; dkim=temperror header.d=example.com; dmarc=fail header.from=example.com", set()),
        ("mx.example.gov.cn; none", set()),
        ('mx.example.gov.cn; spf=pass smtp.mailfrom="a; dkim=pass header.d=example.com"@b.example', set()),
        ("mx.example.gov.cn; spf=pass (dkim=pass header.d=example.com) smtp.mailfrom=b.example", set()),
        (
            "mx.example.gov.cn; iprev=pass policy.iprev=192.0.2.1; x-tls=pass smtp.bits=256/256;"
            " dkim=pass header.d=a.example",
            {"a.example"},
        ),
        ("evil.example; dkim=pass header.d=example.com", set()),
        ("mx.example.gov.cn.evil.example; dkim=pass header.d=example.com", set()),
        ("mx.example.gov.cn", set()),
        ("mx.example.gov.cn; dkim=pass (", set()),
        ("mx.example.gov.cn; " + "(" * 5000, set()),
        ("mx.example.gov.cn; dkim=pass header.d=example.com;" + " " * 9000, set()),
        ("", set()),
    ],
)
def test_only_what_our_own_server_passed_is_authenticated(results: str, domains: set[str]) -> None:
    assert envelope(f"Authentication-Results: {results}").authenticated(OURS) == domains


def test_only_the_topmost_results_are_ours() -> None:
    forged = f"Authentication-Results: {OURS}; dkim=pass header.d=forged.example"
    ours = f"Authentication-Results: {OURS}; dkim=pass header.d=example.com"
    assert envelope(ours, forged).authenticated(OURS) == {"example.com"}
    assert envelope("Authentication-Results: other.example; none", forged).authenticated(OURS) == frozenset()
    assert envelope("ARC-Authentication-Results: i=1; " + forged[24:]).authenticated(OURS) == frozenset()
    assert envelope(ours).authenticated("") == frozenset()
