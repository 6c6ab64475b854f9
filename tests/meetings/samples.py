"""A meeting's facts for tests, and the fields of its form as a browser sends them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from eventsys.core.actor import Actor, Role
from eventsys.directory.models import Organization, OrganizationKind
from eventsys.meetings.facts import MeetingFacts
from eventsys.meetings.models import MeetingKind, Visibility
from tests import factories

START = datetime(2030, 8, 22, 1, 0, tzinfo=UTC)


def facts(convener: Organization, **changes: Any) -> MeetingFacts:
    """A public meeting of two and a half hours on 22 August 2030 at 9:00 in Beijing."""
    values: dict[str, Any] = {
        "kind": MeetingKind.CONFERENCE,
        "convener_id": convener.id,
        "title_zh": "全市外办主任会议",
        "title_en": "Municipal conference",
        "starts_at": START,
        "ends_at": START.replace(hour=3, minute=30),
        "zone": "Asia/Shanghai",
        "venue_zh": "301会议室",
        "venue_en": "Room 301",
        "visibility": Visibility.PUBLIC,
        "reply_by": START.replace(day=19, hour=9),
        **changes,
    }
    return MeetingFacts(**values)


def fields(convener: Organization, **changes: str) -> dict[str, str]:
    """The same facts as form fields."""
    return {
        "title_zh": "全市外办主任会议",
        "title_en": "Municipal conference",
        "kind": "conference",
        "convener_id": str(convener.id),
        "date": "2030-08-22",
        "starts": "09:00",
        "ends": "11:30",
        "end_date": "",
        "zone": "Asia/Shanghai",
        "venue_zh": "301会议室",
        "venue_en": "Room 301",
        "reply_date": "2030-08-19",
        "reply_time": "17:00",
        "visibility": "public",
        **changes,
    }


def office() -> Organization:
    """A convening office."""
    return factories.organization(
        "市外事办公室", name_en="Foreign Affairs Office", kind=OrganizationKind.OFFICE, email="office@example.org"
    )


def organizer(of: Organization) -> Actor:
    """An organizer of the office."""
    return factories.actor((Role.ORGANIZER, of), label="organizer")
