"""A mail server as a process of its own, which may be killed: `python -m tests.delivery.sink PORT FILE`.

Every letter that it takes stands in the file, one JSON line each, before it answers. A third argument gives it moods,
which it takes from the recipient's address: of a hundred thirty are put off, five refused, three cut off.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from hashlib import sha256
from pathlib import Path
from socket import create_connection, create_server
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
HANGS, DROPS, REFUSES, PUTS_OFF, TAKES = range(-1, 0), range(3), range(5, 10), range(10, 40), 99


@dataclass(frozen=True, slots=True)
class Taken:
    """A letter as the sink took it; `held` is how long the other side waited for an answer that never came."""

    message_id: str
    recipient: str
    octets: str
    held: float | None = None


class Sink:
    """The server of one process."""

    def __init__(self, file: Path, *, moody: bool) -> None:
        self._file = file
        self._moody = moody
        self._seen: Counter[str] = Counter()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        mood = mood_of(address) if self._moody else TAKES
        self._seen[address] += 1
        if mood in REFUSES:
            return "550 5.1.1 no such user"
        if mood in PUTS_OFF and self._seen[address] <= 1 + mood % 2:
            return "450 4.2.0 greylisted"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        address, data = envelope.rcpt_tos[0], bytes(envelope.content or b"")
        mood = mood_of(address) if self._moody and self._seen[address] == 1 else TAKES
        self._keep(data, address)
        if mood in HANGS:
            await self._hang(data, address)
        if mood in HANGS or mood in DROPS:
            assert server.transport is not None
            server.transport.abort()
        return "250 2.0.0 queued"

    async def _hang(self, data: bytes, address: str) -> None:
        """Until the other side hangs up, which ends this task."""
        began = time.monotonic()
        try:
            await asyncio.Event().wait()
        finally:
            self._keep(data, address, held=round(time.monotonic() - began, 1))

    def _keep(self, data: bytes, address: str, **more: Any) -> None:
        name = str(BytesHeaderParser().parsebytes(data)["Message-ID"])
        line = {"message_id": name, "recipient": address, "octets": sha256(data).hexdigest(), **more}
        with self._file.open("a") as file:
            file.write(json.dumps(line) + "\n")


def mood_of(address: str) -> int:
    """A number below 100 that an address always has; -1 for one that lets its senders hang."""
    return -1 if address.startswith("hang") else int(sha256(address.encode()).hexdigest(), 16) % 100


class SinkProcess:
    """The sink as a process; its port and what it took outlive it."""

    def __init__(self, file: Path, *, moody: bool = False) -> None:
        self._file, self._moody = file, moody
        self._process: subprocess.Popen[bytes] | None = None
        with create_server(("127.0.0.1", 0)) as listener:
            self.port = int(listener.getsockname()[1])

    def start(self) -> None:
        """Start, and wait until it greets."""
        command = [sys.executable, "-m", "tests.delivery.sink", str(self.port), str(self._file)]
        self._process = subprocess.Popen([*command, *(["moody"] if self._moody else [])], cwd=ROOT)
        end = time.monotonic() + PATIENCE
        while not self._greets():
            if time.monotonic() > end or self._process.poll() is not None:
                raise TimeoutError("the sink does not start")
            time.sleep(0.02)

    def kill(self) -> None:
        """`kill -9`."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def taken(self) -> list[Taken]:
        """Everything it took, in its order."""
        lines = self._file.read_text().splitlines() if self._file.exists() else []
        return [Taken(**json.loads(line)) for line in lines]

    def _greets(self) -> bool:
        with suppress(OSError), create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            return connection.recv(3) == b"220"
        return False


@contextmanager
def sinking(file: Path, *, moody: bool = False) -> Iterator[SinkProcess]:
    """A sink for the length of the block."""
    sink = SinkProcess(file, moody=moody)
    sink.start()
    try:
        yield sink
    finally:
        sink.kill()


async def serve(port: int, file: Path, *, moody: bool) -> None:
    loop = asyncio.get_running_loop()
    handler = Sink(file, moody=moody)
    server = await loop.create_server(lambda: SMTP(handler, hostname="sink", loop=loop), "127.0.0.1", port)
    loop.add_signal_handler(signal.SIGTERM, loop.stop)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    if os.getppid() == 1:
        sys.exit("nobody wants this sink")
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2]), moody="moody" in sys.argv[3:]))
