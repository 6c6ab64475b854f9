"""`eventsys mail-in --dry-run`: one line of JSON a file, without a database, settings or secrets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from eventsys.calendar.read import Doubt
from eventsys.mail import dry_run
from eventsys.mail.parts import LARGEST
from eventsys.mail.received import Reason
from tests.calendar.messages import LI_MING, reply
from tests.mail.letters import ANSWER, mail, part


def told(path: Path, invited: tuple[str, ...] = ()) -> dict[str, Any]:
    line = dry_run.line(str(path), invited)
    assert "\n" not in line
    found: dict[str, Any] = json.loads(line)
    return found


def test_every_reason_and_doubt_has_its_sentence() -> None:
    assert set(dry_run._SENTENCES) == set(Reason)
    assert set(dry_run._DOUBTS) == set(Doubt)


def test_a_file_becomes_one_object(tmp_path: Path) -> None:
    path = tmp_path / "回执.eml"
    line = 'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="MAILTO:Wang@Example.com":MAILTO:Li.Ming@example.com'
    path.write_bytes(
        mail(part(reply(line, "ORGANIZER:mailto:Office@example.org", "COMMENT:出差", "SEQUENCE:99999999999")))
    )
    found = told(path)
    assert found.pop("reason").endswith("; SEQUENCE was above 2147483647")
    assert found == {
        "file": str(path),
        "verdict": "apply",
        "items": [
            {
                "method": "REPLY",
                "comp": "VEVENT",
                "uid": "0b6f1d1e-6c1e-4d0b-9a55-6f1d2f0a8c11@meet.example.gov.cn",
                "sequence": 2147483647,
                "dtstamp": "20240813T033500Z",
                "recurrence_id": None,
                "organizer": "office@example.org",
                "comment": "出差",
                "attendees": [
                    {"a": "li.ming@example.com", "partstat": "DELEGATED", "delegated_to": "MAILTO:Wang@Example.com"}
                ],
            }
        ],
    }


@pytest.mark.parametrize("kind", ["missing", "folder", "nul", "long"])
def test_a_path_that_cannot_be_read_is_a_line_as_well(kind: str, tmp_path: Path) -> None:
    paths = {"missing": tmp_path / "x.eml", "folder": tmp_path, "nul": Path("a\0b"), "long": Path("x" * 5000)}
    assert told(paths[kind]) == {
        "file": str(paths[kind]),
        "verdict": "reject",
        "items": [],
        "reason": "the file cannot be read",
    }


def test_a_file_without_end_is_read_no_further_than_the_limit() -> None:
    assert told(Path("/dev/zero"))["reason"] == "larger than 2 MiB"
    assert len(ANSWER) < LARGEST


def test_the_suffix_says_what_is_no_calendar(tmp_path: Path) -> None:
    (tmp_path / "a.ics").write_bytes(b"Subject: x\n\nnothing\n")
    (tmp_path / "a.eml").write_bytes(b"Subject: x\n\nnothing\n")
    (tmp_path / "b.eml").write_bytes(ANSWER)
    assert told(tmp_path / "a.ics")["reason"] == "the calendar part holds no calendar object"
    assert told(tmp_path / "a.eml")["reason"] == "a letter without a calendar object"
    assert told(tmp_path / "b.eml")["verdict"] == "apply"


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        ((LI_MING,), "apply"),
        (('ATTENDEE;PARTSTAT=ACCEPTED;DELEGATED-FROM="mailto:LI.MING@example.com":mailto:wang@example.com',), "apply"),
        (("ATTENDEE;PARTSTAT=ACCEPTED:mailto:crasher@example.com",), "reject"),
        (("ATTENDEE;PARTSTAT=ACCEPTED:mailto:crasher@example.com", "ATTENDEE:mailto:li.ming@example.com"), "reject"),
        (("ATTENDEE;PARTSTAT=ACCEPTED:urn:uuid:1",), "reject"),
    ],
)
def test_answers_can_be_held_against_those_who_were_asked(lines: tuple[str, ...], verdict: str, tmp_path: Path) -> None:
    path = tmp_path / "a.ics"
    path.write_bytes(reply(*lines))
    found = told(path, ("Li.Ming@example.com", "other@example.com"))
    assert found["verdict"] == verdict
    assert (found["reason"] == "an answer of somebody who was not invited") == (verdict == "reject")
    assert told(path)["verdict"] == "apply"


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-m", "eventsys", "mail-in", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=60, check=False)


def test_the_command_needs_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.ics").write_bytes(reply(LI_MING, "COMMENT:出差"))
    done = run("--dry-run", "./a.ics", "missing.eml", ".", "a.ics", folder=tmp_path)
    lines = [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]
    assert [(each["file"], each["verdict"]) for each in lines] == [
        *(("./a.ics", "apply"), ("missing.eml", "reject"), (".", "reject"), ("a.ics", "apply")),
    ]
    assert lines[0]["items"][0]["comment"] == "出差"
    assert (done.returncode, done.stderr) == (0, b"")
    assert [path.name for path in tmp_path.iterdir()] == ["a.ics"]


def test_the_command_takes_those_who_were_asked(tmp_path: Path) -> None:
    (tmp_path / "a.ics").write_bytes(reply(LI_MING))
    done = run("--dry-run", "--invited", "x@example.com", "a.ics", folder=tmp_path)
    assert json.loads(done.stdout)["verdict"] == "reject"
