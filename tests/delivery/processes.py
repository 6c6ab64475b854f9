"""Workers as real processes on the tests' database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from eventsys.config import Settings

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 300.0


@contextmanager
def worker(settings: Settings, queue_url: str, relay_port: int | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process that is killed at the end of the block, unless it ended before."""
    environment = {
        **os.environ,
        "EVENTSYS_MODE": settings.mode.value,
        "EVENTSYS_DATA": str(settings.data),
        "EVENTSYS_SECRET_KEYS": ",".join(settings.secret_keys),
        "EVENTSYS_PUBLIC_URL": settings.public_url,
        "DATABASE_URL": settings.database_url,
        "EVENTSYS_QUEUE_URL": queue_url,
    }
    if relay_port:
        environment |= {"EVENTSYS_SMTP_HOST": "127.0.0.1", "EVENTSYS_SMTP_PORT": str(relay_port)}
    command = [sys.executable, "-m", "tests.delivery.worker_process"]
    with subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def stop(process: subprocess.Popen[bytes], number: signal.Signals = signal.SIGTERM) -> int:
    """Ask the process to stop; returns its exit code."""
    process.send_signal(number)
    return process.wait(PATIENCE)


def until(happened: Callable[[], bool]) -> None:
    """Wait until it happened. Raises `TimeoutError` after some minutes."""
    end = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > end:
            raise TimeoutError(happened)
        time.sleep(0.02)
