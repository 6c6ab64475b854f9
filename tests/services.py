"""The servers that tests use beside SQLite: the ones that answer, else private ones where their programs are installed.

Nothing of the machine's own servers is changed: each test process makes databases of its own, and a private server
lives in a folder that is removed with it.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import redis

POSTGRESQL = "EVENTSYS_TEST_POSTGRESQL"
REDIS = "EVENTSYS_TEST_REDIS"
CHROMIUM = "EVENTSYS_TEST_CHROMIUM"
START_SECONDS = 30.0

Answers = Callable[[], bool]
Start = Callable[[Path], tuple[subprocess.Popen[bytes], str] | None]


def postgresql_url() -> str:
    """The server whose databases the tests use."""
    return os.environ.get(POSTGRESQL, "postgresql://postgres@127.0.0.1:5432/postgres")


def redis_url() -> str:
    """The Redis database whose queues the tests use."""
    return os.environ.get(REDIS, "redis://127.0.0.1:6379/15")


def postgresql_answers() -> bool:
    try:
        psycopg.connect(postgresql_url(), connect_timeout=2).close()
    except psycopg.Error:
        return False
    return True


def redis_answers() -> bool:
    try:
        redis.Redis.from_url(redis_url(), socket_connect_timeout=2).ping()
    except redis.RedisError:
        return False
    return True


def chromium() -> str | None:
    """The browser's program, None where there is none."""
    return os.environ.get(CHROMIUM) or shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def servers() -> Iterator[None]:
    """PostgreSQL and Redis inside the block, where they can be had."""
    with _private(POSTGRESQL, postgresql_answers, _postgresql), _private(REDIS, redis_answers, _redis):
        yield


@contextmanager
def _private(variable: str, answers: Answers, start: Start) -> Iterator[None]:
    if variable in os.environ or answers():
        yield
        return
    with tempfile.TemporaryDirectory(prefix="eventsys-test-") as folder:
        found = start(Path(folder))
        if found is None:
            yield
            return
        process, os.environ[variable] = found
        try:
            _wait(answers)
            yield
        finally:
            process.terminate()
            process.wait(START_SECONDS)
            del os.environ[variable]


def _postgresql(folder: Path) -> tuple[subprocess.Popen[bytes], str] | None:
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    initdb = programs[-1] if programs else shutil.which("initdb")
    if not initdb:
        return None
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        folder.chmod(0o711)
    data = folder / "postgresql"
    data.mkdir()
    if user:
        os.chown(data, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    quiet = {"stdout": subprocess.DEVNULL, "user": user, "cwd": "/"}
    subprocess.run([initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"], check=True, **quiet)  # type: ignore[call-overload]
    port = _free_port()
    options = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}
    command = [Path(initdb).with_name("postgres"), "-D", data, "-p", str(port), "-k", data, "-h", "127.0.0.1"]
    command += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, **quiet)  # type: ignore[call-overload]
    return process, f"postgresql://postgres@127.0.0.1:{port}/postgres"


def _redis(folder: Path) -> tuple[subprocess.Popen[bytes], str] | None:
    program = shutil.which("redis-server")
    if not program:
        return None
    port = _free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL), f"redis://127.0.0.1:{port}/15"


def _version(path: Path) -> int:
    name = path.parts[-3].partition(".")[0]
    return int(name) if name.isdigit() else 0


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait(answers: Answers) -> None:
    end = time.monotonic() + START_SECONDS
    while not answers():
        if time.monotonic() > end:
            raise TimeoutError("a server of the tests' own does not start")
        time.sleep(0.1)
