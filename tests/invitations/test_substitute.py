"""Naming people: substitutes up to the third hand, never in a circle, and persons for places to be named."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from eventsys.core.actor import Actor, Channel
from eventsys.core.clock import now, played_at
from eventsys.core.errors import DomainError, Stale
from eventsys.core.outbox import Letter, LetterState
from eventsys.core.transaction import write
from eventsys.directory.models import OrganizationKind
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Place, Reply, ReplyEvent
from eventsys.invitations.operations.answer import answer
from eventsys.invitations.operations.substitute import Named, name_person, name_substitute
from eventsys.invitations.queries import replies
from tests import factories as make
from tests.invitations.link import link, post

pytestmark = pytest.mark.usefixtures("chinese")

INVITEE = Actor(label="李明", channel=Channel.LINK)


@pytest.fixture
def first(app: Flask) -> Attendee:
    office = make.organization("外办", kind=OrganizationKind.OFFICE)
    deputy = make.post(make.organization("大东区"), "副区长")
    who = make.person("李明", post=deputy, email="li@example.org", phone="024-1")
    return make.attendee(make.meeting(office), who, post=deputy)


def delegate(attendee: Attendee, **named: str) -> Attendee:
    with write():
        return name_substitute(attendee, Named(**named), by=INVITEE)


def people(place_id: int) -> list[tuple[str, Reply, bool]]:
    db.session.rollback()
    statement = select(Attendee).where(Attendee.place_id == place_id).order_by(Attendee.id)
    return [(row.name_zh or row.name_en, row.reply, row.is_current) for row in db.session.scalars(statement)]


def letters() -> list[tuple[str, str]]:
    db.session.rollback()
    return [(row.kind, row.address) for row in db.session.scalars(select(Letter).order_by(Letter.id))]


def test_a_substitute_stands_on_the_same_place_and_is_invited(app: Flask, client: FlaskClient, first: Attendee) -> None:
    place_id, meeting_id = first.place_id, first.meeting_id
    values = {"name": "王芳", "title": "区政府办副主任", "phone": "139", "email": "wang@example.org"}
    assert post(client, link(app, first), "substitute", **values).status_code == 303
    assert people(place_id) == [("李明", Reply.DELEGATED, False), ("王芳", Reply.PENDING, True)]
    assert letters() == [("invitation", "wang@example.org"), ("delegation", "li@example.org")]
    assert replies.counts(meeting_id) == replies.Counts(no_reply=1)
    body = client.get(link(app, first) + "?lang=zh").get_data(as_text=True)
    assert "由区政府办副主任王芳代会。" in body and "代会人尚未确认。" in body


def test_the_substitute_answers_on_a_page_of_their_own(app: Flask, client: FlaskClient, first: Attendee) -> None:
    meeting_id = first.meeting_id
    second = delegate(first, name="王芳", title="副主任", email="wang@example.org")
    url = link(app, second)
    assert "请您代副区长参会。" in client.get(url + "?lang=zh").get_data(as_text=True)
    assert post(client, url, "accepted").status_code == 303
    db.session.rollback()
    assert replies.counts(meeting_id) == replies.Counts(substitute=1)
    assert "代会人已确认参加。" in client.get(link(app, first) + "?lang=zh").get_data(as_text=True)


def test_a_substitute_without_address_counts_as_one(app: Flask, first: Attendee) -> None:
    meeting_id = first.meeting_id
    delegate(first, name="王芳", title="副主任", phone="139")
    assert letters() == [("delegation", "li@example.org")]
    assert replies.counts(meeting_id) == replies.Counts(substitute=1)


def test_a_substitute_who_declines_returns_the_place(app: Flask, client: FlaskClient, first: Attendee) -> None:
    place_id, meeting_id = first.place_id, first.meeting_id
    second = delegate(first, name="王芳", title="副主任", email="wang@example.org")
    url = link(app, second)
    assert post(client, url, "declined", comment="").status_code == 303
    assert people(place_id) == [("李明", Reply.PENDING, True), ("王芳", Reply.DECLINED, False)]
    assert replies.counts(meeting_id) == replies.Counts(no_reply=1)
    assert "此名额现由他人参加。" in client.get(url + "?lang=zh").get_data(as_text=True)
    events = db.session.execute(select(ReplyEvent.act, ReplyEvent.attendee_id).order_by(ReplyEvent.id)).all()
    one, two = first.id, second.id
    assert [tuple(row) for row in events] == [
        ("delegated", one),
        ("named", two),
        ("declined", two),
        ("returned", one),
    ]


def test_up_to_three_hands(app: Flask, first: Attendee) -> None:
    second = delegate(first, name="乙", title="二")
    third = delegate(second, name="丙", title="三")
    fourth = delegate(third, name="丁", title="四")
    with pytest.raises(DomainError, match="三次"):
        delegate(fourth, name="戊", title="五")
    assert people(first.place_id)[-1] == ("丁", Reply.PENDING, True)
    with write():
        answer(fourth, Reply.DECLINED, by=INVITEE)
    assert people(first.place_id) == [
        ("李明", Reply.DELEGATED, False),
        ("乙", Reply.DELEGATED, False),
        ("丙", Reply.PENDING, True),
        ("丁", Reply.DECLINED, False),
    ]


@pytest.mark.parametrize(
    "named",
    [
        {"name": "李明", "title": "副区长"},
        {"name": "李某", "title": "副区长", "email": "LI@example.org"},
        {"name": "李明", "title": "副区长", "phone": "024-1"},
    ],
)
def test_never_a_circle(app: Flask, first: Attendee, named: dict[str, str]) -> None:
    with pytest.raises(DomainError):
        delegate(first, **named)
    second = delegate(first, name="王芳", title="副主任")
    with pytest.raises(DomainError):
        delegate(second, **named)
    assert people(first.place_id)[-1] == ("王芳", Reply.PENDING, True)


def test_two_people_of_one_name_are_told_apart(app: Flask, first: Attendee) -> None:
    delegate(first, name="李明", title="区外办主任", email="other.li@example.org")
    assert people(first.place_id) == [("李明", Reply.DELEGATED, False), ("李明", Reply.PENDING, True)]


def test_the_person_invited_takes_the_place_back(app: Flask, client: FlaskClient, first: Attendee) -> None:
    place_id = first.place_id
    second = delegate(first, name="王芳", title="副主任", email="wang@example.org")
    assert post(client, link(app, first), "accepted").status_code == 303
    assert people(place_id) == [("李明", Reply.ACCEPTED, True), ("王芳", Reply.PENDING, False)]
    assert post(client, link(app, second), "accepted").status_code == 404
    assert people(place_id)[0] == ("李明", Reply.ACCEPTED, True)


def test_a_substitute_who_was_told_is_told_that_the_place_is_taken_back(app: Flask, first: Attendee) -> None:
    delegate(first, name="王芳", title="副主任", email="wang@example.org")
    with write() as session:
        session.execute(update(Letter).values(state=LetterState.SENT))
    with write():
        answer(first, Reply.ACCEPTED, by=INVITEE)
    assert letters()[2:] == [("withdrawal", "wang@example.org"), ("return", "li@example.org")]


def test_another_substitute_takes_the_place_of_the_first(app: Flask, first: Attendee) -> None:
    delegate(first, name="王芳", title="副主任")
    delegate(first, name="赵强", title="科长")
    assert people(first.place_id) == [
        ("李明", Reply.DELEGATED, False),
        ("王芳", Reply.PENDING, False),
        ("赵强", Reply.PENDING, True),
    ]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"name": "", "title": "科长", "phone": "1"}, "请填写姓名。"),
        ({"name": "王芳", "title": "", "phone": "1"}, "请填写职务。"),
        ({"name": "王芳", "title": "科长"}, "请填写电话或电子邮箱，以便联系。"),
        ({"name": "王芳", "title": "科长", "email": "a@b@c"}, "请填写一个电子邮箱，例如 name@example.org，或留空。"),
        ({"name": "王芳", "title": "科长", "email": "=?utf-8?q?x?=@a.org"}, "请填写一个电子邮箱"),
        ({"name": "王\u202e芳", "title": "科长", "phone": "1"}, "会改变文字方向"),
        ({"name": "王" * 121, "title": "科长", "phone": "1"}, "121"),
    ],
)
def test_what_is_missing_or_strange_is_said_at_the_field(
    app: Flask, client: FlaskClient, first: Attendee, values: dict[str, str], message: str
) -> None:
    place_id = first.place_id
    answered = post(client, link(app, first), "substitute", **values)
    body = answered.get_data(as_text=True)
    assert (answered.status_code, body.count(message) >= 2) == (422, True)
    assert people(place_id) == [("李明", Reply.PENDING, True)]


def unnamed(first: Attendee) -> Place:
    with write() as session:
        place = Place(
            meeting_id=first.meeting_id,
            organization_id=first.place.organization_id,
            told_at=now(),
            created_at=now(),
        )
        session.add(place)
    return place


def test_a_person_named_for_a_place_is_invited(app: Flask, first: Attendee) -> None:
    place, who = unnamed(first), make.person("周洁", email="zhou@example.org")
    place_id, person_id, meeting_id = place.id, who.id, first.meeting_id
    assert replies.counts(meeting_id) == replies.Counts(no_reply=1, to_be_named=1)
    with write():
        name_person(place, Named(person_id=person_id), by=INVITEE, channel=Channel.PORTAL)
    assert people(place_id) == [("周洁", Reply.PENDING, True)]
    assert letters() == [("invitation", "zhou@example.org")]
    with pytest.raises(Stale), write():
        name_person(place, Named(name="别人"), by=INVITEE, channel=Channel.PORTAL)


def test_nobody_gets_a_second_place(app: Flask, first: Attendee) -> None:
    place, person_id = unnamed(first), first.person_id
    with pytest.raises(DomainError, match="已有名额"), write():
        name_person(place, Named(person_id=person_id), by=INVITEE, channel=Channel.PORTAL)
    assert people(place.id) == []


def test_a_place_does_not_go_back_to_somebody_who_has_another(app: Flask, first: Attendee) -> None:
    meeting_id, place_id = first.meeting_id, first.place_id
    second = delegate(first, name="王芳", title="副主任")
    place, person_id = unnamed(first), first.person_id
    with write():
        name_person(place, Named(person_id=person_id), by=INVITEE, channel=Channel.WEB)
    with write():
        answer(second, Reply.DECLINED, by=INVITEE)
    assert people(place_id) == [("李明", Reply.DELEGATED, False), ("王芳", Reply.DECLINED, False)]
    assert replies.counts(meeting_id) == replies.Counts(no_reply=1, to_be_named=1)


def test_a_withdrawn_place_takes_nobody(app: Flask, first: Attendee) -> None:
    place = unnamed(first)
    with write() as session:
        session.execute(update(Place).where(Place.id == place.id).values(withdrawn_at=now()))
    with pytest.raises(DomainError, match="已取消"), write():
        name_person(place, Named(name="周洁"), by=INVITEE, channel=Channel.WEB)


def test_a_link_names_a_few_people_a_day(app: Flask, first: Attendee) -> None:
    for number in range(5):
        delegate(first, name=f"代会人{number}", email=f"number-{number}@example.org")
    with pytest.raises(DomainError, match="今天"):
        delegate(first, name="又一个", email="one-more@example.org")
    assert "one-more@example.org" not in {address for _kind, address in letters()}
    with write():
        name_substitute(first, Named(name="又一个"), by=Actor(label="组织者", channel=Channel.ON_BEHALF))
    with played_at(now() + timedelta(days=1, minutes=1)):
        delegate(first, name="第二天")
