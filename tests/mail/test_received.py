"""What a received message says: the project's own messages of every vendor, and every rule of choosing and judging."""

from __future__ import annotations

import base64
import json
import quopri
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from eventsys.calendar.read import Doubt, Method
from eventsys.mail.dry_run import line
from eventsys.mail.received import Reason, Received, Verdict, bare_object, understand, understood
from tests.calendar.messages import LI_MING, calendar, event, reply
from tests.mail.letters import ANSWER, ASKED, mail, multipart, part

FOLDER = Path(__file__).parent / "received"
EXPECTED: dict[str, dict[str, Any]] = json.loads((FOLDER / "expected.json").read_text())
TEXT = part(b"hello", "text/plain")
APPLIED = (Verdict.APPLY, Reason.ANSWER)
DECLINED = reply("ATTENDEE;PARTSTAT=DECLINED:mailto:li.ming@example.com", "SEQUENCE:0")


def said(body: bytes, *headers: str) -> tuple[Verdict, Reason]:
    received = understood(mail(body, *headers))
    return received.verdict, received.reason


def answers(received: Received) -> list[tuple[str | None, str | None]]:
    return [(each.address, each.partstat) for item in received.items for each in item.attendees]


def test_every_message_of_the_folder_has_its_reading() -> None:
    assert sorted(EXPECTED) == sorted(path.name for path in FOLDER.iterdir() if path.suffix in (".eml", ".ics"))


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_messages_of_every_vendor_are_read_as_expected(name: str) -> None:
    expected = EXPECTED[name]
    received = understood((FOLDER / name).read_bytes())
    bounced = [[each.recipient, each.message_id, each.status, each.permanent] for each in received.bounces]
    assert (received.verdict, received.reason) == (expected["verdict"], expected["reason"])
    assert (received.automatic, bounced) == (expected["automatic"], expected.get("bounces", []))
    printed = json.loads(line(str(FOLDER / name)))
    assert (printed["verdict"], printed["items"]) == (expected["verdict"], expected["items"])


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_line_ends_make_no_difference(name: str) -> None:
    data = (FOLDER / name).read_bytes()
    assert understood(data.replace(b"\n", b"\r\n")) == understood(data)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (part(ANSWER), APPLIED),
        (part(ANSWER, "text/calendar"), APPLIED),
        (part(ANSWER, "TEXT/Calendar; METHOD=reply; charset=UTF-8"), APPLIED),
        (part(ANSWER, "application/ics; name=invite.ics"), APPLIED),
        (part(ANSWER, "application/octet-stream; name*=utf-8''%E5%9B%9E%E6%89%A7.ics"), APPLIED),
        (part(ANSWER, 'application/octet-stream; name="=?gb2312?B?u9jWtC5pY3M=?="'), APPLIED),
        (part(ANSWER, "application/octet-stream", "Content-Disposition: attachment; filename=INVITE.ICS"), APPLIED),
        (part(ANSWER, "application/octet-stream"), APPLIED),
        (part(b"\r\n" + ANSWER, "text/plain"), APPLIED),
        (part(ANSWER.lower().replace(b"utf-8", b"UTF-8"), "text/plain"), APPLIED),
        (b"\r\n" + ANSWER, APPLIED),
        (multipart("mixed", TEXT, part(ANSWER)), APPLIED),
        (multipart("alternative", TEXT, multipart("mixed", TEXT, part(ANSWER), boundary="c")), APPLIED),
        (multipart("related", multipart("alternative", part(ANSWER), boundary="c"), TEXT), APPLIED),
        (multipart("signed", part(ANSWER), part(b"x", "application/pgp-signature")), APPLIED),
        (multipart("x-unknown", part(ANSWER)), APPLIED),
        (multipart("mixed", TEXT, part(ANSWER)).removesuffix(b"--b--\r\n"), APPLIED),
        (part(calendar(*event(LI_MING), method=None)), APPLIED),
        (part(calendar(*event(LI_MING), method=None), "text/calendar"), (Verdict.IGNORE, Reason.NO_ANSWER)),
        (part(ASKED), (Verdict.IGNORE, Reason.NO_ANSWER)),
        (part(ANSWER, "text/calendar; method=REQUEST"), APPLIED),
        (part(b"ANSWER: yes\r\n"), (Verdict.REJECT, Reason.NOT_A_CALENDAR)),
        (part(ANSWER[:-30]), (Verdict.REJECT, Reason.CUT_OFF)),
        (part(calendar()), (Verdict.REJECT, Reason.EMPTY)),
        (part(reply("X:a")), (Verdict.REJECT, Reason.NO_ATTENDEE)),
        (part(reply("ATTENDEE:mailto:li.ming@example.com")), (Verdict.REJECT, Reason.NO_PARTSTAT)),
        (part(calendar("BEGIN:VEVENT", LI_MING, "END:VEVENT")), (Verdict.REJECT, Reason.NO_UID)),
        (part(calendar(*event(LI_MING, uid=" "))), (Verdict.REJECT, Reason.NO_UID)),
        (part(reply(LI_MING, "RECURRENCE-ID:20240829T010000Z")), (Verdict.REJECT, Reason.ONE_OCCURRENCE)),
        (part(reply(LI_MING, "DTSTART:20240822T010000Z", method="COUNTER")), (Verdict.PROPOSAL, Reason.PROPOSAL)),
        (part(reply(LI_MING, "DTSTART:soon", method="COUNTER")), (Verdict.PROPOSAL, Reason.PROPOSAL)),
        (part(reply(LI_MING, method="COUNTER")), (Verdict.REJECT, Reason.NO_START)),
        (
            part(calendar("BEGIN:VEVENT", "DTSTART:20240822T010000Z", "END:VEVENT", method="COUNTER")),
            (Verdict.REJECT, Reason.NO_UID),
        ),
        (part(calendar("BEGIN:VTODO", "UID:a", LI_MING, "END:VTODO")), (Verdict.IGNORE, Reason.OTHER_COMPONENT)),
        (part(b"secret", "application/pkcs7-mime; smime-type=enveloped-data"), (Verdict.REJECT, Reason.ENCRYPTED)),
        (multipart("mixed", TEXT, part(b"x", "application/x; name=WINMAIL.DAT")), (Verdict.REJECT, Reason.TNEF)),
        (multipart("mixed", part(b"x", "application/ms-tnef"), part(ANSWER)), APPLIED),
        (part(mail(part(ANSWER)), "message/rfc822"), (Verdict.IGNORE, Reason.FORWARDED)),
        (part(mail(part(ANSWER)), "message/rfc822; name=invite.ics"), (Verdict.IGNORE, Reason.FORWARDED)),
        (multipart("digest", part(mail(part(ANSWER)), "message/rfc822")), (Verdict.IGNORE, Reason.FORWARDED)),
        (multipart("digest", b"\r\n" + mail(part(ANSWER))), (Verdict.IGNORE, Reason.FORWARDED)),
        (part(ANSWER + b"\xff", "text/calendar; charset=utf-8\x00"), APPLIED),
        (part(ANSWER + b"\xff", "text/calendar; charset*=idna'a'%00"), APPLIED),
        (multipart("mixed", TEXT, TEXT), (Verdict.IGNORE, Reason.NO_CALENDAR)),
        (multipart("mixed"), (Verdict.IGNORE, Reason.NO_CALENDAR)),
    ],
)
def test_a_part_is_found_and_judged(body: bytes, expected: tuple[Verdict, Reason]) -> None:
    assert said(body) == expected


