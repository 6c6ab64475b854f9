"""Letters as they go out: their shape, and that nothing typed becomes a header."""

import re
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes
from email.generator import BytesGenerator
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32, default
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventsys.calendar import write
from eventsys.mail import message
from eventsys.mail.address import Address
from eventsys.mail.message import HEADERS, Mail, build
from tests.calendar.golden import golden
from tests.calendar.samples import CONFERENCE
from tests.mail.samples import CANCELLATION, ENGLISH, INVITATION, PLAIN, UPDATE

ENCODED_WORD = "=?utf-8?q?a=0D=0ABcc:_evil@x?="
INJECTIONS = (
    "\r\nBcc: evil@x",
    "\nBcc: evil@x",
    "\r\n\r\n<b>",
    ENCODED_WORD,
    "=?utf-8?b?DQpCY2M6IGVAeA==?=",
    "=?",
    "?=",
)
SPECIAL = ('"', "\\", "<", ">", ",", "(", "\x00", "\x0b", "\x85", "\u2028", "\u202e", "\ud800", " ", "\t", "会议", "🤝")
TEXTS = st.lists(
    st.one_of(st.sampled_from([*INJECTIONS, *SPECIAL]), st.text(st.characters(), max_size=60)), max_size=8
).map("".join)
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
BASIC = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress"]


@pytest.mark.parametrize(
    ("name", "mail"),
    [
        ("plain.eml", PLAIN),
        ("invitation.eml", INVITATION),
        ("update.eml", UPDATE),
        ("cancellation.eml", CANCELLATION),
        ("invitation-english.eml", ENGLISH),
    ],
)
def test_golden(name: str, mail: Mail) -> None:
    assert build(mail) == golden(name, build(mail))


def shape(part: Message) -> object:
    """A letter as a tree of content types, encodings and dispositions."""
    if part.is_multipart():
        return {part.get_content_type(): [shape(inner) for inner in part.get_payload()]}
    return (part["Content-Type"], part["Content-Transfer-Encoding"], part["Content-Disposition"])


def test_the_shape_that_gets_buttons() -> None:
    assert shape(message_from_bytes(build(INVITATION))) == {
        "multipart/mixed": [
            {
                "multipart/alternative": [
                    ("text/plain; charset=utf-8", "base64", None),
                    ("text/html; charset=utf-8", "base64", None),
                    ("text/calendar; charset=utf-8; method=REQUEST", "base64", None),
                ]
            },
            ('application/ics; name="invite.ics"', "base64", 'attachment; filename="invite.ics"'),
        ]
    }


def test_the_shape_without_a_calendar() -> None:
    assert shape(message_from_bytes(build(PLAIN))) == {
        "multipart/alternative": [
            ("text/plain; charset=utf-8", "7bit", None),
            ("text/html; charset=utf-8", "7bit", None),
        ]
    }


