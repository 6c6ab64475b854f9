"""A letter's facts as octets, in the MIME shape that makes mail clients show buttons for an invitation (RFC 6047).

Without a calendar object: multipart/alternative of text and HTML. With one: multipart/mixed of that alternative, which
then ends with text/calendar, and a second copy as attachment for clients that show only files. The octets are ASCII
with CRLF.

What a person typed reaches a header only as literal text. Python before 3.11.15 lets an encoded word in a subject
become a header of its own when the modern policy writes it; hence the classic one, words that we encode ourselves, and
a last look at the header block as a receiver will read it.
"""

import base64
import re
from dataclasses import dataclass
from datetime import datetime
from email.generator import BytesGenerator
from email.header import Header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32
from email.utils import format_datetime
from hashlib import sha256
from io import BytesIO

from eventsys.mail.address import Address

HEADERS = frozenset(
    {
        "From",
        "To",
        "Reply-To",
        "Subject",
        "Date",
        "Message-ID",
        "References",
        "Auto-Submitted",
        "X-Auto-Response-Suppress",
        "Content-Language",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
        "MIME-Version",
        "Content-Type",
    }
)

_LONGEST_PLAIN = 60
_LONGEST_LINE = 900
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_UNSEEN = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_BLANK = re.compile("[ \t\r\n\x0b\x0c\x85\u2028\u2029]+")
_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_PRINTABLE = re.compile("[ -~]*")
_WORDS = re.compile(r"[A-Za-z0-9 !#$%&'*+/^_`{|}~-]*")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+>")
_TOKEN = re.compile(r"[A-Za-z0-9-]+")
_LINK = re.compile(r"https?://[!-;=?-~]+")


class _AsWritten(Compat32):
    """Headers leave as we made them, ASCII and already folded; folding them again would cost half the time."""

    def fold_binary(self, name: str, value: str) -> bytes:
        return f"{name}: {value}\n".replace("\n", "\r\n").encode("ascii")


