"""Mail servers on real sockets: one that behaves as it is told, and one that says its lines and hangs up."""

import socket
import ssl
import threading
import time
from asyncio import Server as AsyncServer
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Desk:
    """Takes letters, except those to a local part that is an answer code, such as `550@example.org`."""

    letters: list[tuple[str, str, bytes]] = field(default_factory=list)
    sessions: set[int] = field(default_factory=set)
    message_answer: str = "250 2.0.0 queued as 4711"

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if (code := address.partition("@")[0]).isdigit():
            return f"{code} not from this sender"
        envelope.mail_from = address
        return "250 ok"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if (code := address.partition("@")[0]).isdigit():
            return f"{code} not for this recipient"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.sessions.add(id(session))
        if self.message_answer.startswith("2"):
            self.letters.append((str(envelope.mail_from), envelope.rcpt_tos[0], bytes(envelope.content or b"")))
        return self.message_answer


class AnyPort(Controller):
    """A server on whatever port is free."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, AsyncServer)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def serving(desk: Desk, tls: ssl.SSLContext | None = None, password: str = "") -> Iterator[int]:
    """Run a server for the desk and give its port; with `tls` it wants STARTTLS, with `password` a login."""

    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        return AuthResult(success=isinstance(data, LoginPassword) and data.password == password.encode(), handled=False)

    controller = AnyPort(
        desk,
        hostname="127.0.0.1",
        port=0,
        tls_context=tls,
        require_starttls=tls is not None,
        authenticator=check if password else None,
        auth_required=bool(password),
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextmanager
def saying(*conversations: Sequence[str], tls: ssl.SSLContext | None = None) -> Iterator[tuple[int, list[str]]]:
    """A server that greets, answers each line of one connection after the other as written, then hangs up.

    Gives its port and the list of commands it hears. The answer after 354 waits for the whole message.
    """
    heard: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_converse, args=(listener, conversations, heard, tls))
        thread.start()
        yield listener.getsockname()[1], heard
        thread.join(10)


@contextmanager
def dripping(octets: bytes) -> Iterator[int]:
    """A server that says one octet after the other, slowly, until the other side has had enough."""

    def drip(connection: socket.socket) -> None:
        for octet in octets:
            connection.sendall(bytes([octet]))
            time.sleep(0.02)

    with _for_one(drip) as port:
        yield port


@contextmanager
def swallowing() -> Iterator[int]:
    """A server that goes ahead with a message and then takes an octet of it now and then."""

    def swallow(connection: socket.socket) -> None:
        connection.sendall(b"220 here\r\n250-here\r\n250 PIPELINING\r\n250 ok\r\n250 ok\r\n354 go\r\n")
        while connection.recv(1):
            time.sleep(0.02)

    with _for_one(swallow) as port:
        yield port


@contextmanager
def _for_one(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that lives for one connection, or for this block."""
    connections: list[socket.socket] = []

    def run() -> None:
        connections.append(listener.accept()[0])
        with suppress(OSError):
            serve(connections[0])

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=run)
        thread.start()
        yield listener.getsockname()[1]
        for connection in connections:
            connection.close()
        thread.join(10)


def _converse(
    listener: socket.socket, conversations: Sequence[Sequence[str]], heard: list[str], tls: ssl.SSLContext | None
) -> None:
    for answers in conversations:
        connection, _ = listener.accept()
        if tls:
            connection = tls.wrap_socket(connection, server_side=True)
        with connection, connection.makefile("rwb") as stream:
            for position, answer in enumerate(answers):
                if position:
                    _hear(stream.readline, answers[position - 1], heard)
                if answer:
                    stream.write(answer.encode() + b"\r\n")
                    stream.flush()


def _hear(readline: object, last_answer: str, heard: list[str]) -> None:
    assert callable(readline)
    line = readline()
    heard.append(line.decode().strip())
    while last_answer.startswith("354") and line not in {b".\r\n", b""}:
        line = readline()
