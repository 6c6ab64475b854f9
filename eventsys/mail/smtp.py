"""The way out through a mail server (RFC 5321), many letters on one connection.

What can be known is kept apart from what cannot: until the message itself is on its way, a lost connection means that
nobody has it; from then until the answer, nobody can tell. Where the server takes commands in groups (RFC 2920), a
letter costs two round trips. No letter takes longer than its deadline, whatever the server does.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from types import TracebackType
from typing import Self

from eventsys.mail.address import exact_address
from eventsys.mail.conversation import Conversation, Limits
from eventsys.mail.transport import Accepted, Deferred, Outcome, Refused, Unsure, nothing

_CLOSING = 421
_GO_AHEAD = 354
_OUR_LOGIN = frozenset({530, 534, 535, 538})
_LONGEST_REASON = 500
_FAREWELL_SECONDS = 5.0

Answer = tuple[int, bytes]


class Security(StrEnum):
    """How the connection is protected: not at all, by STARTTLS and nothing less, or by TLS from the first octet."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """Where the mail server is. `timeout` bounds one wait, `deadline` a whole letter with its connection, in seconds.

    `ca_file` trusts an own authority; `hello` is our name.
    """

    host: str
    port: int = 25
    user: str = ""
    password: str = field(default="", repr=False)
    security: Security = Security.NONE
    timeout: float = 30.0
    deadline: float = 60.0
    ca_file: str = ""
    hello: str = ""


class _Lost(Exception):
    """The connection ended before the message was on its way."""


class SmtpTransport:
    """A `Transport` that connects with the first letter and reuses the connection until it is closed."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._limits = Limits(settings.timeout)
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Say goodbye and hang up; sending again would connect anew."""
        server, self._server = self._server, None
        if server:
            self._limits.begin(_FAREWELL_SECONDS)
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()

    def send(self, sender: str, recipient: str, data: bytes, meanwhile: Callable[[], None] = nothing) -> Outcome:
        """Hand over one letter. 5xx is Refused, 4xx and no connection Deferred, no answer to the message Unsure.

        A kept connection that the server has closed meanwhile is opened anew, once. An answer about our own login is
        Deferred: it says nothing about the recipient.
        """
        commands = (f"MAIL FROM:<{exact_address(sender)}>", f"RCPT TO:<{exact_address(recipient)}>", "DATA")
        self._limits.begin(self._settings.deadline)
        if self._server:
            with suppress(_Lost):
                return self._hand_over(self._server, commands, data, meanwhile)
        try:
            self._server = self._connected()
            return self._hand_over(self._server, commands, data, meanwhile)
        except (_Lost, OSError, smtplib.SMTPException) as error:
            return Deferred(_reason(error), away=True)

    def _connected(self) -> smtplib.SMTP:
        settings, server = self._settings, self._opened()
        try:
            server.ehlo_or_helo_if_needed()
            if settings.security is Security.STARTTLS:
                server.starttls(context=_context(settings))
                server.ehlo_or_helo_if_needed()
            if settings.user:
                server.login(settings.user, settings.password)
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
        return server

    def _opened(self) -> smtplib.SMTP:
        """A greeted connection. Raises OSError or SMTPException."""
        settings = self._settings
        tls = _context(settings) if settings.security is Security.TLS else None
        return Conversation(settings.host, settings.port, settings.hello, self._limits, tls)

    def _hand_over(
        self, server: smtplib.SMTP, commands: tuple[str, ...], data: bytes, meanwhile: Callable[[], None]
    ) -> Outcome:
        """One letter on an open connection. Raises _Lost if it ended before the message was on its way."""
        answers = self._grouped(server, commands) if server.has_extn("pipelining") else self._asked(server, commands)
        refusal = next((answer for answer in answers[:-1] if answer[0] // 100 != 2), None)
        if refusal or answers[-1][0] != _GO_AHEAD:
            self._forget_letter(server, wants_message=answers[-1][0] == _GO_AHEAD)
            return _rejected(*(refusal or answers[-1]))
        try:
            server.send(_stuffed(data))
            meanwhile()
            code, answer = server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._hang_up()
            return Unsure(_reason(error))
        return self._judged(code, answer)

    def _asked(self, server: smtplib.SMTP, commands: tuple[str, ...]) -> list[Answer]:
        """The answers to one command after the other, up to the first that is not what it should be."""
        answers: list[Answer] = []
        for command in commands:
            self._say(server, command)
            answers.append(self._heard(server))
            if answers[-1][0] // 100 != (3 if command == "DATA" else 2):
                break
        return answers

    def _grouped(self, server: smtplib.SMTP, commands: tuple[str, ...]) -> list[Answer]:
        """The answers to all commands, said in one breath."""
        self._say(server, "\r\n".join(commands))
        return [self._heard(server) for _command in commands]

    def _say(self, server: smtplib.SMTP, command: str) -> None:
        try:
            server.send(f"{command}\r\n")
        except (OSError, smtplib.SMTPException) as error:
            self._hang_up()
            raise _Lost(_reason(error)) from error

    def _heard(self, server: smtplib.SMTP) -> Answer:
        try:
            code, answer = server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._hang_up()
            raise _Lost(_reason(error)) from error
        if code == _CLOSING or code < 0:
            self._hang_up()
            raise _Lost(_words(code, answer))
        return code, answer

    def _judged(self, code: int, answer: bytes) -> Outcome:
        """The answer to the message itself."""
        kind = code // 100
        if code == _CLOSING or kind not in {2, 4, 5}:
            self._hang_up()
        if kind == 2:
            return Accepted(_words(code, answer))
        return _rejected(code, answer) if kind in {4, 5} else Unsure(_words(code, answer))

    def _forget_letter(self, server: smtplib.SMTP, *, wants_message: bool) -> None:
        """Be ready for the next letter; a server that wants a message for nobody gets an empty one (RFC 2920 3.1)."""
        with suppress(_Lost):
            for command in (".", "RSET") if wants_message else ("RSET",):
                self._say(server, command)
                self._heard(server)

    def _hang_up(self) -> None:
        server, self._server = self._server, None
        if server:
            server.close()


def _context(settings: SmtpSettings) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=settings.ca_file or None)


def _stuffed(data: bytes) -> bytes:
    """The message with CRLF and nothing else as line end, dots doubled (RFC 5321 §4.5.2), and its closing dot."""
    if not data.count(b"\r\n") == data.count(b"\n") == data.count(b"\r"):
        data = b"\r\n".join(data.splitlines()) + b"\r\n"
    if data.startswith(b"."):
        data = b"." + data
    return data.replace(b"\n.", b"\n..").removesuffix(b"\r\n") + b"\r\n.\r\n"


def _rejected(code: int, answer: bytes) -> Deferred | Refused:
    words = _words(code, answer)
    if code in _OUR_LOGIN:
        return Deferred(words, away=True)
    return Refused(words) if code // 100 == 5 else Deferred(words)


def _words(code: int, answer: bytes) -> str:
    return " ".join(f"{code} {answer.decode('utf-8', 'replace')}".split())[:_LONGEST_REASON]


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        answer = error.smtp_error
        return _words(error.smtp_code, answer if isinstance(answer, bytes) else answer.encode())
    return " ".join(str(error).split())[:_LONGEST_REASON] or type(error).__name__
