"""The pages of this room ask the same few queries whatever hangs on a record or waits for a decision."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventsys.core.actor import Role
from eventsys.core.transaction import write
from eventsys.directory.models import Appointment, Person
from tests import factories as make
from tests.architecture.test_queries import MOST, numbers
from tests.personas import Browse
from tests.succession.test_handovers import TODAY, YESTERDAY


@pytest.fixture
def browser(browse: Browse) -> FlaskClient:
    who, office = make.person("管理员"), make.organization()
    for role in (Role.ADMINISTRATOR, Role.ORGANIZER, Role.APPROVER, Role.EDITOR):
        make.holds(who, role, None if role is Role.ADMINISTRATOR else office)
    return browse.account(make.account(who))


def grow(staying: Person, gone: Person, number: int) -> None:
    """As many meetings of both, roles, posts that passed on, and pairs that look alike."""
    office = make.organization()
    for _each in range(number):
        post, meeting = make.post(office), make.meeting(office)
        make.attendee(meeting, staying)
        make.attendee(meeting, gone)
        make.holds(gone, Role.LIAISON, make.organization())
        leaver, follower = make.person(), make.person(email="same@example.org")
        with write() as session:
            for person, starts_on, ends_on in ((leaver, date(2020, 1, 1), YESTERDAY), (follower, TODAY, None)):
                session.add(Appointment(person_id=person.id, post_id=post.id, starts_on=starts_on, ends_on=ends_on))
            session.add(
                Appointment(person_id=gone.id, post_id=post.id, starts_on=date(2000, 1, 1), ends_on=date(2001, 1, 1))
            )
        make.attendee(meeting, leaver, post=post)


def test_no_page_asks_more_for_more(app: Flask, browser: FlaskClient) -> None:
    staying, gone = make.person(), make.person()
    grow(staying, gone, 1)
    pages = [
        "/workspace/",
        "/workspace/handovers/",
        "/workspace/directory/duplicates/",
        f"/workspace/directory/people/{staying.id}/merge/{gone.id}",
        f"/workspace/directory/people/{staying.id}/merge",
        "/workspace/directory/appointments/1/pass-on?q=测试",
    ]
    grow(staying, gone, 1)
    few = numbers(app, browser, pages)
    grow(staying, gone, 6)
    assert numbers(app, browser, pages) == few
    assert {page: number for page, number in few.items() if number > MOST} == {}
