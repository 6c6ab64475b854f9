"""An appointment ends, and somebody follows or nobody does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from eventsys.core.actor import Role
from eventsys.core.transaction import write
from eventsys.directory.models import Appointment, Organization, Person, Post
from eventsys.directory.operations import end_appointment
from eventsys.extensions import db
from tests import factories as make
from tests.directory.acting import ADMINISTRATOR, liaison_of, organizer_of
from tests.personas import Browse
from tests.succession.test_handovers import TODAY, YESTERDAY
from tests.web.forms import post as send

Given = tuple[Organization, Post, Person, Appointment]


@pytest.fixture
def given(app: Flask) -> Given:
    office = make.organization("和平区")
    post = make.post(office, "外办主任")
    person = make.person("旧主任", post=post)
    return office, post, person, db.session.scalars(select(Appointment)).one()


def page_of(row: Appointment) -> str:
    return f"/workspace/directory/appointments/{row.id}/pass-on"


def held(post: Post) -> list[tuple[str, object, object]]:
    db.session.rollback()
    rows = db.session.scalars(select(Appointment).where(Appointment.post_id == post.id).order_by(Appointment.id))
    return [(row.person.name_zh, row.starts_on, row.ends_on) for row in rows]


def data(row: Appointment, **more: object) -> dict[str, object]:
    return {"version": row.version, "ends_on": TODAY.isoformat(), "follower": "nobody", **more}


def test_a_post_can_stay_vacant(given: Given, browse: Browse) -> None:
    _office, post, _person, row = given
    answer = send(browse(ADMINISTRATOR), page_of(row), data(row))
    assert answer.location == f"/workspace/directory/posts/{post.id}/"
    assert [each[2] for each in held(post)] == [TODAY]


def test_somebody_on_record_follows_the_day_after(given: Given, browse: Browse) -> None:
    _office, post, person, row = given
    follower, administrator = make.person("新主任"), browse(ADMINISTRATOR)
    page = administrator.get(f"{page_of(row)}?q=新主任")
    assert f'value="{follower.id}"' in page.text
    assert person.name_zh not in page.text.partition("follower")[2]
    send(administrator, page_of(row), data(row, follower=follower.id))
    assert held(post)[1] == ("新主任", TODAY + timedelta(days=1), None)


def test_somebody_new_follows_on_a_day_of_their_own(given: Given, browse: Browse) -> None:
    _office, post, _person, row = given
    begins = TODAY + timedelta(days=30)
    facts = {"follower": "new", "name_zh": "新人", "phone": "024 1234 5678", "starts_on": begins.isoformat()}
    send(browse(ADMINISTRATOR), page_of(row), data(row, **facts))
    assert held(post)[1] == ("新人", begins, None)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"follower": "new"}, "中文姓名"),
        ({"follower": "new", "name_zh": "新人", "starts_on": TODAY.isoformat()}, "前任"),
        ({"ends_on": "1999-01-01"}, "最后一天"),
        ({"follower": "99999"}, "请从列表中选择"),
    ],
)
def test_a_refusal_changes_nothing(given: Given, browse: Browse, more: dict[str, str], words: str) -> None:
    _office, post, _person, row = given
    answer = send(browse(ADMINISTRATOR), page_of(row), data(row, **more))
    assert answer.status_code == 422
    assert "govuk-error-summary" in answer.text
    assert [each[2] for each in held(post)] == [None]


def test_somebody_who_looks_known_is_pointed_out(given: Given, browse: Browse) -> None:
    _office, post, _person, row = given
    known, administrator = make.person("新人"), browse(ADMINISTRATOR)
    facts = data(row, follower="new", name_zh="新人")
    answer = send(administrator, page_of(row), facts)
    assert (answer.status_code, len(held(post))) == (422, 1)
    send(administrator, page_of(row), {**facts, "distinct_from": known.id})
    assert len(held(post)) == 2


def test_somebody_else_saved_first(given: Given, browse: Browse) -> None:
    _office, post, _person, row = given
    old = data(row)
    with write():
        end_appointment(row, YESTERDAY, row.version, by=ADMINISTRATOR)
    answer = send(browse(ADMINISTRATOR), page_of(row), old)
    assert answer.status_code == 409
    assert [each[2] for each in held(post)] == [YESTERDAY]


def test_whoever_may_say_it_is_led_to_the_open_places(given: Given, browse: Browse) -> None:
    _office, post, person, row = given
    meeting = make.meeting(make.organization())
    make.attendee(meeting, person, post=post)
    answer = send(browse(ADMINISTRATOR), page_of(row), data(row))
    assert answer.location == "/workspace/handovers/"


def test_who_may(given: Given, browse: Browse) -> None:
    office, _post, _person, row = given
    elsewhere = make.person("别处的人", post=make.post(make.organization()))
    liaison = browse(liaison_of(office))
    page = liaison.get(f"{page_of(row)}?q=别处的人")
    assert (page.status_code, f'value="{elsewhere.id}"' in page.text) == (200, False)
    assert send(liaison, page_of(row), data(row, follower=elsewhere.id)).status_code == 422
    for actor in (organizer_of(office), liaison_of(make.organization()), make.actor((Role.EDITOR, office))):
        assert browse(actor).get(page_of(row)).status_code == 404
