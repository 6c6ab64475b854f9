"""Everything that leaves for a calendar is read by other people's programs without a complaint, and as it was meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from eventsys.calendar import text
from eventsys.core.language import choose
from tests.coverage_of_parts import READERS as PARTS
from tests.validators.conftest import ONCE, Played
from tests.validators.gate import calendar_of, method_of
from tests.validators.programs import READERS, TEXTS, Reader, Report, Reports
from tests.validators.stories import ACTS, ENDS, STORIES, Sent

pytestmark = ONCE

FAULTS = {
    (
        "libical",
        "DECLINECOUNTER",
        "VEVENT: Failed iTIP restrictions for SEQUENCE property. Expected 0 instances of the property and got 1",
    ): "RFC 5546 §3.2.8: SEQUENCE 0 or 1, it must be present if its value is greater than 0; libical's table says 0.",
}
"""Findings that are the reader's fault, by reader, method and words, with the reason. Each must still be found."""


@pytest.fixture(scope="session")
def calendars(played: Played, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Sent]:
    """The letters with a calendar part by the name of its file."""
    found = [letter for letter in played[0] if calendar_of(letter.octets)]
    return {f"{number:05}.ics": letter for number, letter in enumerate(found)}


@pytest.fixture(scope="session")
def folder(calendars: dict[str, Sent], tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("calendars")
    for name, letter in calendars.items():
        (made / name).write_bytes(calendar_of(letter.octets))
    return made


@pytest.fixture(scope="session")
def reports(folder: Path) -> Callable[[Reader], Reports]:
    """What a reader says, read once. Skips, loudly counted as a part that was not tested, where it is missing."""
    kept: dict[str, Reports] = {}

    def of(reader: Reader) -> Reports:
        if not reader.is_here():
            pytest.skip(f"{reader.name} is not on this machine")
        if reader.name not in kept:
            kept[reader.name] = reader.read(folder)
        return kept[reader.name]

    return of


@pytest.fixture(params=READERS, ids=lambda reader: reader.name)
def reader(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> Reader:
    found: Reader = request.param
    if found.name in PARTS:
        record_property("part", found.name)
    return found


def test_every_act_was_played(played: Played) -> None:
    letters, acts = played
    assert acts["invite"] == STORIES == len({letter.story for letter in letters})
    assert {name: acts[name] for name in (*ACTS, *ENDS) if acts[name] < 10} == {}


def test_no_reader_finds_fault(
    reader: Reader, calendars: dict[str, Sent], reports: Callable[[Reader], Reports]
) -> None:
    found = Counter(
        (reader.name, method_of(calendars[file].octets), finding)
        for file, report in reports(reader).items()
        for finding in report.findings
    )
    expected = {fault for fault in FAULTS if fault[0] == reader.name}
    assert set(found) == expected, found.most_common(10)


def test_every_file_is_read_to_its_end(
    reader: Reader, calendars: dict[str, Sent], reports: Callable[[Reader], Reports]
) -> None:
    read = {file for file, report in reports(reader).items() if report.is_read}
    assert read == set(calendars)


def test_every_reader_reads_the_same_moments(
    reader: Reader, calendars: dict[str, Sent], reports: Callable[[Reader], Reports]
) -> None:
    """By the zone's definition in the file, or by its name: both lead to the instants of the record."""
    if not reader.tells:
        return
    wrong = [
        (file, letter.common["zone"], expected, found[file].instants)
        for found in [reports(reader)]
        for file, letter in calendars.items()
        if (expected := _moments(letter)) != found[file].instants
    ]
    assert wrong == []


def test_every_reader_reads_the_same_texts(
    reader: Reader, calendars: dict[str, Sent], reports: Callable[[Reader], Reports]
) -> None:
    if not reader.tells:
        return
    found, mark = reports(reader), reports(READERS[-1])
    wrong = [
        (file, expected, found[file].texts)
        for file, letter in calendars.items()
        if not _agrees(found[file], expected := _texts(letter)) or found[file].texts != mark[file].texts
    ]
    assert wrong == []


def _moments(letter: Sent) -> dict[str, str]:
    """DTSTART and DTEND as the record has them; a refusal of another time names none."""
    if letter.kind == "decline_counter":
        return {}
    pairs = (("DTSTART", "starts_at"), ("DTEND", "ends_at"))
    found = {name: datetime.fromisoformat(letter.common[fact]).astimezone(UTC) for name, fact in pairs}
    return {name: f"{moment:%Y-%m-%dT%H:%M:%SZ}" for name, moment in found.items()}


def _texts(letter: Sent) -> dict[str, str]:
    """What somebody typed and a calendar shows: the title, the reason or note, the reader's own name."""

    def said(name: str, facts: dict[str, str]) -> str:
        return choose(facts.get(f"{name}_zh"), facts.get(f"{name}_en"), letter.language)

    note = letter.facts.get("note", "") if letter.kind == "decline_counter" else said("reason", letter.common)
    if letter.kind == "decline_counter":
        return {"COMMENT": text.paragraphs(note)}
    own = {f"mailto:{letter.facts['email']}": text.common_name(said("name", letter.facts))}
    return {"SUMMARY": text.line(said("title", letter.common)), "COMMENT": text.paragraphs(note), **own}


def _agrees(report: Report, expected: dict[str, str]) -> bool:
    shown = {name: report.texts.get(name, "") for name in expected}
    return shown == expected and (set(report.texts) & set(TEXTS)) >= {
        name for name in expected if expected[name]
    } & set(TEXTS)
