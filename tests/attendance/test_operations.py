"""The verbs of the door on a real database."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from eventsys.attendance.models import DoorAct, DoorEvent
from eventsys.attendance.operations import WalkIn, add_walk_in, close_roll, mark, reopen_roll
from eventsys.attendance.queries import by_organization, found_by, numbers, roll
from eventsys.attendance.states import RollState
from eventsys.core.actor import Actor, Role
from eventsys.core.audit import AuditEntry
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.transaction import write
from eventsys.directory.models import Organization, OrganizationKind
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Reply
from eventsys.meetings.models import Meeting, MeetingState
from tests import factories


@pytest.fixture
def office(app: Flask) -> Organization:
    return factories.organization("市外办", kind=OrganizationKind.OFFICE)


@pytest.fixture
def today(office: Organization) -> Meeting:
    return factories.meeting(office, starts_at=now() - timedelta(minutes=2))


@pytest.fixture
def guest(today: Meeting) -> Attendee:
    district = factories.organization("和平区")
    director = factories.post(district, "外办主任")
    return factories.attendee(
        today, factories.person("和平区外办主任", post=director), post=director, reply=Reply.ACCEPTED
    )


@pytest.fixture
def clerk(office: Organization) -> Actor:
    return factories.actor((Role.ORGANIZER, office))


def record(meeting: Meeting, guest: Attendee, act: DoorAct, by: Actor, key: str = "", **facts: str) -> DoorEvent:
    with write():
        return mark(meeting, guest.id, act, key=key or uuid4().hex, by=by, **facts)


def state(meeting: Meeting) -> RollState:
    return roll(meeting)[0].state


def test_arriving_leaving_and_undoing(today: Meeting, guest: Attendee, clerk: Actor) -> None:
    seen = [state(today)]
    for act in (DoorAct.ARRIVED, DoorAct.LEFT, DoorAct.UNDONE, DoorAct.UNDONE):
        record(today, guest, act, clerk)
        seen.append(state(today))
    assert seen == [RollState.EXPECTED, RollState.HERE, RollState.LEFT, RollState.HERE, RollState.EXPECTED]
    assert db.session.scalar(select(func.count(DoorEvent.id))) == 4


def test_the_same_key_is_recorded_once(today: Meeting, guest: Attendee, clerk: Actor) -> None:
    first = record(today, guest, DoorAct.ARRIVED, clerk, key="a" * 32).id
    assert record(today, guest, DoorAct.ARRIVED, clerk, key="a" * 32).id == first
    assert db.session.scalar(select(func.count(DoorEvent.id))) == 1


def test_a_second_arrival_says_since_when(today: Meeting, guest: Attendee, clerk: Actor) -> None:
    record(today, guest, DoorAct.ARRIVED, clerk)
    with pytest.raises(DomainError, match=r"\d:\d\d"):
        record(today, guest, DoorAct.ARRIVED, clerk)


@pytest.mark.parametrize("act", [DoorAct.LEFT, DoorAct.UNDONE])
def test_nothing_follows_from_nothing(today: Meeting, guest: Attendee, clerk: Actor, act: DoorAct) -> None:
    with pytest.raises(DomainError):
        record(today, guest, act, clerk)


def test_a_representative_needs_a_name(today: Meeting, guest: Attendee, clerk: Actor) -> None:
    with pytest.raises(DomainError) as refusal:
        record(today, guest, DoorAct.REPRESENTED, clerk)
    assert refusal.value.field == "represented_by"
    record(today, guest, DoorAct.REPRESENTED, clerk, represented_by="综合处处长")
    assert (state(today), roll(today)[0].at_door.represented_by) == (RollState.REPRESENTED, "综合处处长")


def test_somebody_of_another_meeting_is_not_on_the_roll(
    office: Organization, today: Meeting, guest: Attendee, clerk: Actor
) -> None:
    other = factories.meeting(office)
    with pytest.raises(DomainError):
        record(other, guest, DoorAct.ARRIVED, clerk)


def test_closing_makes_absent_and_opening_takes_it_back(today: Meeting, guest: Attendee, clerk: Actor) -> None:
    with write():
        close_roll(today, by=clerk)
    assert state(today) is RollState.ABSENT
    with pytest.raises(DomainError):
        record(today, guest, DoorAct.ARRIVED, clerk)
    with pytest.raises(DomainError) as refusal, write():
        reopen_roll(today, "", by=clerk)
    assert refusal.value.field == "reason"
    with write():
        reopen_roll(today, "迟到的人没有登记", by=clerk)
    assert state(today) is RollState.EXPECTED
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "roll.reopen")).one()
    assert entry.after == {"roll_closed_at": None, "reason": "迟到的人没有登记"}


def test_the_roll_is_not_closed_before_the_meeting_begins(office: Organization, clerk: Actor) -> None:
    coming = factories.meeting(office)
    with pytest.raises(DomainError), write():
        close_roll(coming, by=clerk)


@pytest.mark.parametrize("where", [MeetingState.DRAFT, MeetingState.CANCELLED])
def test_no_roll_for_what_does_not_take_place(office: Organization, clerk: Actor, where: MeetingState) -> None:
    meeting = factories.meeting(office, state=where)
    with pytest.raises(DomainError), write():
        add_walk_in(meeting, WalkIn("来宾"), key=uuid4().hex, by=clerk)


def test_a_walk_in_is_here_and_counts_in_no_quota(today: Meeting, guest: Attendee, clerk: Actor) -> None:
    district = factories.organization("沈河区", position=1)
    with write():
        add_walk_in(today, WalkIn("来宾", "科长", district.id, "024-1"), key="b" * 32, by=clerk)
    with write():
        add_walk_in(today, WalkIn("来宾", "科长", district.id, "024-1"), key="b" * 32, by=clerk)
    rows = roll(today)
    assert [(row.organization, row.name, row.state, row.walk_in) for row in rows] == [
        ("和平区", "和平区外办主任", RollState.EXPECTED, False),
        ("沈河区", "来宾", RollState.HERE, True),
    ]
    assert numbers(rows) == {RollState.EXPECTED: 1, RollState.HERE: 1}
    assert [(each.name, each.numbers) for each in by_organization(rows)] == [
        ("和平区", {RollState.EXPECTED: 1}),
        ("沈河区", {RollState.HERE: 1}),
    ]


def test_the_search_finds_by_pinyin_and_shows_nobody_unasked(today: Meeting, guest: Attendee) -> None:
    rows = roll(today)
    assert [row.name for row in found_by(rows, "heping")] == ["和平区外办主任"]
    assert [found_by(rows, asked) for asked in ("", "  ", "法库")] == [[], [], []]


def test_twenty_simultaneous_arrivals_are_one(app: Flask, today: Meeting, guest: Attendee, clerk: Actor) -> None:
    meeting_id, attendee_id = today.id, guest.id
    refused: list[str] = []

    def arrive() -> None:
        with app.app_context():
            try:
                with write():
                    row = db.session.get_one(Meeting, meeting_id)
                    mark(row, attendee_id, DoorAct.ARRIVED, key=uuid4().hex, by=clerk)
            except DomainError as refusal:
                refused.append(refusal.message)
            db.session.remove()

    threads = [threading.Thread(target=arrive) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert (db.session.scalar(select(func.count(DoorEvent.id))), len(refused)) == (1, 19)
