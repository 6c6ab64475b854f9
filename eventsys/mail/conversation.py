"""A conversation with a mail server that ends in time, whatever the server does.

smtplib bounds each wait for an octet; a server that sends one octet a minute would hold it for hours. Here every wait,
the look-up of the name and the connection included, lasts no longer than what is left of the letter's time.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import time
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Protocol

CHUNK = 4096
SLACK = 1.0


class Socket(Protocol):
    """What a plain and a protected socket have in common."""

    def settimeout(self, seconds: float, /) -> None: ...

    def gettimeout(self) -> float | None: ...

    def recv(self, size: int, /) -> bytes: ...


class Limits:
    """How long one wait may last, and until when the letter at hand has to be through."""

    def __init__(self, wait: float) -> None:
        self._wait = wait
        self._end = 0.0

    def begin(self, seconds: float) -> None:
        """Give the next letter its time."""
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """How long the next wait may last. Raises TimeoutError when there is no time left."""
        left = min(self._wait, self._end - time.monotonic())
        if left <= 0:
            raise TimeoutError("timed out")
        return left

    def bind(self, connection: Socket) -> None:
        """Let the next wait on the connection last no longer; what is right within a second costs nothing."""
        left, bound = self.left(), connection.gettimeout()
        if bound is None or not left - SLACK <= bound <= left:
            connection.settimeout(left)


class Conversation(smtplib.SMTP):
    """smtplib's, with limits. Connects when it is made; raises OSError or SMTPException."""

    def __init__(self, host: str, port: int, hello: str, limits: Limits, tls: ssl.SSLContext | None = None) -> None:
        self._limits = limits
        self._tls = tls
        super().__init__(host, port, hello or None)

    def send(self, s: Any) -> None:
        """Send octets or ASCII text, within the limits."""
        if self.sock:
            self._limits.bind(self.sock)
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        """The server's next answer, within the limits."""
        if self.file is None and self.sock:
            self.file = Lines(self.sock, self._limits)
        return super().getreply()

    def _get_socket(self, host: str, port: int, timeout: Any) -> socket.socket:
        """Called by smtplib to connect: to each address of the host in turn, while there is time."""
        error: OSError = OSError(f"{host} has no address")
        for family, address in _addresses(host, port, self._limits.left()):
            plain = socket.socket(family, socket.SOCK_STREAM)
            try:
                plain.settimeout(self._limits.left())
                plain.connect(address)
                plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                plain.settimeout(self._limits.left())
                return self._tls.wrap_socket(plain, server_hostname=host) if self._tls else plain
            except OSError as refused:
                plain.close()
                error = refused
        raise error


class Lines:
    """The lines that a socket brings; smtplib reads them as from a file."""

    def __init__(self, connection: Socket, limits: Limits) -> None:
        self._connection = connection
        self._limits = limits
        self._buffer = b""

    def readline(self, limit: int) -> bytes:
        """The next line with its end; shorter at the end of the connection, or when it grows beyond the limit."""
        while b"\n" not in self._buffer and len(self._buffer) < limit:
            self._limits.bind(self._connection)
            octets = self._connection.recv(CHUNK)
            if not octets:
                break
            self._buffer += octets
        end = min(self._buffer.find(b"\n") + 1 or len(self._buffer), limit)
        line, self._buffer = self._buffer[:end], self._buffer[end:]
        return line

    def close(self) -> None:
        """Forget what nobody asked for."""
        self._buffer = b""


def _addresses(host: str, port: int, seconds: float) -> list[tuple[int, Any]]:
    """Family and address of a host. The system's look-up knows no limit: after it we go on without its answer."""
    answers: SimpleQueue[list[tuple[int, Any]] | OSError] = SimpleQueue()

    def look_up() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([(family, address) for family, _kind, _protocol, _name, address in found])
        except OSError as error:
            answers.put(error)

    Thread(target=look_up, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except Empty:
        raise TimeoutError(f"looking up {host} timed out") from None
    if isinstance(answer, OSError):
        raise answer
    return answer
