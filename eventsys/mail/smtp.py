"""The way out through a mail server (RFC 5321), many letters on one connection.

What can be known is kept apart from what cannot: until the message itself is on its way, a lost connection means that
nobody has it; from then until the answer, nobody can tell.
"""

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from types import TracebackType
from typing import Self

from eventsys.mail.address import exact_address
from eventsys.mail.transport import Accepted, Deferred, Outcome, Refused, Unsure

_LINE_END = re.compile(rb"\r\n?|\n")
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)
_CLOSING = 421
_OUR_LOGIN = frozenset({530, 534, 535, 538})
_LONGEST_REASON = 500


class Security(StrEnum):
    """How the connection is protected: not at all, by STARTTLS and nothing less, or by TLS from the first octet."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """Where the mail server is. `timeout` is in seconds; `ca_file` trusts an own authority; `hello` is our name."""

    host: str
    port: int = 25
    user: str = ""
    password: str = field(default="", repr=False)
    security: Security = Security.NONE
    timeout: float = 30.0
    ca_file: str = ""
    hello: str = ""


class _Lost(Exception):
    """The connection ended before the message was on its way."""


class SmtpTransport:
    """A `Transport` that connects with the first letter and reuses the connection until it is closed."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
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
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()

    def send(self, sender: str, recipient: str, data: bytes) -> Outcome:
        """Hand over one letter. 5xx is Refused, 4xx and no connection Deferred, no answer to the message Unsure.

        A kept connection that the server has closed meanwhile is opened anew, once. An answer about our own login is
        Deferred: it says nothing about the recipient.
        """
        commands = (f"MAIL FROM:<{exact_address(sender)}>", f"RCPT TO:<{exact_address(recipient)}>", "DATA")
        if self._server:
            with suppress(_Lost):
                return self._hand_over(self._server, commands, data)
        try:
            self._server = self._connected()
            return self._hand_over(self._server, commands, data)
        except (_Lost, OSError, smtplib.SMTPException) as error:
            return Deferred(_reason(error), away=True)

    def _connected(self) -> smtplib.SMTP:
        settings = self._settings
        server = _opened(settings)
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

    def _hand_over(self, server: smtplib.SMTP, commands: tuple[str, ...], data: bytes) -> Outcome:
        """One letter on an open connection. Raises _Lost if it ended before the message was on its way."""
        for command in commands:
            code, answer = self._ask(server, command)
            if code // 100 != (3 if command == "DATA" else 2):
                self._forget_letter(server)
                return _rejected(code, answer)
        try:
            server.send(_stuffed(data))
            code, answer = server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._hang_up()
            return Unsure(_reason(error))
        return self._judged(code, answer)

    def _ask(self, server: smtplib.SMTP, command: str) -> tuple[int, bytes]:
        try:
            code, answer = server.docmd(command)
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

    def _forget_letter(self, server: smtplib.SMTP) -> None:
        with suppress(_Lost):
            self._ask(server, "RSET")

    def _hang_up(self) -> None:
        server, self._server = self._server, None
        if server:
            server.close()


def _opened(settings: SmtpSettings) -> smtplib.SMTP:
    """A greeted connection. Raises OSError or SMTPException."""
    host, port, hello = settings.host, settings.port, settings.hello or None
    if settings.security is Security.TLS:
        return smtplib.SMTP_SSL(host, port, hello, timeout=settings.timeout, context=_context(settings))
    return smtplib.SMTP(host, port, hello, timeout=settings.timeout)


def _context(settings: SmtpSettings) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=settings.ca_file or None)


def _stuffed(data: bytes) -> bytes:
    """The message with CRLF and nothing else as line end, dots doubled (RFC 5321 §4.5.2), and its closing dot."""
    lines = _LEADING_DOT.sub(b"..", _LINE_END.sub(b"\r\n", data))
    return lines.removesuffix(b"\r\n") + b"\r\n.\r\n"


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