_POLICY = _AsWritten(linesep="\r\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """The facts of one letter to one person. `message_id` stands in angle brackets; `date` is aware.

    `method` must be the METHOD of `calendar`. `unsubscribe_url` offers leaving with one click (RFC 8058): never on an
    invitation. `language` is a BCP 47 tag. Raises ValueError for what cannot stand in a header.
    """

    sender: Address
    to: Address
    subject: str
    text: str
    html: str
    message_id: str
    date: datetime
    reply_to: Address | None = None
    calendar: bytes | None = None
    method: str | None = None
    references: tuple[str, ...] = ()
    auto_submitted: str = "auto-generated"
    suppress_answers: bool = True
    unsubscribe_url: str = ""
    language: str = ""

    def __post_init__(self) -> None:
        for message_id in (self.message_id, *self.references):
            _require(_MESSAGE_ID, message_id)
        for token in filter(None, (self.auto_submitted, self.language, self.method)):
            _require(_TOKEN, token)
        if self.unsubscribe_url:
            _require(_LINK, self.unsubscribe_url)
        if self.date.utcoffset() is None:
            raise ValueError(f"a time without a zone: {self.date}")
        if (self.calendar is None) != (self.method is None):
            raise ValueError("a calendar object and its method come together")
        if self.calendar and f"\r\nMETHOD:{self.method}\r\n".encode() not in self.calendar:
            raise ValueError(f"the calendar object's method is not {self.method}")


def build(mail: Mail) -> bytes:
    """The letter as it goes out; the same facts give the same octets. Raises ValueError for a smuggled header."""
    seal = sha256("\0".join((mail.message_id, mail.text, mail.html)).encode("utf-8", "replace")).hexdigest()[:24]
    alternative = _alternative(mail, seal)
    letter = alternative if mail.calendar is None else _mixed(alternative, mail.calendar, seal)
    headers = _headers(mail) | {"MIME-Version": "1.0", "Content-Type": letter["Content-Type"]}
    del letter["Content-Type"]
    for name, value in headers.items():
        letter[name] = value
    octets = _octets(letter)
    _check_headers(octets, list(headers))
    return octets


def _headers(mail: Mail) -> dict[str, str]:
    """Every header but those of MIME, as ASCII, in their order; empty ones are left out."""
    leave = mail.unsubscribe_url
    headers = {
        "From": _mailbox("From", mail.sender),
        "To": _mailbox("To", mail.to),
        "Reply-To": _mailbox("Reply-To", mail.reply_to) if mail.reply_to else "",
        "Subject": _words("Subject", mail.subject) or " ",
        "Date": format_datetime(mail.date),
        "Message-ID": mail.message_id,
        "References": "\n ".join(mail.references),
        "Auto-Submitted": mail.auto_submitted,
        "X-Auto-Response-Suppress": "OOF, AutoReply" if mail.suppress_answers else "",
        "Content-Language": mail.language,
        "List-Unsubscribe": f"<{leave}>" if leave else "",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" if leave else "",
    }
    return {name: value for name, value in headers.items() if value}


def _alternative(mail: Mail, seal: str) -> Message:
    """The same letter in every reading, the plainest first, the calendar object last (RFC 2046 §5.1.4)."""
    parts = [_text("plain", mail.text), _text("html", mail.html)]
    if mail.calendar is not None:
        parts.append(_base64(_part(f"text/calendar; charset=utf-8; method={mail.method}"), mail.calendar))
    return _multipart("alternative", seal, parts)


def _mixed(alternative: Message, calendar: bytes, seal: str) -> Message:
    attachment = _part('application/ics; name="invite.ics"')
    attachment["Content-Disposition"] = 'attachment; filename="invite.ics"'
    return _multipart("mixed", seal, [alternative, _base64(attachment, calendar)])


def _multipart(subtype: str, seal: str, parts: list[Message]) -> Message:
    whole = _part(f'multipart/{subtype}; boundary="=_{subtype}_{seal}"')
    for part in parts:
        whole.attach(part)
    return whole


def _part(content_type: str) -> Message:
    part = Message(policy=_POLICY)
    part["Content-Type"] = content_type
    return part


def _text(subtype: str, text: str) -> Message:
    """Readable as it is when it is ASCII with short lines, else base64: no server on the way then changes an octet."""
    clean = _CONTROL.sub("", _BREAK.sub("\r\n", text))
    part = _part(f"text/{subtype}; charset=utf-8")
    if not clean.isascii() or max(map(len, clean.split("\r\n"))) > _LONGEST_LINE:
        return _base64(part, clean.encode())
    part["Content-Transfer-Encoding"] = "7bit"
    part.set_payload(clean)
    return part


def _base64(part: Message, octets: bytes) -> Message:
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(base64.encodebytes(octets).decode("ascii"))
    return part


def _mailbox(header: str, address: Address) -> str:
    name = _line(address.name)
    if not name:
        return address.email
    phrase = f'"{name}"' if _WORDS.fullmatch(name) and len(name) <= _LONGEST_PLAIN else _encoded(header, name)
    gap = " " if len(phrase.rpartition("\n")[2]) + len(address.email) <= _LONGEST_PLAIN else "\n "
    return f"{phrase}{gap}<{address.email}>"


def _words(header: str, text: str) -> str:
    clean = _line(text)
    plain = _PRINTABLE.fullmatch(clean) and "=?" not in clean and len(clean) <= _LONGEST_PLAIN
    return clean if plain else _encoded(header, clean)


def _encoded(header: str, text: str) -> str:
    """Always as encoded words, so that a typed encoded word is nothing but text (RFC 2047)."""
    return Header(text, "utf-8", header_name=header).encode()


def _line(text: str) -> str:
    return _UNSEEN.sub("", _CONTROL.sub("", _BLANK.sub(" ", text))).strip()


def _octets(letter: Message) -> bytes:
    out = BytesIO()
    BytesGenerator(out, mangle_from_=False, policy=_POLICY).flatten(letter)
    return out.getvalue()


def _check_headers(octets: bytes, written: list[str]) -> None:
    """Read the header block as a receiver does: it must hold exactly the headers written, all of them allowed."""
    block = octets.partition(b"\r\n\r\n")[0]
    read = BytesHeaderParser().parsebytes(block).keys()
    if read != written or len(set(read)) != len(read) or not HEADERS.issuperset(read) or not octets.isascii():
        raise ValueError(f"the letter would carry other headers than its own: {read}")


def _require(pattern: re.Pattern[str], text: str) -> None:
    if not pattern.fullmatch(text):
        raise ValueError(f"cannot stand in a header: {text!r}")
