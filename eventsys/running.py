"""Web and worker together, for development and for trying it out: `eventsys run`."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Event
from urllib.error import URLError
from urllib.request import urlopen

from flask import Flask
from sqlalchemy import select

from eventsys import create_app
from eventsys.config import Settings, from_environment
from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.schema import migrate

HOST = "127.0.0.1"
START_SECONDS = 60.0
STOP_SECONDS = 40.0
WATCH_SECONDS = 0.2

Say = Callable[[str], None]


class CannotRun(Exception):
    """Why it cannot start or go on; the message says what to do."""


def run(port: int, say: Say) -> None:
    """Bring the database up to date, fill an empty one with the sample city, and serve until SIGINT or SIGTERM.

    Raises `CannotRun`, `SchemaError` or `ConfigurationError`.
    """
    require_free(port)
    stopping = _stopped_by_signals()
    settings = from_environment()
    app = create_app(settings)
    migrate(app)
    if is_empty(app):
        say("Making the sample city (once) …")
        fill(app)
    commands = {"web": _web(port), "worker": _worker()}
    with children(commands) as processes:
        _wait_until_served(port, processes, stopping)
        if not stopping.is_set():
            say(welcome(app, port, settings))
        _watch(processes, stopping)
    say("Stopped. Everything is kept for the next start.")


def require_free(port: int) -> None:
    """Raises `CannotRun` when something listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CannotRun(
                f"Port {port} cannot be used ({error.strerror}). "
                f"Stop what listens there, or choose another one: PORT={port + 1} make run"
            ) from error


def is_empty(app: Flask) -> bool:
    """Whether nobody has put anything into the database yet."""
    with app.app_context():
        return db.session.scalar(select(Organization.id).limit(1)) is None


def fill(app: Flask) -> None:
    """Make the sample city in an empty database. Raises `CannotRun` for another one."""
    from eventsys import sample_city

    if not is_empty(app):
        raise CannotRun("The database is not empty. The sample city needs one of its own: set EVENTSYS_DATA.")
    with app.app_context():
        sample_city.create()


def sign_ins(app: Flask) -> str:
    """How to sign in as each role of the sample city, one a line; empty where this database holds another one."""
    from eventsys import sample_city

    with app.app_context():
        found = sample_city.sample_sign_ins() if sample_city.exists() else []
    width = max((len(each.email) for each in found), default=0)
    return "\n".join(f"  {each.email:<{width}}  {each.password}  {each.role}" for each in found)


def welcome(app: Flask, port: int, settings: Settings) -> str:
    """Where it is and how to sign in."""
    here = f"http://{HOST}:{port}"
    lines = ["", f"eventsys is at {here}/ (Ctrl-C stops it); its data is in {settings.data}", ""]
    found = sign_ins(app)
    if found:
        lines += [f"Sign in at {here}/account/sign-in as", found, ""]
    if not settings.mail.host:
        lines += [f"Letters go to the local mailbox: {here}/workspace/mailbox/", ""]
    return "\n".join(lines)


@contextmanager
def children(commands: Mapping[str, Sequence[str]]) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """The processes, each in a session of its own so that only we stop them; gone at the end of the block."""
    processes: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in commands.items():
            processes[name] = subprocess.Popen(command, start_new_session=True)  # noqa: S603 - our own commands
        yield processes
    finally:
        _stop(list(processes.values()))


def _stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    end = time.monotonic() + STOP_SECONDS
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, end - time.monotonic()))
        if process.poll() is None:
            process.kill()
            process.wait()


def _watch(processes: Mapping[str, subprocess.Popen[bytes]], stopping: Event) -> None:
    while not stopping.wait(WATCH_SECONDS):
        for name, process in processes.items():
            if process.poll() is not None:
                raise CannotRun(f"The {name} ended by itself (exit code {process.returncode}).")


def _wait_until_served(port: int, processes: Mapping[str, subprocess.Popen[bytes]], stopping: Event) -> None:
    end = time.monotonic() + START_SECONDS
    while not stopping.wait(WATCH_SECONDS):
        if processes["web"].poll() is not None:
            raise CannotRun("The web server does not start; see above.")
        if time.monotonic() > end:
            raise CannotRun("The web server does not answer.")
        with contextlib.suppress(URLError, OSError), urlopen(f"http://{HOST}:{port}/healthz", timeout=5) as answer:
            if answer.status == 200:
                return


def _web(port: int) -> list[str]:
    options = {
        "workers": "2",
        "worker-class": "gthread",
        "threads": "4",
        "bind": f"{HOST}:{port}",
        "log-level": "warning",
    }
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    return [sys.executable, "-m", "gunicorn", "--preload", *arguments, "eventsys.wsgi:app"]


def _worker() -> list[str]:
    return [sys.executable, "-m", "eventsys", "worker"]


def _stopped_by_signals() -> Event:
    stopping = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    return stopping


def development() -> None:
    """Let this process and its children start without secrets, unless the environment says otherwise."""
    os.environ.setdefault("EVENTSYS_MODE", "development")
