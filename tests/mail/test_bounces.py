"""Letters that came back: reports by the standard, words of servers, and what only looks like one."""

from __future__ import annotations

import pytest

from eventsys.mail.received import Bounce, Reason, Received, Verdict, understood
from tests.calendar.messages import LI_MING, reply
from tests.mail.letters import multipart, part

TO = "To: meet+k5xgs3tboqqhi2dfebzwkylu@meet.example.gov.cn\r\n"
SERVER = f"Return-Path: <>\r\nFrom: MAILER-DAEMON@mail.example.com\r\n{TO}"
OUR_ID = "<inv-12-345-s0-1@meet.example.gov.cn>"
LETTER = part(
    f"From: a@example.gov.cn\r\nTo: li.ming@example.com\r\nMessage-ID: {OUR_ID}\r\n\r\nx".encode(), "message/rfc822"
)
SAYS = part(b"words", "text/plain")


def report(*blocks: str, head: str = SERVER, returned: bytes = LETTER, kind: str = "delivery-status") -> Received:
    status = "\r\n".join(("Reporting-MTA: dns; mail.example.com\r\n", *blocks)).encode()
    body = multipart("report", SAYS, part(status, f"message/{kind}"), *([returned] if returned else []))
    body = body.replace(b"multipart/report;", f"multipart/report; report-type={kind};".encode())
    return understood(head.encode() + body)


def block(**fields: str) -> str:
    return "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())


def failed(**more: str) -> str:
    return block(Final_Recipient="rfc822; li.ming@example.com", Action="failed", Status="5.1.1", **more)


def in_words(text: str, head: str = SERVER, kind: str = "text/plain; charset=utf-8") -> Received:
    return understood(head.encode() + part(text.replace("\n", "\r\n").encode(), kind))


def test_a_failure_names_recipient_letter_status_and_reason() -> None:
    received = report(failed(Diagnostic_Code="smtp; 550 5.1.1 <li.ming@example.com>: no such user"))
    assert (received.verdict, received.reason, received.automatic) == (Verdict.BOUNCE, Reason.BOUNCED, True)
    assert received.bounces == (
        Bounce(
            recipient="li.ming@example.com",
            message_id=OUR_ID,
            status="5.1.1",
            reason="550 5.1.1 <li.ming@example.com>: no such user",
        ),
    )


@pytest.mark.parametrize(
    ("action", "verdict", "reason"),
    [
        ("failed", Verdict.BOUNCE, Reason.BOUNCED),
        ("Failed (permanent)", Verdict.BOUNCE, Reason.BOUNCED),
        ("delayed", Verdict.IGNORE, Reason.DELAYED),
        ("delivered", Verdict.IGNORE, Reason.REPORT),
        ("relayed", Verdict.IGNORE, Reason.REPORT),
        ("expanded", Verdict.IGNORE, Reason.REPORT),
    ],
)
def test_only_failed_is_a_failure(action: str, verdict: Verdict, reason: Reason) -> None:
    received = report(block(Final_Recipient="rfc822; li.ming@example.com", Action=action, Status="4.4.1"))
    assert (received.verdict, received.reason) == (verdict, reason)
    assert all(bounce.permanent == (verdict is Verdict.BOUNCE) for bounce in received.bounces)


def test_one_failure_among_delays_is_a_failure() -> None:
    delayed = block(Final_Recipient="rfc822; wang@example.com", Action="delayed", Status="4.2.2")
    received = report(delayed, failed())
    assert received.verdict is Verdict.BOUNCE
    assert [(each.recipient, each.permanent) for each in received.bounces] == [
        ("wang@example.com", False),
        ("li.ming@example.com", True),
    ]


@pytest.mark.parametrize(
    ("fields", "recipient"),
    [
        (
            {"Original_Recipient": "rfc822;Li.Ming@example.com", "Final_Recipient": "rfc822;box@x.example"},
            "li.ming@example.com",
        ),
        ({"Original_Recipient": "rfc822;", "Final_Recipient": "rfc822; <box@x.example>"}, "box@x.example"),
        ({"Final_Recipient": "LOCAL; box@x.example"}, "box@x.example"),
        ({"Final_Recipient": "x-local; box"}, ""),
    ],
)
def test_the_recipient_is_the_one_we_wrote_to(fields: dict[str, str], recipient: str) -> None:
    received = report(block(**fields, Action="failed", Status="5.0.0"))
    assert [each.recipient for each in received.bounces] == [recipient]


