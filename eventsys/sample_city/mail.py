"""What came back by mail to the coming meeting: an answer, a proposal, somebody who was not invited, a returned letter.

The messages are made as other programs write them, and taken in by the real verb.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime

from flask import current_app
from sqlalchemy import select

from eventsys.core.clock import now, played_at
from eventsys.core.outbox import Letter, LetterState
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.incoming.models import Door
from eventsys.incoming.operations.take import take_in
from eventsys.incoming.reading import office_of
from eventsys.invitations.models import Attendee
from eventsys.meetings.models import Meeting
from eventsys.sample_city.model import attendees

ANSWERS = ("新民市", "分管外事副市长")
PROPOSES = ("法库县", "分管外事副县长")
WRITES = ("康平县", "外办主任")
RETURNED = ("辽中区", "外办主任")


def play_incoming_mail(meeting: Meeting, morning: datetime) -> None:
    """Everything that came in since the invitations went out."""
    people = attendees(meeting)
    with played_at(morning):
        _take(_answer(meeting, _row(people[ANSWERS])))
    with played_at(morning + timedelta(minutes=42)):
        _take(_proposal(meeting, _row(people[PROPOSES])))
    with played_at(morning + timedelta(hours=2)):
        _take(_guest(meeting))
        _take(_words(_row(people[WRITES])))
    with played_at(morning + timedelta(hours=3)):
        _take(_returned(_row(people[RETURNED])))


def _take(data: bytes) -> None:
    take_in(data, Door.PIPE, office_of(current_app.extensions["eventsys.settings"]))


def _row(attendee_id: int) -> Attendee:
    return db.session.get_one(Attendee, attendee_id)


def _answer(meeting: Meeting, who: Attendee) -> bytes:
    line = f'ATTENDEE;PARTSTAT=TENTATIVE;CN="{who.title_zh}":mailto:{who.email}'
    text = _calendar("REPLY", meeting, line, "COMMENT:当日上午另有会议，下午可到。")
    return _mail(who.email, _seat(who), f"暂定：{meeting.title_zh}", text, "REPLY")


def _proposal(meeting: Meeting, who: Attendee) -> bytes:
    later = meeting.starts_at + timedelta(hours=5)
    lines = (
        f'ATTENDEE;PARTSTAT=TENTATIVE;CN="{who.title_zh}":mailto:{who.email}',
        f"DTSTART:{_stamp(later)}",
        f"DTEND:{_stamp(later + (meeting.ends_at - meeting.starts_at))}",
        f"SUMMARY:{meeting.title_zh}",
        "COMMENT:上午往返路途较远，建议改在下午召开。",
    )
    return _mail(
        who.email, _seat(who), f"建议新时间：{meeting.title_zh}", _calendar("COUNTER", meeting, *lines), "COUNTER"
    )


def _guest(meeting: Meeting) -> bytes:
    """A forwarded notice was answered by somebody whom nobody asked."""
    address = "planning@shenbei.example.org"
    line = f'ATTENDEE;PARTSTAT=ACCEPTED;CN="沈北新区外办科长":mailto:{address}'
    return _mail(address, _office(), f"接受：{meeting.title_zh}", _calendar("REPLY", meeting, line), "REPLY")


def _words(who: Attendee) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = who.email, _seat(who), "关于会议发言"
    message["Message-ID"], message["Date"] = f"<words.{who.id}@example.org>", format_datetime(now())
    message.set_content("您好：\n\n请问我县汇报材料是否需要提前报送电子版？请告知，谢谢。\n")
    return message.as_bytes()


def _returned(who: Attendee) -> bytes:
    """The letter left, and a mail server further on sent it back."""
    with write():
        letter = db.session.scalars(select(Letter).where(Letter.attendee_id == who.id).order_by(Letter.id)).first()
        assert letter is not None
        letter.state, letter.attempts = LetterState.SENT, 1
        letter.sent_at = letter.tried_at = letter.queued_at
        letter.message_id = f"<sample.{letter.id}@{current_app.extensions['eventsys.settings'].host}>"
        name = letter.message_id
    return f"""From: MAILER-DAEMON@mx.liaozhong.example.org
To: {_seat(who)}
Subject: Undelivered Mail Returned to Sender
Message-ID: <returned.{who.id}@mx.liaozhong.example.org>
Date: {format_datetime(now())}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

Your message could not be delivered: the mailbox is full.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.liaozhong.example.org

Final-Recipient: rfc822; {who.email}
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp; 552 5.2.2 Mailbox full

--b
Content-Type: text/rfc822-headers

Message-ID: {name}

--b--
""".encode()


def _mail(sender: str, to: str, subject: str, calendar: str, method: str) -> bytes:
    message = MIMEMultipart("alternative")
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Message-ID"], message["Date"] = f"<{method.lower()}.{sender}>", format_datetime(now())
    message.attach(MIMEText(subject, "plain", "utf-8"))
    part = MIMEText(calendar, "calendar", "utf-8")
    part.set_param("method", method)
    message.attach(part)
    return message.as_bytes()


def _calendar(method: str, meeting: Meeting, *lines: str) -> str:
    body = (
        "BEGIN:VCALENDAR",
        "PRODID:-//Sample//Calendar//ZH",
        "VERSION:2.0",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        f"UID:{meeting.uid}",
        f"DTSTAMP:{_stamp(now())}",
        f"SEQUENCE:{meeting.sequence}",
        f"ORGANIZER:mailto:{_office()}",
        *lines,
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    )
    return "\r\n".join(body)


def _stamp(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%SZ}"


def _office() -> str:
    return str(current_app.extensions["eventsys.settings"].mail.sender)


def _seat(who: Attendee) -> str:
    local, _at, host = _office().rpartition("@")
    return f"{local}+{who.link_id}@{host}"
