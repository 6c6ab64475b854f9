"""Which parts of the product had tests run on them: databases, the queue's backends, mailbox, relay, browser.

A pytest plugin (`-p tests.coverage_of_parts`) that adds up passed tests in `build/parts.json`, over several runs. A
test belongs to a database when it uses the application, to the browser by its mark, to another part by
`record_property("part", …)`.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import pytest

READERS = ("libical", "sabre/vobject", "ical.js", "vobject")
SUBSCRIBERS = ("Radicale", "Xandikos")
PARTS = (
    *(
        "SQLite",
        "PostgreSQL",
        "queue on sqlite",
        "queue on redis",
        "queue on postgresql",
        "mailbox",
        "Postfix",
        "browser",
    ),
    *READERS,
    *SUBSCRIBERS,
)
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
PARTS_BY_CHOICE = ("real messages",)
FILE = Path(__file__).resolve().parent.parent / "build" / "parts.json"

_passed: Counter[str] = Counter()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Note the parts that a test can be seen to belong to."""
    if item.get_closest_marker("browser"):
        item.user_properties.append(("part", "browser"))
    elif "application" in getattr(item, "fixturenames", ()):
        kind = os.environ.get("EVENTSYS_TEST_DATABASE", "sqlite")
        item.user_properties.append(("part", DATABASES[kind]))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and report.passed:
        _passed.update({str(value) for name, value in report.user_properties if name == "part"})


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Add this run's numbers to the file; with several processes only their controller does."""
    if hasattr(session.config, "workerinput"):
        return
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(Counter(counted()) + _passed, indent=2, ensure_ascii=False) + "\n")
    _passed.clear()


def counted() -> dict[str, int]:
    """Passed tests by part, of the runs since `forget`."""
    found: dict[str, int] = json.loads(FILE.read_text()) if FILE.exists() else {}
    return found


def forget() -> None:
    FILE.unlink(missing_ok=True)


def untested() -> list[str]:
    """The parts that no test ran on, though they should have."""
    found = counted()
    return [part for part in (*PARTS, *(PARTS_BY_CHOICE if real_messages() else ())) if not found.get(part)]


def real_messages() -> Path | None:
    """The folder of real messages of other systems that the reader of mail is held against, where there is one."""
    folder = os.environ.get("EVENTSYS_ITIP_SAMPLES", "")
    return Path(folder) if folder else None


def table() -> str:
    """The numbers for people, and loudly what is missing."""
    found = counted()
    shown = (*PARTS, *PARTS_BY_CHOICE)
    lines = ["", "Passed tests by part", *(f"  {part:<20} {found.get(part, 0) or '-':>6}" for part in shown), ""]
    lines += [f"!!! NOT TESTED: {part}. It was not found on this machine." for part in untested()]
    if real_messages() is None:
        lines.append("Not tested: real messages. EVENTSYS_ITIP_SAMPLES names no folder of them.")
    return "\n".join(lines)
