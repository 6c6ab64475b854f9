"""The product and the limit application under gunicorn: two workers of four threads, as `eventsys run` starts it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.data import ROOT, Database

WORKERS = 2
PRODUCT, LIMIT = "eventsys.wsgi:app", "tests.bench.limit:create_app()"
TICKS = os.sysconf("SC_CLK_TCK")
START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; `first_page` is how many seconds passed from its start to the first good answer."""

    port: int
    process: subprocess.Popen[bytes]
    first_page: float

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def workers(self) -> list[int]:
        """The process ids of its workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(each) for each in children.split()]

    def cpu_seconds(self) -> float:
        """The processor time that the workers have used."""
        return sum(_cpu_seconds(each) for each in self.workers())

    def memory_mb(self) -> list[tuple[float, float]]:
        """Resident and proportional memory of each worker."""
        return [memory_mb(each) for each in self.workers()]


@contextmanager
def serving(application: str, database: Database, first: str = "/") -> Iterator[Server]:
    """Gunicorn with this application on the database, until the block ends."""
    port = free_port()
    environment = {**os.environ, **database.environment(port), "PYTHONPATH": str(ROOT)}
    options = [
        "--preload",
        "--workers",
        str(WORKERS),
        "--worker-class",
        "gthread",
        "--threads",
        "4",
        "--log-level",
        "warning",
    ]
    command = [sys.executable, "-m", "gunicorn", *options, "--bind", f"127.0.0.1:{port}", application]
    started = time.monotonic()
    process = subprocess.Popen(command, env=environment, cwd=ROOT, start_new_session=True)
    try:
        wait_for(f"http://127.0.0.1:{port}{first}", process)
        yield Server(port, process, time.monotonic() - started)
    finally:
        process.terminate()
        process.wait(30)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Ask until it answers 200. Raises RuntimeError when the process ends or a minute passes."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    raise RuntimeError(f"{url} does not answer")


def memory_mb(pid: int) -> tuple[float, float]:
    """Resident and proportional memory of a process in megabytes."""
    lines = dict(
        line.split(":", 1) for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines() if "kB" in line
    )
    return tuple(int(lines[name].split()[0]) / 1024 for name in ("Rss", "Pss"))  # type: ignore[return-value]


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
