"""All tests: `python -m tests` (what `make test` calls).

The suite on SQLite, the suite on PostgreSQL, the browser's tests, each where it is found, in turn; then which parts had
tests run on them. `--all-parts` fails when one had none; `--faults` runs the long fault runs instead.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from tests import coverage_of_parts, services

ROOT = Path(__file__).resolve().parent.parent
PYTEST = [sys.executable, "-m", "pytest", "-p", "tests.coverage_of_parts"]
NOTHING_COLLECTED = 5


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests", description="Run all tests on everything that is found.")
    parser.add_argument("--all-parts", action="store_true", help="fail when a part had no test run on it")
    parser.add_argument("--faults", action="store_true", help="the long fault runs instead")
    asked = parser.parse_args()
    with services.servers():
        return faults() if asked.faults else everything(all_parts=asked.all_parts)


def everything(*, all_parts: bool) -> int:
    """Run the whole suite on each part; returns the exit code."""
    coverage_of_parts.forget()
    suite = ["-n", "2", "--dist", "loadgroup", "-m", "not browser"]
    failed = [not _passes(f"the suite on {name}", suite, kind) for kind, name in _databases()]
    if services.chromium():
        failed.append(not _passes("the browser", ["-m", "browser"], "sqlite"))
    print(coverage_of_parts.table())
    if all_parts and coverage_of_parts.untested():
        print("Failed: every part has to be tested here.")
        return 1
    return int(any(failed))


def faults() -> int:
    """Two thousand letters, on each database, with each relay; returns the exit code.

    The worker dies sixty times, at each named point of a letter's life; then everything dies: worker 60 times, web
    process 20, mail server 30; then a mail server has moods.
    """
    os.environ.update(EVENTSYS_KILLS="60", EVENTSYS_LETTERS="2000", EVENTSYS_STORM="20,100,60,20,30")
    files = ("test_faults.py", "test_storm.py", "test_moods.py")
    chosen = ["-s", "-n", "0", *(f"tests/delivery/{name}" for name in files)]
    passed = [_passes(f"faults on {name}", chosen, kind) for kind, name in _databases()]
    return int(not all(passed))


def _databases() -> list[tuple[str, str]]:
    found = ["sqlite"] + (["postgresql"] if services.postgresql_answers() else [])
    return [(kind, coverage_of_parts.DATABASES[kind]) for kind in found]


def _passes(title: str, arguments: list[str], database: str) -> bool:
    print(f"\n=== {title} ===", flush=True)
    began = time.monotonic()
    environment = {**os.environ, "EVENTSYS_TEST_DATABASE": database}
    code = subprocess.run([*PYTEST, *arguments], cwd=ROOT, env=environment, check=False).returncode
    print(f"=== {title}: {'passed' if code == 0 else 'FAILED'} in {time.monotonic() - began:.0f} s ===", flush=True)
    return code in (0, NOTHING_COLLECTED)


if __name__ == "__main__":
    sys.exit(main())
