"""The site map holds what a reader can open, and nothing else."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from eventsys.core.clock import now
from eventsys.directory.models import OrganizationKind
from eventsys.meetings.models import MeetingState, Visibility
from tests import factories


def test_a_meeting_is_on_the_map_once_it_has_a_page(client: FlaskClient) -> None:
    office = factories.organization("市外办", kind=OrganizationKind.OFFICE)
    at, state, public = now(), MeetingState, {"visibility": Visibility.PUBLIC}
    shown = factories.meeting(office, **public, scheduled_at=at)
    called_off = factories.meeting(office, **public, state=state.CANCELLED, scheduled_at=at, cancelled_at=at)
    factories.meeting(office, **public, state=state.CANCELLED, cancelled_at=at)
    factories.meeting(office, **public, state=state.DRAFT)
    factories.meeting(office, scheduled_at=at)
    listed = re.findall(r"/meetings/(\d+)", client.get("/sitemap.xml").text)
    assert sorted(map(int, listed)) == sorted([shown.id, called_off.id])
    assert [client.get(f"/meetings/{number}").status_code for number in listed] == [200, 200]
