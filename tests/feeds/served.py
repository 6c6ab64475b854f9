"""The product as a server of its own on a database of its own, as calendar programmes reach it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from flask import Flask

from eventsys import create_app
from eventsys.config import from_environment
from eventsys.extensions import db
from eventsys.feeds.address import url_of
from eventsys.feeds.texts import forget_texts
from eventsys.schema import migrate
from tests.conftest import SECRET
from tests.postgresql import own_database

START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Served:
    """A running product, and the application on the same database for this process."""

    url: str
    app: Flask

    def address(self, link_id: str) -> str:
        """The address of a calendar on this server."""
        settings = self.app.extensions["eventsys.settings"]
        return url_of(link_id).replace(settings.public_url, self.url, 1)


@contextmanager
def serving(folder: Path, kind: str, worker: str) -> Iterator[Served]:
    """The product inside the block, with empty tables; `app` is inside an application context."""
    folder.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    environment = {
        "EVENTSYS_MODE": "test",
        "EVENTSYS_DATA": str(folder),
        "EVENTSYS_SECRET_KEYS": SECRET,
        "EVENTSYS_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "EVENTSYS_CALENDAR_FETCHES": "0",
        "DATABASE_URL": own_database(f"{worker}_feeds") if kind == "postgresql" else f"sqlite:///{folder}/feeds.db",
    }
    app = create_app(from_environment(environment))
    migrate(app)
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--bind",
        f"127.0.0.1:{port}",
        "--threads",
        "2",
        "--log-level",
        "warning",
    ]
    process = subprocess.Popen([*command, "eventsys.wsgi:app"], env={**os.environ, **environment})
    try:
        _wait(f"http://127.0.0.1:{port}/healthz", process)
        forget_texts()
        with app.app_context():
            yield Served(f"http://127.0.0.1:{port}", app)
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()
    finally:
        process.terminate()
        process.wait(30)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, "the product ended"
        try:
            with urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(f"{url} does not answer")
