"""People who cannot be meant: expected twice at once, with a place already, or no longer on the post."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from eventsys.core.actor import Role
from eventsys.core.clock import now
from eventsys.core.transaction import write
from eventsys.directory.models import Appointment, Organization, OrganizationKind, Post
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Leave, Place, Reply
from eventsys.invitations.operations.substitute import Named, name_substitute
from eventsys.invitations.queries import replies
from eventsys.invitations.queries.conflicts import ConflictKind, conflicts
from eventsys.invitations.queries.replies import Filters
from eventsys.meetings.models import Meeting, MeetingState
from tests import factories as make
from tests.bench.in_process import counted
from tests.invitations.asking import Office, office
from tests.personas import Browse

pytestmark = pytest.mark.usefixtures("chinese")
ELSEWHERE, TWICE, LEFT = ConflictKind.ELSEWHERE, ConflictKind.TWICE, ConflictKind.LEFT


@pytest.fixture
def case(app: Flask) -> Office:
    return office()


def kinds(meeting: Meeting) -> dict[int, list[str]]:
    db.session.rollback()
    found = conflicts(db.session.get_one(Meeting, meeting.id)).by_place
    return {place_id: [each.kind.value for each in wrong] for place_id, wrong in found.items()}


def invited(meeting: Meeting, name: str = "李明", **facts: Any) -> tuple[Attendee, Post, Organization]:
    district = make.organization()
    post = make.post(district, "外办主任")
    return make.attendee(meeting, make.person(name, post=post), post=post, **facts), post, district


def again(meeting: Meeting, row: Attendee, **facts: Any) -> Attendee:
    """The same person at another meeting."""
    from eventsys.directory.models import Person

    return make.attendee(meeting, db.session.get_one(Person, row.person_id), **facts)


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (timedelta(0), True),
        (timedelta(minutes=119), True),
        (timedelta(hours=2), False),
        (-timedelta(hours=2), False),
        (-timedelta(minutes=119), True),
    ],
)
def test_two_meetings_at_once(case: Office, later: timedelta, expected: bool) -> None:
    row = invited(case.meeting)[0]
    again(make.meeting(case.organization, starts_at=case.meeting.starts_at + later), row)
    assert kinds(case.meeting) == ({row.place_id: ["elsewhere"]} if expected else {})


@pytest.mark.parametrize(
    ("meeting", "answer"),
    [
        ({"state": MeetingState.DRAFT}, {}),
        ({"state": MeetingState.CANCELLED}, {}),
        ({"state": MeetingState.CONCLUDED}, {}),
        ({}, {"reply": Reply.DECLINED}),
        ({}, {"reply": Reply.DECLINED, "leave": Leave.GRANTED}),
        ({}, {"reply": Reply.DELEGATED, "is_current": False}),
    ],
)
def test_who_is_not_expected_there_does_not_conflict(
    case: Office, meeting: dict[str, Any], answer: dict[str, Any]
) -> None:
    row = invited(case.meeting)[0]
    again(make.meeting(case.organization, starts_at=case.meeting.starts_at, **meeting), row, **answer)
    assert kinds(case.meeting) == {}


def test_two_people_of_one_name_are_two(case: Office) -> None:
    invited(case.meeting)
    invited(make.meeting(case.organization, starts_at=case.meeting.starts_at))
    assert kinds(case.meeting) == {}


def test_who_declined_here_is_free(case: Office) -> None:
    row = invited(case.meeting, reply=Reply.DECLINED)[0]
    again(make.meeting(case.organization, starts_at=case.meeting.starts_at), row)
    assert kinds(case.meeting) == {}


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        (Named("周洁", email="ZHOU@example.org"), ["twice"]),
        (Named("周洁", phone="024-1"), ["twice"]),
        (Named("周洁", phone="024-2"), []),
        (Named("周洁"), []),
        (Named("王刚", email="zhou@example.org"), []),
    ],
)
def test_a_substitute_in_words_with_a_place_already(case: Office, named: Named, expected: list[str]) -> None:
    district = make.organization()
    make.attendee(
        case.meeting, make.person("周洁", email="zhou@example.org", phone="024-1"), organization_id=district.id
    )
    row = invited(case.meeting)[0]
    with write():
        name_substitute(row, named, by=case.by)
    assert kinds(case.meeting) == ({row.place_id: expected} if expected else {})


def test_a_substitute_expected_elsewhere(case: Office) -> None:
    row, _post, district = invited(case.meeting)
    deputy = make.person("周洁", post=make.post(district, "科长"))
    make.attendee(make.meeting(case.organization, starts_at=case.meeting.starts_at), deputy)
    with write():
        name_substitute(row, Named(person_id=deputy.id), by=case.by)
    assert kinds(case.meeting) == {row.place_id: ["elsewhere"]}


def the_day(case: Office) -> date:
    """The meeting's day where it is; the meeting begins at noon, so that days of zones do not matter."""
    return case.meeting.starts_at.date()