@pytest.mark.parametrize(
    ("status", "said", "told"),
    [
        ("5.0.0", "smtp; 550 5.1.1 no such user", "5.1.1"),
        ("5.1.1", "smtp; 550 5.7.1 no", "5.1.1"),
        ("5.2.2 (mailbox full)", "smtp; 552 full", "5.2.2"),
        ("", "smtp; 550 no", ""),
        ("garbage", "", ""),
    ],
)
def test_the_more_exact_status_counts(status: str, said: str, told: str) -> None:
    received = report(
        block(Final_Recipient="rfc822; a@example.com", Action="failed", Status=status, Diagnostic_Code=said)
    )
    assert received.bounces[0].status == told


def test_the_letter_is_found_without_its_copy() -> None:
    head = f"{SERVER}References: <old@x>\r\n {OUR_ID}\r\n"
    assert report(failed(), head=head, returned=b"").bounces[0].message_id == OUR_ID
    assert report(failed(), returned=b"").bounces[0].message_id == ""
    headers = part(f"Subject: x\r\nMessage-ID: {OUR_ID}\r\n".encode(), "text/rfc822-headers")
    assert report(failed(), returned=headers).bounces[0].message_id == OUR_ID


def test_a_report_that_names_nobody_is_about_the_letter_it_brings_back() -> None:
    received = report()
    assert (received.verdict, [each.recipient for each in received.bounces]) == (
        Verdict.BOUNCE,
        ["li.ming@example.com"],
    )


def test_an_encoded_status_is_read() -> None:
    body = multipart(
        "report",
        SAYS,
        part(
            b"UmVwb3J0aW5nLU1UQTogZG5zOyB4DQoNCkZpbmFsLVJlY2lwaWVudDogcmZjODIyOyBhQGV4YW1w\r\nbGUuY29tDQpBY3Rpb246IGZhaWxlZA0KU3RhdHVzOiA1LjEuMQ0K",
            "message/global-delivery-status",
            "Content-Transfer-Encoding: base64",
        ),
    )
    received = understood(SERVER.encode() + body)
    assert (received.verdict, received.bounces[0].recipient) == (Verdict.BOUNCE, "a@example.com")


@pytest.mark.parametrize("kind", ["disposition-notification", "feedback-report"])
def test_other_reports_are_no_failure(kind: str) -> None:
    received = report(failed(), kind=kind)
    assert (received.verdict, received.reason, received.bounces) == (Verdict.IGNORE, Reason.REPORT, ())


def test_an_answer_inside_a_report_is_none() -> None:
    returned = part(b"Content-Type: text/calendar; method=REPLY\r\n\r\n" + reply(LI_MING), "message/rfc822")
    received = report(failed(), returned=returned + b"\r\n--b\r\n" + part(reply(LI_MING)))
    assert (received.verdict, received.items) == (Verdict.BOUNCE, ())


QMAIL = "Hi. This is the qmail-send program at x.\nI wasn't able to deliver.\n\n<li.ming@example.com>:\nno such user\n"
WORDS = {
    "qmail": QMAIL,
    "sendmail": (
        "   ----- The following addresses had permanent fatal errors -----\n<li.ming@example.com>\n\n"
        "   ----- Transcript of session follows -----\n550 5.1.1 <li.ming@example.com>... User unknown\n"
    ),
    "gmail": (
        "Delivery to the following recipient failed permanently:\n\n     li.ming@example.com\n\n"
        "Technical details: 550 5.1.1 not found\n\n----- Original message -----\n"
    ),
    "163": (
        "您好，\n抱歉，您的邮件被退回来了。\n收件人：li.ming@example.com\n退信原因：550 User not found\n"
        "原邮件：\n发件人 x@example.org\n"
    ),
    "qq": (
        "很遗憾，邮件发送失败\n收件人邮件地址（li.ming@example.com）不存在，邮件无法送达。\n"
        "host said: 550 Mailbox not found\n"
    ),
    "coremail": "发送到 <li.ming@example.com> 的邮件被对方服务器拒收。\n5.7.1 spam\n",
}