@pytest.mark.parametrize(
    ("encoding", "encoded"),
    [
        ("base64", base64.encodebytes(ANSWER)),
        ("BASE64 ", base64.encodebytes(ANSWER).replace(b"\n", b"\r\n")),
        ("base64", base64.b64encode(ANSWER.replace(b"\r\n", b"\n"))),
        ("base64; x=y", base64.encodebytes(ANSWER)),
        ("quoted-printable", quopri.encodestring(ANSWER)),
        ("Quoted-Printable", quopri.encodestring(ANSWER).replace(b"\r\n", b"=0D=0A=\r\n")),
        ("8bit", ANSWER),
        ("binary", ANSWER),
        ("x-unheard-of", ANSWER),
        ("base64", ANSWER),
        ("quoted-printable", ANSWER),
    ],
)
def test_every_transfer_encoding_is_undone_and_a_wrong_one_looked_past(encoding: str, encoded: bytes) -> None:
    assert said(part(encoded, "text/calendar", f"Content-Transfer-Encoding: {encoding}")) == APPLIED


@pytest.mark.parametrize("codec", ["gbk", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("label", ["utf-8", "gb2312", "utf-16", "hz-gb-2312", "punycode"])
def test_a_part_in_another_character_set_is_read(codec: str, label: str) -> None:
    data = reply("ATTENDEE;PARTSTAT=ACCEPTED;CN=张伟:mailto:li.ming@example.com", "COMMENT:同意").decode().encode(codec)
    encoded = part(base64.encodebytes(data), f"text/calendar; charset={label}", "Content-Transfer-Encoding: base64")
    (item,) = understood(mail(encoded)).items
    assert (item.attendees[0].name, item.comment) == ("张伟", "同意")


def test_an_answer_that_stands_twice_is_one() -> None:
    received = understood(mail(multipart("mixed", part(ANSWER), part(ANSWER, "application/ics"), part(ANSWER))))
    assert (received.verdict, len(received.items), received.items[0].warnings) == (Verdict.APPLY, 1, ())


@pytest.mark.parametrize(
    "body",
    [
        multipart("mixed", part(ANSWER), part(reply(LI_MING, method="PUBLISH"), "application/ics")),
        multipart("mixed", part(ASKED, "application/ics"), part(ANSWER)),
        multipart("mixed", part(DECLINED, "application/ics"), part(ANSWER)),
        multipart("mixed", part(DECLINED, "text/calendar"), part(ANSWER)),
        multipart("mixed", part(ANSWER), part(DECLINED)),
        multipart("mixed", part(ANSWER[:-30]), part(ANSWER, "application/ics")),
        multipart("mixed", part(reply("X:a")), part(ANSWER, "application/ics")),
    ],
)
def test_the_announced_part_counts_and_another_may_disagree(body: bytes) -> None:
    received = understood(mail(body))
    assert (received.verdict, answers(received)) == (Verdict.APPLY, [("li.ming@example.com", "ACCEPTED")])
    assert (Doubt.OTHER_PART_DISAGREES in received.items[0].warnings) == (b"DECLINED" in body)


def test_a_broken_answer_is_not_forgotten_for_an_invitation_beside_it() -> None:
    assert said(multipart("mixed", part(reply("X:a")), part(ASKED, "application/ics"))) == (
        Verdict.REJECT,
        Reason.NO_ATTENDEE,
    )


def test_two_answers_in_one_mail_are_two() -> None:
    other = calendar(*event("ATTENDEE;PARTSTAT=DECLINED:mailto:li.ming@example.com", uid="other@meet.example.gov.cn"))
    received = understood(mail(multipart("mixed", part(ANSWER), part(other))))
    assert [item.uid for item in received.items][1] == "other@meet.example.gov.cn"
    assert [answer for _, answer in answers(received)] == ["ACCEPTED", "DECLINED"]


def test_a_series_with_one_occurrence_is_an_answer() -> None:
    data = calendar(*event(LI_MING), *event(LI_MING, "RECURRENCE-ID:20240829T010000Z"))
    received = understood(mail(part(data)))
    assert (received.verdict, [item.recurrence_id for item in received.items]) == (
        Verdict.APPLY,
        [None, "20240829T010000Z"],
    )


@pytest.mark.parametrize(
    ("headers", "automatic"),
    [
        ((), False),
        (("Auto-Submitted: no",), False),
        (("Auto-Submitted: auto-replied (vacation)",), True),
        (("Auto-Submitted: Auto-Generated; x=y",), True),
        (("Precedence: bulk",), True),
        (("Precedence: first-class",), False),
        (("Return-Path: <>",), True),
        (("Return-Path: < >",), True),
        (("Return-Path: <li.ming@example.com>",), False),
        (("List-Id: <list.example.com>",), True),
        (("X-Autoreply: yes",), True),
    ],
)
def test_what_no_person_wrote_is_ignored_but_for_an_answer(headers: tuple[str, ...], automatic: bool) -> None:
    words = understood(mail(TEXT, *headers))
    assert (words.verdict, words.automatic) == (Verdict.IGNORE, automatic)
    assert words.reason is (Reason.AUTOMATIC if automatic else Reason.NO_CALENDAR)
    answer = understood(mail(part(ANSWER), *headers))
    assert (answer.verdict, answer.automatic) == (Verdict.APPLY, automatic)


def test_the_envelope_is_told_with_every_verdict() -> None:
    received = understood(mail(part(ANSWER), "Cc: b@example.org", "Reply-To: c@example.org"))
    assert received.sender == "li.ming@example.com"
    assert (received.reply_to, received.subject, received.message_id) == ("c@example.org", "Re: x", "<one@example.com>")
    assert received.recipients == ("meet+k5xgs3tboqqhi2dfebzwkylu@meet.example.gov.cn", "b@example.org")
    assert received.date == datetime(2024, 8, 13, 3, 35, tzinfo=UTC)


def test_a_refresh_is_no_answer_but_says_what_it_is() -> None:
    received = understood(mail(part(reply("ATTENDEE:mailto:li.ming@example.com", method="REFRESH"))))
    assert (received.verdict, received.items[0].method) == (Verdict.IGNORE, Method.REFRESH)


@pytest.mark.parametrize("data", [b"", b"\r\n\r\n", b"\x00\x01\x02", b"no header at all\r\n", b"\xff" * 1000])
def test_what_is_no_message_is_rejected(data: bytes) -> None:
    assert (understood(data).verdict, understood(data).reason) == (Verdict.REJECT, Reason.NOT_A_MESSAGE)


@pytest.mark.parametrize("before", [b"\r\n", b"\n\n\n", b"\xef\xbb\xbf", b"From li.ming Tue Aug 13 11:35:00 2024\n"])
def test_what_stands_before_the_headers_does_not_hide_them(before: bytes) -> None:
    received = understood(before + mail(part(ANSWER)))
    assert (received.verdict, received.sender) == (Verdict.APPLY, "li.ming@example.com")


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"\r\n \r\n"])
def test_a_bare_object_is_read_as_one(before: bytes) -> None:
    received = understood(before + ANSWER)
    assert (received.verdict, received.sender, len(received.items)) == (Verdict.APPLY, None, 1)
    assert understood(ANSWER.decode().encode("utf-16")) == received
    assert bare_object(before + ANSWER) == received


def test_an_error_of_our_own_stops_at_one_message(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(data: bytes, authserv_id: str = "") -> Received:
        raise ZeroDivisionError

    monkeypatch.setattr("eventsys.mail.received.understood", broken)
    assert understand(ANSWER) == Received(verdict=Verdict.REJECT, reason=Reason.FAILED)
    assert "could not be read" in caplog.text
