"""The door and the roll in a browser: who may, who may partly, a stranger."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from eventsys.attendance.models import DoorAct, DoorEvent
from eventsys.attendance.queries import roll
from eventsys.attendance.states import RollState
from eventsys.core.actor import Actor, Held, Role
from eventsys.core.clock import now
from eventsys.directory.models import Organization, OrganizationKind
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Reply
from eventsys.meetings.models import Meeting
from tests import factories
from tests.personas import Browse
from tests.web.forms import post, token_of


@pytest.fixture
def office(app: Flask) -> Organization:
    return factories.organization("市外办", kind=OrganizationKind.OFFICE)


@pytest.fixture
def meeting(office: Organization) -> Meeting:
    return factories.meeting(office, starts_at=now() - timedelta(minutes=2))


@pytest.fixture
def guest(meeting: Meeting) -> Attendee:
    district = factories.organization("和平区")
    director = factories.post(district, "外办主任")
    who = factories.person("和平区外办主任", post=director, phone="024-22728035")
    return factories.attendee(meeting, who, post=director, reply=Reply.ACCEPTED)


@pytest.fixture
def organizer(office: Organization) -> Actor:
    return factories.actor((Role.ORGANIZER, office))


@pytest.fixture
def doorkeeper(meeting: Meeting) -> Actor:
    return Actor(label="door", account_id=7, held=(Held(Role.CHECK_IN, meeting_id=meeting.id),))


@pytest.fixture
def foreign() -> Actor:
    return factories.actor((Role.ORGANIZER, factories.organization("别的办公室", kind=OrganizationKind.OFFICE)))


def test_the_door_opens_for_its_own_staff_only(
    browse: Browse, meeting: Meeting, organizer: Actor, doorkeeper: Actor, foreign: Actor
) -> None:
    other = factories.meeting(meeting.convener)
    url = f"/checkin/{meeting.id}/"
    answers = [browse(actor).get(url).status_code for actor in (organizer, doorkeeper, foreign, None)]
    assert answers == [200, 200, 404, 302]
    assert browse(doorkeeper).get(f"/checkin/{other.id}/").status_code == 404


def test_the_door_shows_nobody_before_a_search(
    browse: Browse, meeting: Meeting, guest: Attendee, doorkeeper: Actor
) -> None:
    browser = browse(doorkeeper)
    assert "和平区" not in browser.get(f"/checkin/{meeting.id}/?lang=zh").text
    assert "和平区" in browser.get(f"/checkin/{meeting.id}/?q=heping&lang=zh").text


def test_a_guest_arrives_and_the_mark_is_taken_back(
    browse: Browse, meeting: Meeting, guest: Attendee, doorkeeper: Actor
) -> None:
    browser = browse(doorkeeper)
    url = f"/checkin/{meeting.id}/"
    facts = {"attendee_id": str(guest.id), "act": "arrived", "key": "c" * 32}
    answer = post(browser, f"{url}mark", facts, page=f"{url}?q=heping")
    assert (answer.status_code, answer.location) == (302, f"{url}?done={guest.id}")
    assert "已到" in browser.get(f"{url}?done={guest.id}&lang=zh").text
    post(browser, f"{url}mark", {**facts, "act": "undone", "key": "d" * 32}, page=f"{url}?q=heping")
    db.session.rollback()
    assert [event.act for event in db.session.scalars(select(DoorEvent).order_by(DoorEvent.id))] == [
        DoorAct.ARRIVED,
        DoorAct.UNDONE,
    ]


@pytest.mark.parametrize(
    "facts",
    [
        {"act": "fly", "key": "c" * 32},
        {"act": "arrived", "key": "short"},
        {"act": "arrived", "key": "c" * 32, "attendee_id": "x"},
        {"act": "represented", "key": "c" * 32, "represented_by": ""},
        {"act": "represented", "key": "c" * 32, "represented_by": "a\u202eb"},
    ],
)
def test_a_wrong_mark_is_refused(
    browse: Browse, meeting: Meeting, guest: Attendee, doorkeeper: Actor, facts: dict[str, str]
) -> None:
    browser = browse(doorkeeper)
    url = f"/checkin/{meeting.id}/"
    answer = post(browser, f"{url}mark", {"attendee_id": str(guest.id), **facts}, page=f"{url}?q=heping")
    assert answer.status_code == 422
    assert db.session.scalars(select(DoorEvent)).all() == []


def test_a_walk_in_is_added(browse: Browse, meeting: Meeting, doorkeeper: Actor) -> None:
    browser = browse(doorkeeper)
    url = f"/checkin/{meeting.id}/walk-in"
    page = browser.get(url)
    key = re.search(r'name="key" value="([0-9a-f]{32})"', page.text)
    assert key
    sent = {"csrf_token": token_of(page), "key": key[1], "name": "来宾<b>", "organization_id": "0"}
    assert [browser.post(url, data=sent).status_code for _ in range(2)] == [302, 302]
    db.session.rollback()
    assert [(row.name, row.state) for row in roll(meeting)] == [("来宾<b>", RollState.HERE)]
    assert "来宾&lt;b&gt;" in browser.get(f"/checkin/{meeting.id}/").text


def test_a_walk_in_without_a_name_is_refused_and_nothing_typed_is_lost(
    browse: Browse, meeting: Meeting, doorkeeper: Actor
) -> None:
    url = f"/checkin/{meeting.id}/walk-in?lang=en"
    answer = post(browse(doorkeeper), url, {"key": "e" * 32, "name": " ", "title": "Head", "organization_id": "0"})
    assert answer.status_code == 422
    assert 'value="Head"' in answer.text
    assert "Enter the name" in answer.text


def test_the_roll_is_read_by_staff_and_closed_by_an_organizer(
    browse: Browse, meeting: Meeting, guest: Attendee, organizer: Actor, doorkeeper: Actor, foreign: Actor
) -> None:
    url = f"/workspace/meetings/{meeting.id}/attendance"
    editor = factories.actor((Role.EDITOR, meeting.convener))
    assert [browse(actor).get(url).status_code for actor in (organizer, editor, doorkeeper, foreign, None)] == [
        200,
        200,
        404,
        404,
        302,
    ]
    assert post(browse(editor), f"{url}/close", page=url).status_code == 404
    assert post(browse(organizer), f"{url}/close", page=url).status_code == 302
    db.session.rollback()
    assert [row.state for row in roll(db.session.get_one(Meeting, meeting.id))] == [RollState.ABSENT]


def test_opening_the_roll_again_needs_a_reason(
    browse: Browse, meeting: Meeting, guest: Attendee, organizer: Actor
) -> None:
    url = f"/workspace/meetings/{meeting.id}/attendance"
    browser = browse(organizer)
    post(browser, f"{url}/close", page=url)
    assert post(browser, f"{url}/reopen", {"reason": ""}, page=url).status_code == 422
    assert post(browser, f"{url}/reopen", {"reason": "补登"}, page=url).status_code == 302


def test_list_counts_and_export_agree(browse: Browse, meeting: Meeting, guest: Attendee, organizer: Actor) -> None:
    browser = browse(organizer)
    url = f"/workspace/meetings/{meeting.id}/attendance"
    export = browser.get(f"{url}.csv?lang=zh").data.decode("utf-8-sig").splitlines()
    assert export[1:] == ['"和平区","外办主任","和平区外办主任","应到","","",""']
    assert browser.get(f"{url}.csv?show=here").data.decode("utf-8-sig").splitlines()[1:] == []
    assert browser.get(f"{url}.xlsx").data[:2] == b"PK"


def test_the_sheet_lists_everybody_asked(browse: Browse, meeting: Meeting, guest: Attendee, organizer: Actor) -> None:
    text = browse(organizer).get(f"/workspace/meetings/{meeting.id}/sign-in-sheet?lang=zh").text
    assert re.findall(r"<td>(外办主任)</td>", text) == ["外办主任"]
