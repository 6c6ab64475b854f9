"""Between a worker and its relay: passes everything on, knows where a letter is on its way, and strikes there."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from time import sleep

BLOCKED_SECONDS = 0.3
CHUNK = 65536
END = b"\r\n.\r\n"


class Moment(StrEnum):
    """The named points of a letter's life at which a worker dies."""

    BEFORE_CLAIM = "before the claim"
    AFTER_CLAIM = "after the claim"
    AFTER_CONNECT = "after the connection"
    AFTER_MAIL = "after MAIL"
    AFTER_RCPT = "after RCPT"
    DURING_DATA = "during DATA"
    AFTER_DATA = "after DATA, before the answer"
    AFTER_ANSWER = "after the answer"
    BEFORE_MARK = "after the answer, before the mark"
    AFTER_MARK = "after the mark"


ONCE = {Moment.BEFORE_CLAIM, Moment.AFTER_CLAIM, Moment.AFTER_CONNECT}


class Between:
    """A door to the relay at `upstream`; its own port stays while the relay dies and comes back.

    `arm(moment, after, kill)` strikes once, at that moment of the letter that follows `after` others (at once where the
    moment comes once for all of them).
    """

    def __init__(self, upstream: Callable[[], int], take_lock: Callable[[], None], release: Callable[[], None]) -> None:
        self._upstream = upstream
        self._take_lock, self._release = take_lock, release
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._guard = threading.Lock()
        self._open = 0
        self._armed: Moment | None = None
        self._after = 0
        self._kill: Callable[[], None] = lambda: None
        self.port = int(self._listener.getsockname()[1])
        self.struck = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def arm(self, moment: Moment, after: int, kill: Callable[[], None]) -> None:
        """Strike at this moment, once."""
        with self._guard:
            self.struck.clear()
            self._armed, self._after, self._kill = moment, 0 if moment in ONCE else after, kill

    def disarm(self) -> None:
        """Let everything pass."""
        with self._guard:
            self._armed = None

    def settle(self) -> None:
        """Wait until the relay has done with every connection whose other side is gone."""
        while self._open:
            sleep(0.01)

    def close(self) -> None:
        self._listener.close()

    def at(self, moment: Moment) -> bool:
        """A letter is at this moment; whether that was the one to strike at."""
        with self._guard:
            if self._armed is not moment or self._after > 0:
                return False
            self._armed = None
        if moment is Moment.BEFORE_MARK:
            return True
        self._strike()
        return True

    def passed(self) -> None:
        """A letter was answered for."""
        with self._guard:
            self._after -= 1

    def strike_while_locked(self, answer: Callable[[], None]) -> None:
        """Give the answer while nobody can write, so that the worker stands before its mark, and strike there."""
        self._take_lock()
        try:
            answer()
            sleep(BLOCKED_SECONDS)
            self._strike()
        finally:
            self._release()

    def _strike(self) -> None:
        self._kill()
        self.struck.set()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.at(Moment.AFTER_CLAIM)
            with self._guard:
                self._open += 1
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            with client, socket.create_connection(("127.0.0.1", self._upstream()), timeout=30) as relay:
                for each in (client, relay):
                    each.settimeout(None)
                    each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                _Letters(self, client, relay).run()
        except OSError:
            pass
        finally:
            with self._guard:
                self._open -= 1


class _Letters:
    """One connection: commands one way, answers the other."""

    def __init__(self, door: Between, client: socket.socket, relay: socket.socket) -> None:
        self._door, self._client, self._relay = door, client, relay
        self._message_sent = threading.Event()
        self._in_data = threading.Event()

    def run(self) -> None:
        """Until the relay hangs up."""
        up = threading.Thread(target=self._commands, daemon=True)
        up.start()
        with suppress(OSError):
            while octets := self._relay.recv(CHUNK):
                self._answer(octets)
        for each in (self._client, self._relay):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        up.join()

    def _answer(self, octets: bytes) -> None:
        """Pass an answer on. The one to the message comes alone: no command is sent before it."""

        def pass_on() -> None:
            with suppress(OSError):
                self._client.sendall(octets)

        if b"354" in octets[:3] or b"\r\n354" in octets:
            self._in_data.set()
        if not self._message_sent.is_set():
            return pass_on()
        self._message_sent.clear()
        if self._door.at(Moment.BEFORE_MARK):
            self._door.strike_while_locked(pass_on)
        else:
            pass_on()
            self._door.at(Moment.AFTER_ANSWER)
        self._door.passed()
        return None

    def _commands(self) -> None:
        rest = b""
        with suppress(OSError):
            while octets := self._client.recv(CHUNK):
                rest = self._message(rest + octets) if self._in_data.is_set() else self._lines(rest + octets)
        with suppress(OSError):
            self._relay.shutdown(socket.SHUT_WR)

    def _lines(self, octets: bytes) -> bytes:
        """Pass whole commands on, one by one; returns what is no whole line yet."""
        *lines, rest = octets.split(b"\r\n")
        for line in lines:
            word = line[:4].upper()
            if word == b"MAIL" and self._door.at(Moment.AFTER_MARK):
                continue
            if word == b"EHLO":
                self._door.at(Moment.AFTER_CONNECT)
            self._relay.sendall(line + b"\r\n")
            if word == b"MAIL":
                self._door.at(Moment.AFTER_MAIL)
            elif word == b"RCPT":
                self._door.at(Moment.AFTER_RCPT)
        return rest

    def _message(self, octets: bytes) -> bytes:
        """Pass the message on as it comes; returns its last octets, which may be the beginning of its end."""
        if octets.endswith(END):
            if self._door.at(Moment.DURING_DATA):
                self._relay.sendall(octets[: len(octets) // 2])
                raise ConnectionError
            self._in_data.clear()
            self._message_sent.set()
            self._door.at(Moment.AFTER_DATA)
            self._relay.sendall(octets)
            return b""
        self._relay.sendall(octets[: -len(END)])
        return octets[-len(END) :]


@contextmanager
def between(
    upstream: Callable[[], int], take_lock: Callable[[], None], release: Callable[[], None]
) -> Iterator[Between]:
    """A door for the length of the block."""
    door = Between(upstream, take_lock, release)
    try:
        yield door
    finally:
        door.close()
