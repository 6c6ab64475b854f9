"""The way in from a mailbox (RFC 9051, RFC 3501): what is new since a UID, then waiting for more.

Waits by IDLE (RFC 2177) where the server offers it and looks again from time to time either way, so that a lost
notification delays a message and no more. Nothing is moved or deleted; a message is flagged as seen once it was taken.
Messages are fetched one by one, in the order of their UIDs, never more than a letter may be long.
"""

from __future__ import annotations

import imaplib
import logging
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event
from typing import Protocol

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from eventsys.mail.smtp import Security

log = logging.getLogger("eventsys.mail.imap")

PAUSES = (1.0, 2.0, 5.0, 15.0, 60.0, 300.0)
LOOK_SECONDS = 1.0
IDLE_SECONDS = 240.0
SHORTEST_IDLE = 2.0


class MailboxError(Exception):
    """The mailbox cannot be read just now; the message says why."""


@dataclass(frozen=True, slots=True)
class ImapSettings:
    """Where the mailbox is. `timeout` and `poll` are in seconds; `ca_file` trusts an own authority.

    `longest` is how many octets of a message are fetched at most.
    """

    host: str
    port: int = 993
    user: str = ""
    password: str = field(default="", repr=False)
    security: Security = Security.TLS
    folder: str = "INBOX"
    timeout: float = 30.0
    poll: float = 60.0
    longest: int = 2 * 1024 * 1024 + 1
    ca_file: str = ""


@dataclass(frozen=True, slots=True)
class Arrived:
    """One message in the mailbox: its octets (cut at `longest`) and when the server got it, aware."""

    uidvalidity: int
    uid: int
    data: bytes
    at: datetime


class Reader(Protocol):
    """Who takes the messages in and remembers how far the mailbox was read."""

    def position(self, uidvalidity: int) -> int:
        """The last UID taken in under this UIDVALIDITY; 0 where the numbers begin anew."""
        ...

    def take(self, arrived: Arrived) -> None:
        """Take a message in and remember its UID, both or none. Raises what it likes: the message comes again."""
        ...

    def answered(self) -> None:
        """The mailbox answers, and everything in it is taken in."""
        ...

    def failed(self, reason: str) -> None:
        """The mailbox cannot be read, or a message could not be taken in; it is tried again."""
        ...


class Folder:
    """An open folder of a mailbox."""

    def __init__(self, box: BaseMailBox, settings: ImapSettings) -> None:
        self._box = box
        self._settings = settings
        self.uidvalidity = _uidvalidity(box)
        self.idles = "IDLE" in _capabilities(box)
        self._patience = SHORTEST_IDLE

    def after(self, uid: int) -> Iterator[Arrived]:
        """The messages with a higher UID, the lowest first; one that vanished meanwhile is left out."""
        self._has_news()
        found = (int(number) for number in self._box.uids(f"UID {uid + 1}:*", charset=None))
        for number in sorted(number for number in found if number > uid):
            self._patience = SHORTEST_IDLE
            arrived = self._fetched(number)
            if arrived is not None:
                yield arrived

    def mark_seen(self, uid: int) -> None:
        """Flag the message for people who look into the mailbox; nothing depends on it."""
        self._box.client.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")

    def wait(self, stopping: Event) -> None:
        """Return when something may have changed, after the time to look again, or when stopping.

        What the server told while it answered something else, it does not tell again.
        """
        if self._has_news():
            return
        if self.idles:
            self._idle(stopping)
        else:
            stopping.wait(self._settings.poll)

    def _idle(self, stopping: Event) -> None:
        """One IDLE, looked at every second so that stopping is quick. Raises when the connection has ended.

        Short at first and ever longer while nothing comes: a server may overlook what is delivered while it is busy.
        """
        end = time.monotonic() + self._patience
        self._patience = min(2 * self._patience, IDLE_SECONDS)
        self._box.idle.start()  # type: ignore[no-untyped-call]
        while not stopping.is_set() and time.monotonic() < end:
            began = time.monotonic()
            heard = self._box.idle.poll(timeout=LOOK_SECONDS)
            # A poll that ends early with nothing is the end of the connection, which only ending the IDLE tells.
            if heard or time.monotonic() - began < LOOK_SECONDS / 2:
                break
        self._box.idle.stop()  # type: ignore[no-untyped-call]

    def _has_news(self) -> bool:
        """Whether the server has told of another number of messages since this was asked last."""
        return bool(self._box.client.response("EXISTS")[1][0])

    def _fetched(self, uid: int) -> Arrived | None:
        parts = f"(UID INTERNALDATE BODY.PEEK[]<0.{self._settings.longest}>)"
        status, answer = self._box.client.uid("FETCH", str(uid), parts)
        if status != "OK":
            raise MailboxError(f"FETCH {uid}: {status} {answer!r}"[:300])
        for piece in answer:
            if isinstance(piece, tuple):
                return Arrived(self.uidvalidity, uid, piece[1], _internal_date(piece[0]))
        return None


