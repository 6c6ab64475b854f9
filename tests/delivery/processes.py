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


def environment(settings: Settings, queue_url: str, **more: str) -> dict[str, str]:
    """What a process needs to run on the tests' database."""
    return {
        **os.environ,
        "EVENTSYS_MODE": settings.mode.value,
        "EVENTSYS_DATA": str(settings.data),
        "EVENTSYS_SECRET_KEYS": ",".join(settings.secret_keys),
        "EVENTSYS_PUBLIC_URL": settings.public_url,
        "DATABASE_URL": settings.database_url,
        "EVENTSYS_QUEUE_URL": queue_url,
        **more,
    }


@contextmanager
def worker(
    settings: Settings, queue_url: str, relay_port: int | None = None, name: str = "worker", **more: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process that is killed at the end of the block, unless it ended before."""
    if relay_port:
        more |= {"EVENTSYS_SMTP_HOST": "127.0.0.1", "EVENTSYS_SMTP_PORT": str(relay_port)}
    known = environment(settings, queue_url, **more)
    command = [sys.executable, "-m", "tests.delivery.worker_process", name]
    with subprocess.Popen(command, env=known, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def stop(process: subprocess.Popen[bytes], number: signal.Signals = signal.SIGTERM) -> int:
    """Ask the process to stop; returns its exit code."""
    process.send_signal(number)
    return process.wait(PATIENCE)


def until(happened: Callable[[], bool], pause: float = 0.02) -> None:
    """Wait until it happened. Raises `TimeoutError` after some minutes."""
    end = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > end:
            raise TimeoutError(happened)
        time.sleep(pause)
