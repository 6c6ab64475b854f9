"""Import and export from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from eventsys.core.audit import AuditEntry
from eventsys.directory.models import Person
from eventsys.exchange.commands import export_file, import_file
from eventsys.exchange.models import Import
from eventsys.extensions import db
from tests.directory.acting import known
from tests.exchange.bringing import PEOPLE, as_csv


@pytest.fixture
def command(app: Flask) -> object:
    def run(command: object, *arguments: object) -> Result:
        answer = CliRunner().invoke(command, [str(each) for each in arguments], obj=lambda: app)
        db.session.rollback()
        return answer

    return run


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_bytes(as_csv(PEOPLE, ("", "李一"), ("", "李二", "", "nowhere", "")))
    return path


def names() -> list[str]:
    return [row.name_zh for row in db.session.scalars(select(Person).order_by(Person.id))]


def test_a_dry_run_says_what_would_happen_and_keeps_nothing(command, file: Path) -> None:
    answer = command(import_file, file, "--kind", "people", "--dry-run")
    assert (answer.exit_code, answer.stdout) == (0, "People: new 1, refused 1\n")
    assert "People, row 3: E-mail: Write the e-mail address like name@example.org." in answer.stderr
    assert (names(), db.session.scalars(select(Import)).all()) == ([], [])


def test_all_or_nothing_unless_the_good_rows_are_asked_for(command, file: Path) -> None:
    answer = command(import_file, file, "--kind", "people")
    assert (answer.exit_code, names()) == (1, [])
    assert "1 rows cannot be written." in answer.stderr
    answer = command(import_file, file, "--kind", "people", "--good-rows")
    assert (answer.exit_code, answer.stdout.splitlines()[-1], names()) == (0, "People: refused 1, written 1", ["李一"])
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "import.write")).one()
    assert (entry.actor, entry.channel) == ("command line", "command")


def test_what_is_exported_is_imported_as_nothing_to_do(command, tmp_path: Path) -> None:
    known("张伟", phone="024 1234 5678")
    path = tmp_path / "people.xlsx"
    assert command(export_file, "people", path).exit_code == 0
    answer = command(import_file, path, "--kind", "people", "--dry-run")
    assert answer.stdout == "People: unchanged 1\n"
    assert command(export_file, "all", tmp_path / "all.csv").exit_code == 1
    assert command(export_file, "people", tmp_path / "people.doc").exit_code == 1


def test_a_file_that_is_none_is_said(command, tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_bytes(b"")
    answer = command(import_file, path, "--kind", "people")
    assert (answer.exit_code, answer.stderr.strip()) == (1, "Error: The file is empty.")
