"""Whoever is taken off a place is told so once, and their link opens nothing any more."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventsys.core.actor import Actor, Channel
from eventsys.core.outbox import Letter, LetterState
from eventsys.core.transaction import write
from eventsys.directory.models import OrganizationKind
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Reply
from eventsys.invitations.operations.answer import answer
from eventsys.invitations.operations.substitute import Named, name_substitute
from eventsys.invitations.queries.change import told
from eventsys.meetings.models import Meeting
from tests import factories as make
from tests.invitations.link import link

INVITEE = Actor(label="李明", channel=Channel.LINK)


@pytest.fixture
def first(app: Flask) -> Attendee:
    office = make.organization("外办", kind=OrganizationKind.OFFICE)
    deputy = make.post(make.organization("大东区"), "副区长")
    who = make.person("李明", post=deputy, email="li@example.org")
    return make.attendee(make.meeting(office, online_url="https://meet.example.org/room"), who, post=deputy)


def delegate(attendee: Attendee, name: str, email: str) -> Attendee:
    with write():
        return name_substitute(attendee, Named(name, "副主任", "139", email), by=INVITEE)


def send_all() -> None:
    """Everything queued has left."""
    with write() as session:
        for letter in session.scalars(select(Letter).where(Letter.state == LetterState.QUEUED)):
            letter.state = LetterState.SENT


def status(client: FlaskClient, *urls: str) -> list[int]:
    return [client.get(url).status_code for url in urls]


def test_who_takes_the_place_back_closes_the_links_of_all_who_stood_in(
    app: Flask, client: FlaskClient, first: Attendee
) -> None:
    second = delegate(first, "王芳", "wang@example.org")
    third = delegate(second, "赵强", "zhao@example.org")
    urls = [link(app, row) for row in (first, second, third)]
    send_all()
    assert status(client, *urls) == [200, 200, 200]
    with write():
        answer(first, Reply.ACCEPTED, by=INVITEE)
    assert status(client, *urls, urls[1] + ".ics") == [200, 404, 404, 404]
    db.session.rollback()
    gone = db.session.execute(select(Letter.address).where(Letter.kind == "withdrawal").order_by(Letter.address))
    assert [row.address for row in gone] == ["wang@example.org", "zhao@example.org"]
    meeting = db.session.scalars(select(Meeting)).one()
    assert [row.email for row in told(meeting).invitees] == ["li@example.org"]


def test_another_substitute_closes_the_link_of_the_first(app: Flask, client: FlaskClient, first: Attendee) -> None:
    second = delegate(first, "王芳", "wang@example.org")
    url = link(app, second)
    third = delegate(first, "赵强", "zhao@example.org")
    assert status(client, url, link(app, third), link(app, first)) == [404, 200, 200]


def test_a_substitute_who_declined_sees_that_and_nothing_of_the_meeting_inside(
    app: Flask, client: FlaskClient, first: Attendee
) -> None:
    second = delegate(first, "王芳", "wang@example.org")
    url = link(app, second)
    assert "https://meet.example.org/room" in client.get(url).text
    with write():
        answer(second, Reply.DECLINED, by=INVITEE)
    page = client.get(url + "?lang=en")
    assert (page.status_code, "now held by somebody else" in page.text) == (200, True)
    assert "https://meet.example.org/room" not in page.text
    assert status(client, url + ".ics") == [404]
