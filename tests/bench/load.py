"""One round of load by wrk: eight connections that ask again as soon as they are answered."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.bench.servers import Server

CONNECTIONS = 8
SCRIPT = Path(__file__).with_name("load.lua")


class Broken(Exception):
    """Answers that were not what the case expects."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one round came to; `cpu_ms` is the workers' processor time for each request."""

    requests: int
    per_second: float
    p95_ms: float
    cpu_ms: float


def load(server: Server, seconds: float, about: Mapping[str, str]) -> Round:
    """Ask for `seconds`. `about` holds what `load.lua` reads. Raises `Broken` for any answer that is an error."""
    before = server.cpu_seconds()
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "--timeout", "20s", "-s", str(SCRIPT)]
    done = subprocess.run(
        [*command, server.url], env={**os.environ, **about}, capture_output=True, text=True, check=True, timeout=120
    )
    line = next(line for line in done.stdout.splitlines() if line.startswith("RESULT"))
    found = json.loads(line.removeprefix("RESULT "))
    if found["bad"] or not found["requests"]:
        raise Broken(f"{found['bad']} of {found['requests']} answers were errors: {dict(about)}")
    used = server.cpu_seconds() - before
    return Round(
        found["requests"],
        found["requests"] / found["seconds"],
        found["p95_ms"],
        used * 1000 / found["requests"],
    )