@pytest.mark.parametrize("name", sorted(WORDS))
def test_words_of_a_server_are_a_bounce(name: str) -> None:
    received = in_words(WORDS[name])
    assert (received.verdict, received.automatic) == (Verdict.BOUNCE, True)
    assert [(each.recipient, each.permanent) for each in received.bounces] == [("li.ming@example.com", True)]


@pytest.mark.parametrize("name", sorted(WORDS))
def test_the_same_words_of_a_person_are_a_letter(name: str) -> None:
    received = in_words(WORDS[name], head=f"From: Wang Fang <wang@example.com>\r\n{TO}")
    assert (received.verdict, received.reason, received.bounces) == (Verdict.IGNORE, Reason.NO_CALENDAR, ())


@pytest.mark.parametrize(
    ("sender", "verdict"),
    [
        ("From: MAILER-DAEMON (Mail Delivery System)", Verdict.BOUNCE),
        ("From: Postmaster@mail.example.com", Verdict.BOUNCE),
        ("From: Postmaster <li.ming@example.com>", Verdict.IGNORE),
        ("Return-Path: <>\r\nFrom: noreply@mail.example.com", Verdict.BOUNCE),
        ("X-Failed-Recipients: li.ming@example.com\r\nFrom: noreply@mail.example.com", Verdict.BOUNCE),
    ],
)
def test_who_is_a_server(sender: str, verdict: Verdict) -> None:
    assert in_words(QMAIL, head=f"{sender}\r\n{TO}").verdict is verdict


def test_a_server_that_still_tries_delays() -> None:
    received = in_words("您的邮件暂时无法送达 li.ming@example.com，系统稍后会再次尝试。\n")
    assert (received.verdict, received.reason) == (Verdict.IGNORE, Reason.DELAYED)
    assert [(each.recipient, each.permanent) for each in received.bounces] == [("li.ming@example.com", False)]


OURS = "meet+k5xgs3tboqqhi2dfebzwkylu@meet.example.gov.cn"


@pytest.mark.parametrize(
    ("words", "recipients"),
    [
        (f"您的邮件被退回：postmaster@mail.example.com {OURS}\n", []),
        (f"您的邮件被退回：发件人 {OURS}，收件人 li.ming@example.com\n", ["li.ming@example.com"]),
        ("您的邮件被退回。\n原邮件：抄送 wang@example.com\n", []),
        (QMAIL.replace("li.ming@example.com", OURS), []),
    ],
)
def test_our_own_address_the_server_and_the_letter_below_are_not_who_failed(words: str, recipients: list[str]) -> None:
    assert [each.recipient for each in in_words(words).bounces] == recipients


def test_a_server_that_says_nothing_of_a_failure_is_ignored() -> None:
    received = in_words("Your password expires. Write to li.ming@example.com.\n")
    assert (received.verdict, received.reason) == (Verdict.IGNORE, Reason.AUTOMATIC)


def test_words_in_html_count_by_what_is_seen() -> None:
    html = (
        '<style>a@b.example</style><script>"c@d.example"</script><div title="e@f.example">退信</div>'
        "<p>li.ming&#64;example.com<br>550 no</p>"
    )
    received = in_words(html, kind="text/html; charset=utf-8")
    assert [each.recipient for each in received.bounces] == ["li.ming@example.com"]
    assert received.bounces[0].reason == "550 no"


def test_an_answer_counts_more_than_words_of_its_server() -> None:
    body = multipart("mixed", part(QMAIL.encode(), "text/plain"), part(reply(LI_MING)))
    assert understood(SERVER.encode() + body).verdict is Verdict.APPLY


def test_an_invitation_that_came_back_beside_the_words_is_a_bounce() -> None:
    body = multipart("mixed", part(QMAIL.encode(), "text/plain"), part(reply(LI_MING, method="REQUEST")))
    assert understood(SERVER.encode() + body).verdict is Verdict.BOUNCE


def test_the_letter_below_the_words_names_itself() -> None:
    words = f"{QMAIL}\n--- Below this line is a copy of the message.\n\nMessage-ID: {OUR_ID}\n"
    assert in_words(words).bounces[0].message_id == OUR_ID
