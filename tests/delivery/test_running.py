"""`eventsys run`: everything comes up on an empty data folder, and goes down when it is asked to."""

from __future__ import annotations

import gzip
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest
from click.testing import CliRunner

from eventsys.cli import main
from tests.delivery.processes import PATIENCE, ROOT, stop, until
from tests.postgresql import own_database

Run = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture
def run(tmp_path: Path, port: int, database_kind: str, worker_id: str) -> Iterator[Run]:
    """`run("run")` starts a command on an own database in an own data folder; killed at the end of the test."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("EVENTSYS_")}
    environment |= {"EVENTSYS_DATA": str(tmp_path / "data"), "PORT": str(port)}
    if database_kind == "postgresql":
        environment["DATABASE_URL"] = own_database(f"run_{worker_id}")
    processes: list[subprocess.Popen[str]] = []

    def start(*arguments: str, **more: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "eventsys", *arguments],
            env=environment | more,
            cwd=ROOT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        if process.poll() is None:
            stop(process)  # type: ignore[arg-type]
        assert process.stdout is not None
        process.stdout.close()


def answers(port: int, path: str = "/healthz") -> bool:
    with suppress(URLError, OSError), urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
        return bool(answer.status == 200)
    return False


def fetch(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    request = Request(f"http://127.0.0.1:{port}{path}", headers={k.replace("_", "-"): v for k, v in headers.items()})
    try:
        with urlopen(request, timeout=60) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except HTTPError as error:
        return error.code, dict(error.headers), error.read()


def test_it_comes_up_says_how_to_sign_in_and_stops(run: Run, port: int, tmp_path: Path) -> None:
    first = run("run")
    until(lambda: answers(port) or first.poll() is not None)
    assert first.poll() is None
    refused = run("run")
    said, _nothing = refused.communicate(timeout=PATIENCE)
    assert (refused.returncode, f"Port {port} cannot be used" in said) == (1, True)
    assert stop(first) == 0  # type: ignore[arg-type]
    assert first.stdout is not None
    said = first.stdout.read()
    assert f"http://127.0.0.1:{port}/account/sign-in" in said
    for role in ("administrator", "organizer", "editor", "approver", "liaison"):
        assert f"{role}@example.org" in said
    assert not answers(port)

    second = run("run")
    until(lambda: answers(port) or second.poll() is not None)
    status, headers, body = fetch(port, "/?lang=zh", Accept_Encoding="gzip")
    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert "市" in gzip.decompress(body).decode()
    cookies = {"Cookie": "lang=zh"}
    tag = fetch(port, "/", Accept_Encoding="gzip", **cookies)[1]["ETag"]
    assert fetch(port, "/", Accept_Encoding="gzip", If_None_Match=tag, **cookies)[0] == 304
    assert fetch(port, "/static/css/eventsys.css?v=1")[0] == 200
    assert stop(second, signal.SIGINT) == 0  # type: ignore[arg-type]
    assert second.stdout is not None
    assert "Making the sample city" not in second.stdout.read()


@pytest.mark.parametrize("command", ["run", "worker", "migrate", "sample-data"])
def test_every_command_says_what_it_does(command: str) -> None:
    answer = CliRunner().invoke(main, [command, "--help"])
    assert (answer.exit_code, answer.output.startswith(f"Usage: main {command} [OPTIONS]")) == (0, True)


@pytest.mark.parametrize("port", ["0", "70000", "http"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    answer = CliRunner().invoke(main, ["run"], env={"PORT": port})
    assert (answer.exit_code, "Invalid value for '--port'" in answer.output) == (2, True)


def test_a_worker_without_a_database_says_what_to_do(run: Run) -> None:
    process = run("worker", EVENTSYS_MODE="development")
    said, _nothing = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert said.endswith("Error: The database is not up to date. Run: eventsys migrate\n")


def test_production_without_secrets_says_which(tmp_path: Path) -> None:
    environment = {"EVENTSYS_MODE": None, "EVENTSYS_SECRET_KEYS": None, "EVENTSYS_DATA": str(tmp_path)}
    answer = CliRunner().invoke(main, ["migrate"], env=environment)
    assert answer.exit_code == 1
    assert answer.output == "Error: EVENTSYS_SECRET_KEYS is missing: set a random text of 32 characters or more\n"
