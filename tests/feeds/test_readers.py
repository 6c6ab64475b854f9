"""Every calendar as other people's programs read it: no complaint, and the same title, words and times in all."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventsys.core.actor import Role
from eventsys.core.transaction import write
from eventsys.invitations.models import PlaceRole, Reply
from eventsys.invitations.operations.answer import answer
from eventsys.invitations.operations.substitute import Named, name_substitute
from eventsys.meetings.models import Visibility
from tests import factories
from tests.coverage_of_parts import READERS as PARTS
from tests.feeds import samples as make
from tests.feeds.samples import INVITEE, ago, fetched
from tests.validators.programs import READERS, Reader

TITLES = (
    "全市外办主任会议",
    "题目；有,标点\\与“引号”: a;b,c",
    "很长的题目" * 40,
    "🀄️ emoji 👩‍👩‍👧 会议",
    "=?utf-8?q?x?= <b>&amp;</b>",
)
ZONES = ("Asia/Shanghai", "America/New_York", "UTC", "Asia/Kolkata", "Africa/Casablanca")
START = datetime(2030, 7, 22, 1, 0, tzinfo=UTC)


@pytest.fixture
def feeds(app: Flask, client: FlaskClient) -> dict[str, bytes]:
    """The three calendars in both languages, with every answer, in many zones and with hostile words."""
    of, district = make.office(), factories.organization("大东区", name_en="Dadong")
    who = make.holder("李明")
    factories.holds(who, Role.LIAISON, district)
    acts: list[Callable[..., object]] = [
        lambda row: answer(row, Reply.ACCEPTED, by=INVITEE),
        lambda row: answer(row, Reply.TENTATIVE, by=INVITEE),
        lambda row: answer(row, Reply.DECLINED, "有事", True, by=INVITEE),
        lambda row: name_substitute(row, Named('王芳；"x"', "副主任, a"), by=INVITEE),
        lambda row: None,
    ]
    for number, title in enumerate(TITLES * 2):
        with ago(minutes=5):
            meeting = make.meeting(
                of,
                title_zh=title,
                title_en=f"{title} in English",
                zone=ZONES[number % len(ZONES)],
                starts_at=START + timedelta(days=40 * number),
                ends_at=START + timedelta(days=40 * number, hours=2),
                reply_by=None,
                notes_zh=f"第一行\n{title}\n第三行",
                online_url=make.ROOM,
                visibility=Visibility.PUBLIC,
            )
        role = PlaceRole.OBSERVER if number == 9 else PlaceRole.REQUIRED
        row = factories.attendee(meeting, who, organization_id=district.id, role=role)
        with write():
            acts[number % len(acts)](row)
        if number == 5:
            make.cancel(meeting, "台风；红色预警,\n请勿出行")
        if number == 6:
            make.withdraw(row)
    own, theirs = make.address(who), make.address(who, district)
    return {
        f"{name}-{language}": answer_of.data
        for language in ("zh", "en")
        for name, answer_of in (
            ("own", fetched(client, own, language)),
            ("organization", fetched(client, theirs, language)),
            ("public", client.get(f"/calendar.ics?lang={language}")),
        )
    }


def parts(feed: bytes) -> list[bytes]:
    """The calendar once for each VEVENT: readers look at the first of a file."""
    head, *vevents = re.split(rb"(?=BEGIN:VEVENT\r\n)", feed.removesuffix(b"END:VCALENDAR\r\n"))
    return [head + vevent + b"END:VCALENDAR\r\n" for vevent in vevents]


def test_every_program_reads_the_same(
    feeds: dict[str, bytes], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    files = {f"{name}-{number:02}.ics": part for name, feed in feeds.items() for number, part in enumerate(parts(feed))}
    assert len(files) == 6 * len(TITLES * 2)
    for name, octets in {**files, **{f"{name}.ics": feed for name, feed in feeds.items()}}.items():
        (tmp_path / name).write_bytes(octets)
    here = [reader for reader in READERS if reader.is_here()]
    reports = {reader.name: reader.read(tmp_path) for reader in here}
    complaints = {
        (reader, file, *report.findings)
        for reader, found in reports.items()
        for file, report in found.items()
        if report.findings or not report.is_read
    }
    assert complaints == set()
    for reader in _telling(here):
        for file in files:
            ours, other = reports["icalendar"][file], reports[reader.name][file]
            assert (other.texts, other.instants) == (ours.texts, ours.instants), (reader.name, file)
        if reader.name in PARTS:
            record_property("part", reader.name)


def _telling(readers: list[Reader]) -> list[Reader]:
    return [reader for reader in readers if reader.tells and reader.name != "icalendar"]


def test_the_lines_are_as_the_rfc_wants_them(feeds: dict[str, bytes]) -> None:
    for name, feed in feeds.items():
        lines = feed.split(b"\r\n")
        assert lines.pop() == b"", name
        assert max(map(len, lines)) <= 75, name
        assert [line for line in lines if b"\n" in line or line.strip() == b""] == [], name
        assert feed.startswith(b"BEGIN:VCALENDAR\r\nPRODID:"), name
        assert feed.count(b"BEGIN:VEVENT") == feed.count(b"\r\nUID:") == len(set(re.findall(rb"\r\nUID:(.*)", feed))), (
            name
        )
        for needed in (rb"\r\nDTSTAMP:", rb"\r\nLAST-MODIFIED:", rb"\r\nSEQUENCE:", rb"\r\nORGANIZER"):
            assert len(re.findall(needed, feed)) == feed.count(b"BEGIN:VEVENT"), (name, needed)
