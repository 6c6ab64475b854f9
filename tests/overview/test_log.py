"""The log of one meeting: its own entries alone, for those who answer for it, without network addresses."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from eventsys.core import audit
from eventsys.core.actor import Actor, Role
from eventsys.core.transaction import write
from eventsys.directory.models import Organization, OrganizationKind
from eventsys.meetings.models import Meeting
from tests import factories

Browse = Callable[[Actor | None], FlaskClient]
FROM = "203.0.113.9"


@pytest.fixture
def office() -> Organization:
    return factories.organization("市外办", kind=OrganizationKind.OFFICE)


@pytest.fixture
def meeting(office: Organization) -> Meeting:
    """A meeting with sixty entries in the log, beside another one with its own."""
    found, other = factories.meeting(office), factories.meeting(office, title_zh="另一个会议")
    by = replace(factories.actor((Role.ORGANIZER, office), label="陈明"), address=FROM)
    with write():
        for number in range(60):
            after = {"venue_zh": f"第{number}会议室"}
            audit.record("meeting.change", found, by=by, after=after, label=f"改动{number}", meeting_id=found.id)
        audit.record("meeting.change", other, by=by, label="不相干", meeting_id=other.id)
    return found


def test_its_entries_alone_page_by_page_without_addresses(
    browse: Browse, office: Organization, meeting: Meeting
) -> None:
    organizer = browse(factories.actor((Role.ORGANIZER, office)))
    page = organizer.get(f"/workspace/meetings/{meeting.id}/log").text
    assert [name for name in ("改动59", "改动10", "改动9", "不相干", FROM) if name in page] == ["改动59", "改动10"]
    older = re.findall(r'<a href="([^"]+)" rel="next"', page)[0].replace("&amp;", "&")
    rest = organizer.get(older).text
    assert [name for name in ("改动10", "改动9", "改动0") if name in rest] == ["改动9", "改动0"]


def test_the_file_holds_all_of_them(browse: Browse, office: Organization, meeting: Meeting) -> None:
    approver = browse(factories.actor((Role.APPROVER, office)))
    answer = approver.get(f"/workspace/meetings/{meeting.id}/log.csv")
    header, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert "网络地址" not in header
    assert [row[header.index("对象")] for row in rows] == [f"改动{number}" for number in range(59, -1, -1)]
    assert FROM not in answer.text
    assert approver.get(f"/workspace/meetings/{meeting.id}/log.xlsx").data[:2] == b"PK"


def test_only_those_who_answer_for_it(browse: Browse, office: Organization, meeting: Meeting) -> None:
    elsewhere = factories.organization("邻市外办", kind=OrganizationKind.OFFICE)
    people = [
        factories.actor((Role.ADMINISTRATOR, None)),
        factories.actor((Role.EDITOR, office)),
        factories.actor((Role.ORGANIZER, elsewhere)),
    ]
    found = [browse(actor).get(f"/workspace/meetings/{meeting.id}/log").status_code for actor in people]
    assert found == [200, 404, 404]
