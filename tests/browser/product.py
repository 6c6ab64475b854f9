"""The product as a newcomer starts it: `eventsys run` on an empty data folder, with its worker and its sample city."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

START_SECONDS = 240.0
STOP_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Product:
    """Where it answers, and the folder that holds its data."""

    url: str
    data: Path


@contextmanager
def running(data: Path) -> Iterator[Product]:
    """The product inside the block; stopped by SIGINT, as Ctrl-C does. Raises AssertionError when it does not start."""
    port = _free_port()
    environment = {name: value for name, value in os.environ.items() if not _is_setting(name)}
    environment.update(EVENTSYS_DATA=str(data), EVENTSYS_MODE="development", PORT=str(port))
    said = data.with_suffix(".log")
    command = [str(Path(sys.executable).with_name("eventsys")), "run"]
    with said.open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
        try:
            product = Product(f"http://127.0.0.1:{port}", data)
            _wait(product, process, said)
            yield product
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(STOP_SECONDS)


def _is_setting(name: str) -> bool:
    return name.startswith("EVENTSYS_") or name in {"DATABASE_URL", "PORT"}


def _wait(product: Product, process: subprocess.Popen[bytes], said: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, f"eventsys run ended: {said.read_text()}"
        with suppress(URLError, OSError), urlopen(f"{product.url}/healthz", timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.2)
    raise AssertionError(f"eventsys run does not answer: {said.read_text()}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
