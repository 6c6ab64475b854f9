"""The web process over real HTTP: it may be killed at any moment, and whoever asked asks again."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.delivery.processes import PATIENCE, ROOT

HIDDEN = re.compile(r'<input[^>]*\bname="(\w+)"[^>]*\bvalue="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Page:
    """An answer: its status, its text, and the hidden fields of its forms."""

    status: int
    text: str

    def fields(self, *names: str) -> dict[str, str]:
        found = dict(HIDDEN.findall(self.text))
        return {name: found[name] for name in names if name in found}


class Web:
    """gunicorn with two workers, in a session of its own that is killed as one."""

    def __init__(self, environment: dict[str, str], cookie: str) -> None:
        self._environment, self._cookie = environment, cookie
        self._process: subprocess.Popen[bytes] | None = None
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self._port = int(listener.getsockname()[1])

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = ["--workers", "2", "--worker-class", "gthread", "--threads", "2", "--log-level", "critical"]
        bind = ["--bind", f"127.0.0.1:{self._port}", "tests.delivery.web_process:app"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *options, *bind],
            env=self._environment,
            cwd=ROOT,
            start_new_session=True,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + PATIENCE
        while True:
            with suppress(OSError, http.client.HTTPException):
                if self._ask("GET", "/healthz").status == 200:
                    return
            if time.monotonic() > end or self._process.poll() is not None:
                raise TimeoutError("the web process does not start")
            time.sleep(0.05)

    def kill(self) -> None:
        """`kill -9` of all its processes."""
        if self._process:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def get(self, path: str) -> Page:
        """The page, asked for until there is an answer."""
        return self._patiently("GET", path, "")

    def post(self, path: str, fields: dict[str, str]) -> Page | None:
        """What the post came to; None when nobody can tell."""
        try:
            return self._ask("POST", path, urlencode(fields))
        except (OSError, http.client.HTTPException):
            return None

    def _patiently(self, method: str, path: str, body: str) -> Page:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with suppress(OSError, http.client.HTTPException):
                return self._ask(method, path, body)
            time.sleep(0.1)
        raise TimeoutError(path)

    def _ask(self, method: str, path: str, body: str = "") -> Page:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        headers = {"Cookie": self._cookie, "Host": "localhost"}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            return Page(answer.status, answer.read().decode())
        finally:
            connection.close()
