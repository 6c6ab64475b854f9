"""One person and one organization with very many meetings in the window of a calendar, on a database of their own.

A thousand meetings beside those of `rows`: four fifths of them public (with the 200 public ones a feed of a thousand),
and to all of them the same organization was asked with one place, held by the same person.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from eventsys.accounts.models import Account, HeldRole
from eventsys.core.actor import Role
from eventsys.directory.models import Organization, OrganizationKind, Person
from eventsys.directory.words import refresh_organization, refresh_person
from eventsys.feeds.models import CalendarAddress
from eventsys.invitations.models import Attendee, Leave, Place, PlaceRole, Reply
from eventsys.meetings.models import Meeting, MeetingState, Visibility
from tests.bench import rows, words

FIRST = 100_000
ONE = 9_000
OWN, OF_ORGANIZATION = (rows.link_id(number) for number in (1, 2))
ANSWERS = {3: (Reply.TENTATIVE, Leave.NONE), 13: (Reply.DECLINED, Leave.GRANTED), 17: (Reply.PENDING, Leave.NONE)}


def tables(number: int, today: date) -> Iterator[rows.Table]:
    """Every table with its further rows, in the order in which they can be inserted."""
    office = Organization(id=rows.OFFICE, name_zh="沈阳市人民政府外事办公室", name_en="Foreign Affairs Office")
    office.email = "office2@example.org"
    yield Organization, iter([_organization()])
    yield Person, iter([_person()])
    yield Account, iter([_account()])
    yield HeldRole, iter([{"id": ONE, "person_id": ONE, "role": Role.LIAISON, "organization_id": ONE}])
    yield Meeting, (_meeting(each, today, office) for each in range(number))
    yield Place, (_place(each) for each in range(number))
    yield Attendee, (_attendee(each, today) for each in range(number))
    yield CalendarAddress, iter([_address(ONE, OWN, None), _address(ONE + 1, OF_ORGANIZATION, ONE)])


def _organization() -> rows.Row:
    row = Organization(
        id=ONE, parent_id=1, path=f"/1/{ONE}/", kind=OrganizationKind.DISTRICT, name_zh="大会区", name_en="Dahui"
    )
    refresh_organization(row)
    return rows.plain(row)


def _person() -> rows.Row:
    row = Person(id=ONE, name_zh="周会", name_en="Zhou Hui", email="subscriber@example.org", language="zh")
    refresh_person(row)
    return rows.plain(row)


def _account() -> rows.Row:
    return {
        "id": ONE,
        "person_id": ONE,
        "email": "subscriber@example.org",
        "active": True,
        "fs_uniquifier": "subscriber",
        "created_at": datetime(2024, 1, 1, tzinfo=UTC),
    }


def _meeting(number: int, today: date, office: Organization) -> rows.Row:
    """Three a day from 300 days ago on; each as the meetings of `rows`, at another time."""
    row = rows.meeting(FIRST + number, today, office)
    starts_at = rows.at(today - timedelta(days=300 - number // 3), 9 + 2 * (number % 3))
    row.state = MeetingState.SCHEDULED if starts_at.date() >= today else MeetingState.CONCLUDED
    row.visibility = Visibility.PUBLIC if number % 5 else Visibility.PARTICIPANTS
    row.starts_at, row.ends_at = starts_at, starts_at + timedelta(hours=1, minutes=30)
    row.created_at = starts_at - timedelta(days=30)
    row.modified_at = row.scheduled_at = starts_at - timedelta(days=29)
    row.online_url = f"https://meet.example.org/j/{number:09d}"
    row.reason_zh, row.reason_en, row.cancelled_at = "", "", None
    return rows.finished(row)


def _place(number: int) -> rows.Row:
    return {
        "id": FIRST + number,
        "meeting_id": FIRST + number,
        "organization_id": ONE,
        "post_id": None,
        "role": PlaceRole.REQUIRED,
        "position": 0,
        "walk_in": False,
        "created_at": datetime(2024, 1, 1, tzinfo=UTC),
    }


def _attendee(number: int, today: date) -> dict[str, Any]:
    """Of twenty answers seventeen are yes."""
    reply, leave = ANSWERS.get(number % 20, (Reply.ACCEPTED, Leave.NONE))
    told = min(rows.at(today - timedelta(days=321 - number // 3), 10), rows.at(today - timedelta(days=1), 0))
    return {
        "id": FIRST + number,
        "meeting_id": FIRST + number,
        "place_id": FIRST + number,
        "person_id": ONE,
        "name_zh": "周会",
        "name_en": "Zhou Hui",
        "title_zh": words.TITLES[0].zh,
        "title_en": words.TITLES[0].en,
        "email": "subscriber@example.org",
        "phone": "",
        "language": "zh",
        "is_current": True,
        "link_id": rows.link_id(1_000_000 + number),
        "told_at": told,
        "told_sequence": 0,
        "reply": reply,
        "leave": leave,
        "comment": "",
        "replied_at": told + timedelta(hours=2),
        "replied_by": "周会",
        "leave_decided_by": "",
        "leave_note": "",
        "created_at": told,
        "modified_at": told + timedelta(hours=2),
        "version": 2,
    }


def _address(number: int, link_id: str, organization_id: int | None) -> rows.Row:
    return {
        "id": number,
        "link_id": link_id,
        "person_id": ONE,
        "organization_id": organization_id,
        "created_at": datetime(2024, 1, 1, tzinfo=UTC),
        "revoked_by": "",
    }
