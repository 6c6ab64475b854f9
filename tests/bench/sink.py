"""A mail server that takes everything, as a process of its own: `python -m tests.bench.sink PORT TIMES [LETTERS]`.

For each letter it writes the moment into TIMES (eight octets), and into LETTERS, where that is given, the letter.
"""

from __future__ import annotations

import json
import os
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from socket import create_connection, create_server

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

ROOT = Path(__file__).resolve().parents[2]
MOMENT = struct.Struct("d")
START_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it arrived."""

    sender: str
    recipient: str
    data: bytes


class Sink:
    """Keeps moments, and letters where a file is given for them."""

    def __init__(self, times: Path, letters: Path | None) -> None:
        self._times = os.open(times, os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
        self._letters = letters.open("wb") if letters else None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        os.write(self._times, MOMENT.pack(time.monotonic()))
        if self._letters:
            data = bytes(envelope.content or b"")
            head = json.dumps([envelope.mail_from, envelope.rcpt_tos[0], len(data)])
            self._letters.write(head.encode() + b"\n" + data)
            self._letters.flush()
        return "250 2.0.0 queued"


@contextmanager
def sinking(folder: Path, *, keep: bool = False) -> Iterator[int]:
    """The sink's port, for the length of the block; what it writes lies in the folder."""
    with create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    letters = [str(folder / "letters")] if keep else []
    command = [sys.executable, "-m", "tests.bench.sink", str(port), str(folder / "times"), *letters]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        end = time.monotonic() + START_SECONDS
        while not _greets(port):
            if time.monotonic() > end or process.poll() is not None:
                raise RuntimeError("the sink does not start")
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def moments(folder: Path) -> list[float]:
    """When each letter arrived."""
    return [moment for (moment,) in MOMENT.iter_unpack((folder / "times").read_bytes())]


def kept(folder: Path) -> list[Letter]:
    """The letters, in their order."""
    found = []
    with (folder / "letters").open("rb") as file:
        while head := file.readline():
            sender, recipient, size = json.loads(head)
            found.append(Letter(sender, recipient, file.read(size)))
    return found


def _greets(port: int) -> bool:
    with suppress(OSError), create_connection(("127.0.0.1", port), timeout=5) as connection:
        return connection.recv(3) == b"220"
    return False


if __name__ == "__main__":
    given = [Path(each) for each in sys.argv[2:]]
    controller = Controller(Sink(given[0], given[1] if len(given) > 1 else None), "127.0.0.1", int(sys.argv[1]))
    controller.start()
    signal.sigwait({signal.SIGTERM})
    controller.stop()
