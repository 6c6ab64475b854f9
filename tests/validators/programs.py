"""Readers of calendar objects that are not ours: what each finds wrong with one, and what it reads in it.

Those in other languages are small programs beside this file. They print a line for each thing they have to say: file,
kind (`finding`, `text`, `instant`, `read`), name, value in hex; `read` is the last of a file.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from icalendar import Calendar

HERE = Path(__file__).parent
SABRE = Path("/usr/share/php/Sabre/VObject/autoload.php")
TEXTS = ("SUMMARY", "LOCATION", "DESCRIPTION", "COMMENT")
INSTANTS = ("DTSTART", "DTEND")


@dataclass
class Report:
    """One file as one reader sees it: what is wrong, texts by property (names by attendee), instants as `…Z`."""

    findings: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    instants: dict[str, str] = field(default_factory=dict)
    is_read: bool = False


Reports = Mapping[str, Report]


@dataclass(frozen=True)
class Reader:
    """A reader by its name, whether it is on this machine, and its way through a folder of files.

    `tells` whether it says what it read. sabre/vobject of Debian 12 (2.1.7) does not undo the escapes of a text and
    takes zones by their names from PHP's own tables, so it only judges.
    """

    name: str
    is_here: Callable[[], bool]
    read: Callable[[Path], Reports]
    tells: bool = True


def _reports(command: list[str], folder: Path) -> Reports:
    printed = subprocess.run([*command, folder], capture_output=True, check=True, text=True, cwd=HERE).stdout
    found: dict[str, Report] = {}
    for line in printed.splitlines():
        file, kind, name, value = line.split("\t")
        _note(found.setdefault(file, Report()), kind, name, bytes.fromhex(value).decode())
    return found


def _note(report: Report, kind: str, name: str, value: str) -> None:
    match kind:
        case "finding":
            report.findings.append(f"{name}: {value}")
        case "text":
            report.texts[name] = value
        case "instant":
            report.instants[name] = value
        case "read":
            report.is_read = True


@cache
def _libical() -> str:
    """The program, compiled; "" where libical or a compiler is missing."""
    folder = tempfile.mkdtemp(prefix="eventsys-libical-")
    program, compiler = Path(folder) / "libical", shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return ""
    command = [compiler, "-O1", "-o", program, HERE / "libical.c", "-lical"]
    return str(program) if subprocess.run(command, capture_output=True, check=False).returncode == 0 else ""


def _python(read: Callable[[bytes], Report]) -> Callable[[Path], Reports]:
    def reports(folder: Path) -> Reports:
        return {path.name: read(path.read_bytes()) for path in sorted(folder.glob("*.ics"))}

    return reports


def _vobject(octets: bytes) -> Report:
    import vobject

    report = Report()
    try:
        calendar = vobject.readOne(octets.decode(), validate=True)
        event = calendar.vevent
        report.texts = {name: event.contents[name.lower()][0].value for name in TEXTS if name.lower() in event.contents}
        people = event.contents.get("attendee", ())
        report.texts |= {each.value: each.params["CN"][0] for each in people if "CN" in each.params}
        moments = {name: event.contents[name.lower()][0].value for name in INSTANTS if name.lower() in event.contents}
        report.instants = {name: _written(value) for name, value in moments.items()}
        report.is_read = True
    except Exception as error:
        report.findings.append(f"VCALENDAR: {type(error).__name__}: {error}")
    return report


def _icalendar(octets: bytes) -> Report:
    report = Report()
    try:
        calendar = Calendar.from_ical(octets)
        event = calendar.events[0]
        report.findings = [f"{name}: {error}" for part in calendar.walk() for name, error in part.errors]
        report.texts = {name: str(event[name]) for name in TEXTS if name in event}
        people = event.get("ATTENDEE", [])
        report.texts |= {
            str(each): str(each.params["CN"])
            for each in (people if isinstance(people, list) else [people])
            if "CN" in each.params
        }
        report.instants = {name: _written(event[name].dt) for name in INSTANTS if name in event}
        report.is_read = True
    except Exception as error:
        report.findings.append(f"VCALENDAR: {type(error).__name__}: {error}")
    return report


def _written(moment: Any) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


READERS = (
    Reader("libical", lambda: bool(_libical()), lambda folder: _reports([_libical()], folder)),
    Reader(
        "sabre/vobject",
        lambda: bool(shutil.which("php")) and SABRE.exists(),
        lambda folder: _reports(["php", "sabre.php"], folder),
        tells=False,
    ),
    Reader(
        "ical.js",
        lambda: bool(shutil.which("node")) and (HERE / "node_modules" / "ical.js").exists(),
        lambda folder: _reports(["node", "icaljs.mjs"], folder),
    ),
    Reader("vobject", lambda: find_spec("vobject") is not None, _python(_vobject)),
    Reader("icalendar", lambda: True, _python(_icalendar)),
)
