"""Messages as other people's programs write them, made in code."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from itertools import count
from typing import Any

from eventsys.core.clock import now
from eventsys.invitations.models import Attendee
from eventsys.meetings.models import Meeting

OURS = "meetings@localhost"
HOST = "mx.localhost"
_numbers = count(1)


def seat(attendee: Attendee) -> str:
    """The address that only this attendee was given."""
    return f"meetings+{attendee.link_id}@localhost"


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def line(address: str, partstat: str = "", **more: str) -> str:
    """An ATTENDEE line; `more` are further parameters, with underscores for hyphens."""
    parameters = {"PARTSTAT": partstat, **{name.upper().replace("_", "-"): value for name, value in more.items()}}
    written = "".join(f';{name}="{value}"' for name, value in parameters.items() if value)
    return f"ATTENDEE{written}:mailto:{address}"


def calendar(
    method: str,
    uid: str,
    *lines: str,
    at: datetime | None = None,
    sequence: int | None = 0,
    component: str = "VEVENT",
    organizer: str = OURS,
) -> str:
    """A calendar object; `at` is its DTSTAMP, None of `sequence` leaves SEQUENCE out."""
    body = [
        "BEGIN:VCALENDAR",
        "PRODID:-//Somebody//EN",
        "VERSION:2.0",
        f"METHOD:{method}",
        f"BEGIN:{component}",
        f"UID:{uid}",
        f"DTSTAMP:{stamp(at or now())}",
        *([f"SEQUENCE:{sequence}"] if sequence is not None else []),
        *([f"ORGANIZER:mailto:{organizer}"] if organizer else []),
        *lines,
        f"END:{component}",
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(body)


def mail(
    text: str,
    *,
    to: str = OURS,
    sender: str = "somebody@example.org",
    method: str = "",
    subject: str = "Accepted",
    message_id: str | None = None,
    vouched: str = "",
    **headers: str,
) -> bytes:
    """A message with a calendar part (`method`), or with words alone. `vouched` is a domain our server vouches for."""
    found: Any = EmailMessage()
    if method:
        found = MIMEMultipart("alternative")
        found.attach(MIMEText("Accepted", "plain", "utf-8"))
        part = MIMEText(text, "calendar", "utf-8")
        part.set_param("method", method)
        found.attach(part)
    else:
        found.set_content(text)
    if vouched:
        found["Authentication-Results"] = f"{HOST}; dkim=pass header.d={vouched}; dmarc=pass header.from={vouched}"
    found["From"], found["To"], found["Subject"] = sender, to, subject
    found["Message-ID"] = message_id or f"<{next(_numbers)}.{id(found)}@example.org>"
    found["Date"] = now().strftime("%a, %d %b %Y %H:%M:%S +0000")
    for name, value in headers.items():
        found[name.replace("_", "-")] = value
    return bytes(found.as_bytes())


def reply(
    meeting: Meeting,
    attendee: Attendee,
    partstat: str = "ACCEPTED",
    *,
    by_token: bool = True,
    comment: str = "",
    address: str = "",
    at: datetime | None = None,
    sequence: int | None = 0,
    **more: Any,
) -> bytes:
    """An attendee's REPLY, as Outlook or Gmail sends it; `address` answers instead of the one on file."""
    address = address or attendee.email
    lines = [line(address, partstat), *([f"COMMENT:{comment}"] if comment else [])]
    text = calendar("REPLY", meeting.uid, *lines, at=at, sequence=sequence)
    to = seat(attendee) if by_token else OURS
    return mail(text, **{"to": to, "sender": address, "method": "REPLY", **more})


def counter(
    meeting: Meeting, attendee: Attendee, starts_at: datetime, ends_at: datetime | None = None, **more: Any
) -> bytes:
    """An attendee's proposal of another time; with PARTSTAT=ACCEPTED, as Google writes it."""
    lines = [
        line(attendee.email, "ACCEPTED"),
        f"DTSTART:{stamp(starts_at)}",
        *([f"DTEND:{stamp(ends_at)}"] if ends_at else []),
        *([f"LOCATION:{more.pop('location')}"] if "location" in more else []),
        f"COMMENT:{more.pop('comment', 'Could we meet later?')}",
        "SUMMARY:Meeting",
    ]
    text = calendar("COUNTER", meeting.uid, *lines, at=more.pop("at", None), sequence=more.pop("sequence", 0))
    return mail(text, **{"to": seat(attendee), "sender": attendee.email, "method": "COUNTER", **more})


def refresh(meeting: Meeting, attendee: Attendee, **more: Any) -> bytes:
    """An attendee's calendar asks for the invitation once more."""
    text = calendar("REFRESH", meeting.uid, line(attendee.email))
    return mail(text, **{"to": seat(attendee), "sender": attendee.email, "method": "REFRESH", **more})


def bounce(message_id: str, recipient: str, *, to: str, action: str = "failed", status: str = "5.1.1") -> bytes:
    """What a mail server says about a letter that it could not deliver (RFC 3464)."""
    returned = f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {message_id}\nSubject: ours\n\n"
    return f"""From: MAILER-DAEMON@example.org
To: {to}
Subject: Undelivered Mail Returned to Sender
Message-ID: <{next(_numbers)}.dsn@example.org>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 No such user here

{returned if message_id else ""}--b--
""".encode()