@pytest.fixture
def noon(app: Flask) -> Office:
    return office(starts_at=(now() + timedelta(days=7)).replace(hour=4, minute=0, second=0))


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        (-1, 0, []),
        (-9, -1, ["left"]),
        (1, None, ["not_yet"]),
        (0, None, []),
    ],
)
def test_the_post_on_the_day(noon: Office, starts: int, ends: int | None, expected: list[str]) -> None:
    row = invited(noon.meeting)[0]
    day = the_day(noon)
    ends_on = day + timedelta(days=ends) if ends is not None else None
    with write() as session:
        session.execute(update(Appointment).values(starts_on=day + timedelta(days=starts), ends_on=ends_on))
    assert kinds(noon.meeting) == ({row.place_id: expected} if expected else {})


def test_who_comes_back_to_a_post_holds_it(noon: Office) -> None:
    row, post, _district = invited(noon.meeting)
    with write() as session:
        session.execute(update(Appointment).values(ends_on=date(2021, 1, 1)))
        session.add(Appointment(person_id=row.person_id, post_id=post.id, starts_on=date(2022, 1, 1)))
    assert kinds(noon.meeting) == {}


def test_who_never_held_the_post_was_named_for_it(noon: Office) -> None:
    district = make.organization()
    make.attendee(noon.meeting, make.person(), post=make.post(district))
    assert kinds(noon.meeting) == {}


def test_a_post_or_an_organization_that_is_gone(noon: Office) -> None:
    abolished, post, _district = invited(noon.meeting)
    closed, _post, gone = invited(noon.meeting)
    later, other, _third = invited(noon.meeting)
    with write() as session:
        session.get_one(Post, post.id).abolished_on = the_day(noon)
        session.get_one(Organization, gone.id).closed_on = the_day(noon)
        session.get_one(Post, other.id).abolished_on = the_day(noon) + timedelta(days=1)
        unnamed = Place(
            meeting_id=noon.meeting.id, organization_id=post.organization_id, post_id=None, created_at=now()
        )
        session.add(unnamed)
    assert kinds(noon.meeting) == {abolished.place_id: ["abolished"], closed.place_id: ["closed"]}
    assert later.place_id not in kinds(noon.meeting)


def test_a_past_meeting_has_none(case: Office) -> None:
    row = invited(case.meeting)[0]
    again(make.meeting(case.organization, starts_at=case.meeting.starts_at), row)
    with write() as session:
        session.get_one(Meeting, case.meeting.id).state = MeetingState.CONCLUDED
    assert kinds(case.meeting) == {}


def test_list_count_cell_and_export_agree(browse: Browse, case: Office) -> None:
    row = invited(case.meeting)[0]
    invited(case.meeting)
    again(make.meeting(case.organization, starts_at=case.meeting.starts_at, title_zh="防汛会议"), row)
    places = conflicts(case.meeting).places
    assert [each.place_id for each in replies.rows(case.meeting.id, Filters(place_ids=places))] == [row.place_id]
    assert replies.counts(case.meeting.id, Filters(place_ids=places)).places == 1
    client, base = browse(case.by), f"/workspace/meetings/{case.meeting.id}/invitations/"
    page = client.get(base + "?lang=zh").text
    assert ("1个名额有冲突" in page, page.count('class="conflict-mark"')) == (True, 1)
    table = client.get(base + "?conflicts=1&view=table").text
    assert (table.count("<tr><td>"), "防汛会议" in table) == (1, True)
    assert client.get(base + "?conflicts=1").text.count('class="conflict-mark"') == 1
    lines = client.get(base + "list.csv?conflicts=1").text.splitlines()
    assert (len(lines), "同一时间须参加另一会议：防汛会议" in lines[1]) == (2, True)


def test_another_offices_meeting_is_another_meeting(browse: Browse, case: Office) -> None:
    row = invited(case.meeting)[0]
    other = make.organization("别市外办", kind=OrganizationKind.OFFICE)
    again(make.meeting(other, starts_at=case.meeting.starts_at, title_zh="机密会议", title_en="Secret"), row)
    base = f"/workspace/meetings/{case.meeting.id}/invitations/"
    client, chief = browse(case.by), browse(make.actor((Role.ADMINISTRATOR, None)))
    for path in ("?view=table&lang=zh", "list.csv", f"places/{row.place_id}"):
        seen, known = client.get(base + path).text, chief.get(base + path).text
        assert ["同一时间须参加另一会议" in page for page in (seen, known)] == [True, True], path
        assert ["机密会议" in page for page in (seen, known)] == [False, True], path


def test_two_queries_however_many(app: Flask, case: Office) -> None:
    def asked() -> int:
        db.session.rollback()
        meeting = db.session.get_one(Meeting, case.meeting.id)
        meeting.starts_at  # noqa: B018 - loaded before it is counted
        with counted(app) as statements:
            conflicts(meeting)
        return len(statements)

    few = asked()
    other = make.meeting(case.organization, starts_at=case.meeting.starts_at)
    for _each in range(5):
        again(other, invited(case.meeting)[0])
    assert (few, asked(), len(kinds(case.meeting))) == (2, 2, 5)
