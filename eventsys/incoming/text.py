"""What strangers wrote, made fit to be kept and shown: no character that deceives a reader or breaks a file."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from email.parser import BytesHeaderParser
from email.policy import compat32

from eventsys.core.text import CONTROLS, DIRECTIONS, HALVES, INVISIBLE

LONGEST_MESSAGE = 2 * 1024 * 1024
IDENTIFYING = ("Message-ID", "From", "Date", "Subject")

_BREAKS = re.compile("\r\n?|[\u2028\u2029\u0085]")
_BLANKS = re.compile(r"\s+")
_MANY_LINES = re.compile(r"\n{3,}")
_HEAD_END = re.compile(rb"\n[ \t]*\n")
_MBOX = re.compile(rb"\AFrom [^\n]*\n")


def tidy_line(text: str | None, limit: int) -> str:
    """One line without what deceives, cut at `limit`."""
    return _cut(_BLANKS.sub(" ", _harmless(text or "")).strip(), limit)


def tidy_block(text: str | None, limit: int) -> str:
    """Some lines without what deceives, cut at `limit`."""
    return _cut(_MANY_LINES.sub("\n\n", _harmless(text or "")).strip(), limit)


def key_of(data: bytes) -> str:
    """What makes a message this message, whichever door it came by: its identifying headers and what it holds.

    Line ends, headers that servers add on the way and an mbox line do not count. Of a message that is too long only the
    headers do: it is cut somewhere.
    """
    head, body = _parted(_MBOX.sub(b"", data.replace(b"\r\n", b"\n")))
    found = hashlib.sha256("\0".join(_identity(head)).encode("utf-8", "backslashreplace"))
    if len(data) <= LONGEST_MESSAGE:
        found.update(b"\0" + body.strip())
    return found.hexdigest()


def _identity(head: bytes) -> list[str]:
    """The headers that make the message what it is; all of them where the library stumbles over one."""
    try:
        headers = BytesHeaderParser(policy=compat32).parsebytes(head)
        return [" ".join(str(value).split()) for name in IDENTIFYING for value in headers.get_all(name, [""])]
    except Exception:  # a mailbox must not stop at one message
        return [head.decode("latin-1")]


def _parted(plain: bytes) -> tuple[bytes, bytes]:
    """Headers and body; what has no headers is all body."""
    end = _HEAD_END.search(plain)
    return (plain[: end.start() + 1], plain[end.end() :]) if end else (b"", plain)


def _harmless(text: str) -> str:
    for pattern in (HALVES, DIRECTIONS, INVISIBLE):
        text = pattern.sub("", text)
    return unicodedata.normalize("NFC", CONTROLS.sub(" ", _BREAKS.sub("\n", text)).replace("\t", " "))


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