def test_a_refusal_of_another_time_has_no_file_to_keep() -> None:
    refusal = replace(INVITATION, calendar=write.decline_counter(CONFERENCE), method="DECLINECOUNTER")
    kinds = [part.get_content_type() for part in message_from_bytes(build(refusal)).walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html", "text/calendar"]


def test_every_part_arrives_unchanged() -> None:
    parts = [part for part in message_from_bytes(build(INVITATION)).walk() if not part.is_multipart()]
    assert [part.get_payload(decode=True) for part in parts] == [
        INVITATION.text.replace("\n", "\r\n").encode(),
        INVITATION.html.replace("\n", "\r\n").encode(),
        INVITATION.calendar,
        INVITATION.calendar,
    ]


def test_headers() -> None:
    read = message_from_bytes(build(UPDATE), policy=default)
    assert {name: str(value) for name, value in read.items() if name != "Content-Type"} == {
        "From": "市政府外事办公室 <meet+k5xgs3tboqqhi2dfebzwkylu@meet.example.gov.cn>",
        "To": "李明 <li.ming@example.gov.cn>",
        "Subject": "会议改期：全会精神宣讲会暨全市外办工作会议",
        "Date": "Thu, 15 Aug 2024 02:00:00 +0000",
        "Message-ID": "<inv-12-345-s1-1@meet.example.gov.cn>",
        "References": "<inv-12-345-s0-1@meet.example.gov.cn>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "Content-Language": "zh-Hans",
        "MIME-Version": "1.0",
    }


def test_a_digest_can_be_left_with_one_click() -> None:
    mail = replace(PLAIN, unsubscribe_url="https://meet.example.gov.cn/leave/x?a=b", suppress_answers=False)
    read = message_from_bytes(build(mail))
    assert [read[name] for name in ("List-Unsubscribe", "List-Unsubscribe-Post", "X-Auto-Response-Suppress")] == [
        "<https://meet.example.gov.cn/leave/x?a=b>",
        "List-Unsubscribe=One-Click",
        None,
    ]


def test_the_same_facts_give_the_same_octets() -> None:
    assert build(replace(INVITATION)) == build(INVITATION)


def test_a_typed_encoded_word_arrives_as_text() -> None:
    mail = replace(
        PLAIN, subject=ENCODED_WORD, sender=Address(ENCODED_WORD, "a@b.cn"), to=Address(ENCODED_WORD, "c@d.cn")
    )
    read = message_from_bytes(build(mail))
    assert [decoded(read, name) for name in ("Subject", "From", "To")] == [
        ENCODED_WORD,
        f"{ENCODED_WORD} <a@b.cn>",
        f"{ENCODED_WORD} <c@d.cn>",
    ]
    assert read.get_all("Bcc") is None


def decoded(message: Message, name: str) -> str:
    return str(make_header(decode_header(message[name])))


def cleaned(text: str) -> str:
    """A header's text as it may arrive: one line, nothing invisible."""
    return INVISIBLE.sub("", re.sub("[ \t\r\n\x0b\x0c\x85\u2028\u2029]+", " ", text)).strip()


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_whatever_is_typed_stays_in_its_header(subject: str, name: str) -> None:
    octets = build(replace(PLAIN, subject=subject, to=Address(name, "c@d.cn"), reply_to=None, language=""))
    block = octets.partition(b"\r\n\r\n")[0]
    assert [line for line in block.split(b"\r\n") if len(line) > 100 or re.search(rb"[^ -~]", line)] == []
    read = message_from_bytes(octets)
    assert read.keys() == [*BASIC, "MIME-Version", "Content-Type"]
    assert decoded(read, "Subject") == cleaned(subject)
    shown = cleaned(name)
    assert decoded(read, "To") in ({f'"{shown}" <c@d.cn>', f"{shown} <c@d.cn>"} if shown else {"c@d.cn"})
    assert [part.get_content_type() for part in read.walk()] == ["multipart/alternative", "text/plain", "text/html"]


@settings(deadline=None)
@given(TEXTS)
def test_whatever_is_written_stays_in_its_part(text: str) -> None:
    octets = build(replace(PLAIN, text=text, html=f"<p>{text}</p>"))
    read = message_from_bytes(octets)
    assert [part.get_content_type() for part in read.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert octets.isascii()
    assert max(map(len, octets.split(b"\r\n"))) < 998
    assert re.search(rb"(?<!\r)\n|\r(?!\n)", octets) is None


def test_long_ascii_lines_are_encoded() -> None:
    part = message_from_bytes(build(replace(PLAIN, html="<p>" + "x" * 2000))).get_payload()[1]
    assert (part["Content-Transfer-Encoding"], part.get_payload(decode=True)) == ("base64", b"<p>" + b"x" * 2000)


def test_every_header_is_allowed() -> None:
    used = {name for mail in (PLAIN, UPDATE) for name in message_from_bytes(build(mail)).keys()}  # noqa: SIM118
    assert used | {"List-Unsubscribe", "List-Unsubscribe-Post"} == set(HEADERS)


@pytest.mark.parametrize(
    "change",
    [
        {"message_id": "inv@example.org"},
        {"message_id": "<a@b>\r\nBcc: evil@x"},
        {"message_id": "<a b@c>"},
        {"references": ("<a@b>", "c")},
        {"auto_submitted": "no\r\nBcc: evil@x"},
        {"language": "zh\n"},
        {"unsubscribe_url": "https://a/>, <mailto:b"},
        {"unsubscribe_url": "javascript:alert(1)"},
        {"date": datetime(2024, 8, 12)},  # noqa: DTZ001
        {"calendar": None},
        {"method": None},
        {"method": "CANCEL"},
        {"method": "REQUEST; x=y"},
    ],
)
def test_no_mail(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"cannot stand in a header|without a zone|together|method is not"):
        replace(INVITATION, **change)  # type: ignore[arg-type]


def written_by_the_library(octets: bytes) -> bytes:
    """The letter read and written again by the email package."""
    out = BytesIO()
    policy = compat32.clone(linesep="\r\n", max_line_length=None)
    BytesGenerator(out, mangle_from_=False, policy=policy).flatten(message_from_bytes(octets))
    return out.getvalue()


@pytest.mark.parametrize("mail", [PLAIN, INVITATION, UPDATE, CANCELLATION, ENGLISH])
def test_the_email_package_writes_the_same_octets(mail: Mail) -> None:
    assert written_by_the_library(build(mail)) == build(mail)


@settings(deadline=None)
@given(TEXTS, TEXTS, TEXTS)
def test_the_email_package_writes_the_same_octets_of_any_letter(subject: str, name: str, text: str) -> None:
    octets = build(
        replace(INVITATION, subject=f"会{subject}", to=Address(name, "c@d.cn"), text=text, html=f"<p>{text}")
    )
    assert written_by_the_library(octets) == octets


@pytest.mark.parametrize(
    "value",
    [
        "a\r\nBcc: b",
        "a\nBcc: b",
        "a\rBcc: b",
        "a\r\n\r\nb",
        "a\r\n \r\nb",
        "会议",
        "a\x00b",
        "a\x0bBcc: b",
        "a\r\n\tb",
        "a\x85b",
    ],
)
def test_no_value_of_a_header_gets_past_the_last_look(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message, "_words", lambda header, text: value)
    with pytest.raises(ValueError, match="other headers"):
        build(PLAIN)
