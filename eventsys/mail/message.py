"""A letter's facts as octets, in the MIME shape that makes mail clients show buttons for an invitation (RFC 6047).

Without a calendar object: multipart/alternative of text and HTML. With one: multipart/mixed of that alternative, which
then ends with text/calendar, and a second copy as attachment for clients that show only files, unless it names no event
to keep. The octets are ASCII with CRLF.

What a person typed reaches a header only as literal text: as plain words, or as words that `email.header` encodes. No
policy of the email package writes the block, because before Python 3.11.15 one makes a header of an encoded word in a
subject; it is written as it is, and then looked at once more as a receiver will read it.
"""

import re
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

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

_NOTHING_TO_KEEP = frozenset({"DECLINECOUNTER"})
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
_BLOCK = re.compile(r"(?:[A-Za-z-]+: [ -~]*\r\n(?: [ -~]*[!-~][ -~]*\r\n)*)*")
_NAMES = re.compile(r"^([A-Za-z-]+):", re.MULTILINE)


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
    is_kept = mail.calendar is not None and mail.method not in _NOTHING_TO_KEEP
    body = _mixed(mail, seal) if is_kept else _alternative(mail, seal)
    headers = _headers(mail) | {"MIME-Version": "1.0", **body.headers}
    block = "".join([f"{name}: {value}\n" for name, value in headers.items()]).replace("\n", "\r\n")
    _check_headers(block, list(headers))
    return f"{block}\r\n{body.content}".encode("ascii")


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


class _Part(NamedTuple):
    """A part with its own headers, its content encoded already."""

    headers: dict[str, str]
    content: str

    def __str__(self) -> str:
        return "".join([f"{name}: {value}\r\n" for name, value in self.headers.items()]) + f"\r\n{self.content}"


def _alternative(mail: Mail, seal: str) -> _Part:
    """The same letter in every reading, the plainest first, the calendar object last (RFC 2046 §5.1.4)."""
    parts = [_text("plain", mail.text), _text("html", mail.html)]
    if mail.calendar is not None:
        parts.append(_base64({"Content-Type": f"text/calendar; charset=utf-8; method={mail.method}"}, mail.calendar))
    return _multipart("alternative", seal, parts)


def _mixed(mail: Mail, seal: str) -> _Part:
    file = {
        "Content-Type": 'application/ics; name="invite.ics"',
        "Content-Disposition": 'attachment; filename="invite.ics"',
    }
    return _multipart("mixed", seal, [_alternative(mail, seal), _base64(file, mail.calendar or b"")])


def _multipart(subtype: str, seal: str, parts: list[_Part]) -> _Part:
    """The parts between boundaries that occur in none of them: base64 has no "=_", and nobody guesses the seal."""
    boundary = f"=_{subtype}_{seal}"
    content = "".join([f"--{boundary}\r\n{part}\r\n" for part in parts])
    return _Part({"Content-Type": f'multipart/{subtype}; boundary="{boundary}"'}, f"{content}--{boundary}--\r\n")


def _text(subtype: str, text: str) -> _Part:
    """Readable as it is when it is ASCII with short lines, else base64: no server on the way then changes an octet."""
    clean = _CONTROL.sub("", _BREAK.sub("\r\n", text))
    headers = {"Content-Type": f"text/{subtype}; charset=utf-8"}
    if not clean.isascii() or max(map(len, clean.split("\r\n"))) > _LONGEST_LINE:
        return _base64(headers, clean.encode())
    return _Part(headers | {"Content-Transfer-Encoding": "7bit"}, clean)


def _base64(headers: dict[str, str], octets: bytes) -> _Part:
    return _Part(headers | {"Content-Transfer-Encoding": "base64"}, _base64_lines(octets))


@lru_cache(maxsize=4)
def _base64_lines(octets: bytes) -> str:
    """Lines of 76 characters (RFC 2045 6.8); a calendar object stands in its letter twice."""
    text = b64encode(octets).decode("ascii")
    return "".join([f"{text[at : at + 76]}\r\n" for at in range(0, len(text), 76)])


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


@lru_cache(maxsize=256)
def _encoded(header: str, text: str) -> str:
    """Always as encoded words, so that a typed encoded word is nothing but text (RFC 2047)."""
    return Header(text, "utf-8", header_name=header).encode()


def _line(text: str) -> str:
    return _UNSEEN.sub("", _CONTROL.sub("", _BLANK.sub(" ", text))).strip()


def _check_headers(block: str, written: list[str]) -> None:
    """Read the header block as strictly as any receiver: it must hold exactly the headers written, all of them allowed.

    A line of it is a name and printable ASCII, or the continuation of one; nothing else ends a line than CRLF.
    """
    read = _NAMES.findall(block) if _BLOCK.fullmatch(block) else []
    if read != written or len(set(read)) != len(read) or not HEADERS.issuperset(read):
        raise ValueError(f"the letter would carry other headers than its own: {read}")


def _require(pattern: re.Pattern[str], text: str) -> None:
    if not pattern.fullmatch(text):
        raise ValueError(f"cannot stand in a header: {text!r}")