def follow(settings: ImapSettings, reader: Reader, stopping: Event) -> None:
    """Read what is new, wait for more, until stopping. A fault ends the connection; the next comes after a pause.

    The pauses grow with each fault in a row. A message that could not be taken in is fetched again.
    """
    faults = 0
    while not stopping.is_set():
        try:
            with opened(settings) as folder:
                while not stopping.is_set():
                    _take_new(folder, reader, stopping)
                    reader.answered()
                    faults = 0
                    folder.wait(stopping)
        except Exception as error:
            pause = PAUSES[min(faults, len(PAUSES) - 1)]
            faults += 1
            log.warning("the mailbox at %s: %s; again in %d s", settings.host, _reason(error), pause)
            with suppress(Exception):
                reader.failed(_reason(error))
            stopping.wait(pause)


def _take_new(folder: Folder, reader: Reader, stopping: Event) -> None:
    for arrived in folder.after(reader.position(folder.uidvalidity)):
        reader.take(arrived)
        folder.mark_seen(arrived.uid)
        if stopping.is_set():
            return


@contextmanager
def opened(settings: ImapSettings) -> Iterator[Folder]:
    """The folder, signed in, until the end of the block. Raises `MailboxError`, OSError or the libraries' errors."""
    box = _connected(settings)
    try:
        box.login(settings.user, settings.password, initial_folder=None)
        box.folder.set(settings.folder)
        yield Folder(box, settings)
    finally:
        with suppress(OSError, imaplib.IMAP4.error, ImapToolsError):
            box.logout()
        with suppress(OSError):
            box.client.shutdown()


def _connected(settings: ImapSettings) -> BaseMailBox:
    where = (settings.host, settings.port)
    context = ssl.create_default_context(cafile=settings.ca_file or None)
    match settings.security:
        case Security.TLS:
            return MailBox(*where, timeout=settings.timeout, ssl_context=context)
        case Security.STARTTLS:
            return MailBoxStartTls(*where, timeout=settings.timeout, ssl_context=context)
        case Security.NONE:
            return MailBoxUnencrypted(*where, timeout=settings.timeout)


def _uidvalidity(box: BaseMailBox) -> int:
    """What the server said when the folder was opened: UIDs mean nothing without it (RFC 9051 2.3.1.1)."""
    _status, said = box.client.response("UIDVALIDITY")
    value = said[0] if said else None
    if not value:
        raise MailboxError("the server tells no UIDVALIDITY")
    return int(value)


def _capabilities(box: BaseMailBox) -> set[str]:
    """Asked anew: many servers tell IDLE only after the sign-in."""
    _status, said = box.client.capability()
    return set(b" ".join(part for part in said if part).decode("ascii", "replace").upper().split())


def _internal_date(described: bytes) -> datetime:
    """INTERNALDATE of a FETCH answer; the present for a server that tells none."""
    local = imaplib.Internaldate2tuple(described)
    return datetime.fromtimestamp(time.mktime(local), UTC) if local else datetime.now(UTC).replace(microsecond=0)


def _reason(error: Exception) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
