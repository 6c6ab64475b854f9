"""A liaison answers for the organizations they answer for, and for no other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from eventsys.core.actor import Actor, Channel, Role
from eventsys.core.clock import now
from eventsys.core.transaction import write
from eventsys.directory.models import OrganizationKind
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Leave, Place, Reply, ReplyEvent
from eventsys.invitations.operations.answer import answer
from eventsys.meetings.models import Meeting, MeetingState
from tests import factories as make
from tests.personas import Browse
from tests.web.forms import post

pytestmark = pytest.mark.usefixtures("chinese")


@dataclass
class Scene:
    meeting_id: int
    deputy: int
    director: int
    deputy_place: int
    director_place: int
    unnamed: int
    unasked: int
    foreign_place: int
    staff: int
    liaison: Actor
    other: Actor

    @property
    def url(self) -> str:
        return f"/portal/meetings/{self.meeting_id}"


@pytest.fixture
def scene(app: Flask) -> Scene:
    office = make.organization("外办", kind=OrganizationKind.OFFICE)
    meeting = make.meeting(office, contact_name="张科长", contact_phone="024-1")
    district, foreign = make.organization("大东区"), make.organization("沈河区")
    rows = []
    for of, title in ((district, "副区长"), (district, "外办主任"), (foreign, "副区长")):
        held = make.post(of, title)
        rows.append(make.attendee(meeting, make.person(f"{of.name_zh[:2]}{title}", post=held), post=held))
    staff = make.person("科员甲", post=make.post(district, "科员"))
    with write() as session:
        unnamed = Place(meeting_id=meeting.id, organization_id=district.id, told_at=now(), created_at=now(), position=8)
        unasked = Place(meeting_id=meeting.id, organization_id=district.id, created_at=now(), position=9)
        session.add_all((unnamed, unasked))
    return Scene(
        meeting.id,
        rows[0].id,
        rows[1].id,
        rows[0].place_id,
        rows[1].place_id,
        unnamed.id,
        unasked.id,
        rows[2].place_id,
        staff.id,
        make.actor((Role.LIAISON, district), label="联络员甲"),
        make.actor((Role.LIAISON, foreign), label="联络员乙"),
    )


def versions(scene: Scene) -> dict[str, str]:
    """The hidden versions as the page carries them."""
    db.session.rollback()
    found = db.session.execute(select(Attendee.place_id, Attendee.version).where(Attendee.is_current)).all()
    own = {scene.deputy_place, scene.director_place}
    named = {f"p{place}-version": str(version) for place, version in found if place in own}
    return {**named, f"p{scene.unnamed}-version": "0"}


def state(attendee_id: int) -> tuple[Reply, Leave, str]:
    db.session.rollback()
    row = db.session.get_one(Attendee, attendee_id)
    return row.reply, row.leave, row.comment


def test_the_home_page_puts_open_places_first(browse: Browse, scene: Scene) -> None:
    client = browse(scene.liaison)
    page = client.get("/portal/?lang=zh").get_data(as_text=True)
    assert "3个名额待答复" in page
    assert f'href="{scene.url}"' in page


def test_every_place_of_the_organization_and_no_other(browse: Browse, scene: Scene) -> None:
    page = browse(scene.liaison).get(scene.url).get_data(as_text=True)
    assert re.findall(r'id="p(\d+)-row"', page) == [
        str(place) for place in (scene.deputy_place, scene.director_place, scene.unnamed)
    ]
    other = browse(scene.other).get(scene.url).get_data(as_text=True)
    assert re.findall(r'id="p(\d+)-row"', other) == [str(scene.foreign_place)]


def test_strangers_members_and_other_meetings_get_nothing(browse: Browse, scene: Scene) -> None:
    assert browse(None).get(scene.url).status_code == 302
    organizer = make.actor((Role.ORGANIZER, make.organization("别单位")))
    assert browse(organizer).get(scene.url).status_code == 404
    assert browse(organizer).get("/portal/").status_code == 403
    client = browse(scene.liaison)
    assert client.get("/portal/meetings/999").status_code == 404
    for place in (scene.foreign_place, scene.unasked, 999):
        assert client.get(f"{scene.url}/places/{place}").status_code == 404
    with write() as session:
        session.execute(update(Meeting).values(state=MeetingState.DRAFT))
    assert client.get(scene.url).status_code == 404


def test_several_rows_are_saved_in_one_form(browse: Browse, scene: Scene) -> None:
    client = browse(scene.liaison)
    data = {
        **versions(scene),
        f"p{scene.deputy_place}-answer": "leave",
        f"p{scene.deputy_place}-comment": "率团出访",
        f"p{scene.director_place}-answer": "accepted",
        f"p{scene.unnamed}-person": str(scene.staff),
    }
    done = post(client, scene.url, data)
    assert (done.status_code, done.headers["Location"]) == (303, scene.url)
    assert state(scene.deputy) == (Reply.DECLINED, Leave.REQUESTED, "率团出访")
    assert state(scene.director) == (Reply.ACCEPTED, Leave.NONE, "")
    named = db.session.scalars(select(Attendee).where(Attendee.place_id == scene.unnamed)).one()
    assert (named.person_id, named.name_zh, named.told_at is not None) == (scene.staff, "科员甲", True)
    events = db.session.execute(select(ReplyEvent.act, ReplyEvent.channel, ReplyEvent.by)).all()
    assert {tuple(row) for row in events} == {
        ("leave", Channel.PORTAL, "联络员甲"),
        ("accepted", Channel.PORTAL, "联络员甲"),
        ("named", Channel.PORTAL, "联络员甲"),
    }


def test_untouched_rows_stay(browse: Browse, scene: Scene) -> None:
    data = {**versions(scene), f"p{scene.director_place}-answer": "tentative"}
    assert post(browse(scene.liaison), scene.url, data).status_code == 303
    assert [state(row)[0] for row in (scene.deputy, scene.director)] == [Reply.PENDING, Reply.TENTATIVE]


def test_an_earlier_answer_of_a_second_liaison_is_seen(browse: Browse, scene: Scene) -> None:
    seen = versions(scene)
    with write() as session:
        answer(session.get_one(Attendee, scene.deputy), Reply.TENTATIVE, by=scene.liaison, channel=Channel.PORTAL)
    data = {
        **seen,
        f"p{scene.deputy_place}-answer": "declined",
        f"p{scene.deputy_place}-comment": "改派他人",
        f"p{scene.director_place}-answer": "accepted",
    }
    client = browse(scene.liaison)
    refused = post(client, scene.url + "?lang=zh", data, page=scene.url)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 409
    assert "改派他人" in page and "您选择的是：不参加。现为：待定" in page
    assert [state(row)[0] for row in (scene.deputy, scene.director)] == [Reply.TENTATIVE, Reply.PENDING]
    again = post(client, scene.url, {**data, **versions(scene)})
    assert again.status_code == 303
    assert [state(row)[0] for row in (scene.deputy, scene.director)] == [Reply.DECLINED, Reply.ACCEPTED]


def test_a_name_given_meanwhile_is_seen(browse: Browse, scene: Scene) -> None:
    client, url = browse(scene.liaison), f"{scene.url}/places/{scene.unnamed}"
    data = {**versions(scene), f"p{scene.unnamed}-person": str(scene.staff)}
    assert post(client, url, {"person": "0", "name": "周洁", "title": "科长", "version": "0"}).status_code == 303
    refused = post(client, scene.url, data)
    assert refused.status_code == 409
    assert "周洁" in refused.get_data(as_text=True)
    assert post(client, url, {"person": "0", "name": "别人", "version": "0"}).status_code == 409
    db.session.rollback()
    people = db.session.scalars(select(Attendee.name_zh).where(Attendee.place_id == scene.unnamed)).all()
    assert people == ["周洁"]


def test_a_substitute_is_named(browse: Browse, scene: Scene) -> None:
    client, url = browse(scene.liaison), f"{scene.url}/places/{scene.deputy_place}"
    data = {"person": str(scene.staff), "version": versions(scene)[f"p{scene.deputy_place}-version"]}
    assert post(client, url, data).status_code == 303
    assert state(scene.deputy)[0] is Reply.DELEGATED
    assert post(client, url, {**data, "person": "0", "name": "别人"}).status_code == 409


@pytest.mark.parametrize(
    ("suffix", "value", "message"),
    [
        ("answer", "leave", "请写明请假事由。"),
        ("answer", "delegated", "请从列表中选择。"),
        ("comment", "只有事由", "请选择与此事由对应的答复。"),
        ("version", "1", "请至少选择一项答复。"),
    ],
)
def test_what_is_missing_is_said_at_its_row(
    browse: Browse, scene: Scene, suffix: str, value: str, message: str
) -> None:
    data = {**versions(scene), f"p{scene.deputy_place}-{suffix}": value}
    refused = post(browse(scene.liaison), scene.url, data)
    assert (refused.status_code, message in refused.get_data(as_text=True)) == (422, True)
    assert state(scene.deputy)[0] is Reply.PENDING


def test_rows_of_another_organization_do_not_exist(browse: Browse, scene: Scene) -> None:
    for place in (scene.foreign_place, scene.unasked):
        data = {**versions(scene), f"p{place}-answer": "accepted", f"p{place}-version": "1"}
        assert post(browse(scene.liaison), scene.url, data).status_code == 404
    db.session.rollback()
    assert db.session.scalars(select(ReplyEvent)).all() == []


def test_a_person_of_another_organization_cannot_be_named(browse: Browse, scene: Scene) -> None:
    stranger = make.person("外人")
    data = {**versions(scene), f"p{scene.unnamed}-person": str(stranger.id)}
    assert post(browse(scene.liaison), scene.url, data).status_code == 422


def test_after_the_deadline_nothing_typed_is_lost(browse: Browse, scene: Scene) -> None:
    client = browse(scene.liaison)
    token = client.get(scene.url)
    data = {**versions(scene), f"p{scene.deputy_place}-answer": "leave", f"p{scene.deputy_place}-comment": "率团出访"}
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', token.get_data(as_text=True))
    assert csrf is not None
    with write() as session:
        session.execute(update(Meeting).values(reply_by=now() - timedelta(seconds=1)))
    refused = client.post(scene.url, data={**data, "csrf_token": csrf[1]})
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "率团出访" in page and "请致电张科长：024-1。" in page
    assert state(scene.deputy)[0] is Reply.PENDING


def test_a_post_without_the_token_changes_nothing(browse: Browse, scene: Scene) -> None:
    client: FlaskClient = browse(scene.liaison)
    data = {**versions(scene), f"p{scene.deputy_place}-answer": "accepted"}
    assert client.post(scene.url, data=data).status_code == 400
    assert state(scene.deputy)[0] is Reply.PENDING


def test_opening_changes_nothing(browse: Browse, scene: Scene) -> None:
    client = browse(scene.liaison)
    for url in ("/portal/", scene.url, f"{scene.url}/places/{scene.unnamed}"):
        assert client.get(url).status_code == 200
    db.session.rollback()
    assert db.session.scalars(select(ReplyEvent)).all() == []
