"""The page of answers asks every few seconds whether it is still right."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from eventsys.core.actor import Actor, Channel, Role
from eventsys.core.outbox import Letter, LetterState
from eventsys.core.transaction import write
from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Place, Reply
from eventsys.invitations.operations.answer import answer
from eventsys.invitations.operations.send import invite
from eventsys.invitations.operations.withdraw import mark_of_place, people_of, withdraw_place
from eventsys.meetings.models import Meeting
from tests import factories as make
from tests.bench.in_process import counted
from tests.invitations.asking import Office, office
from tests.personas import Browse

LINK = Actor(label="本人", channel=Channel.LINK)


@pytest.fixture
def case(app: Flask) -> Office:
    return office()


@pytest.fixture
def client(browse: Browse, case: Office) -> FlaskClient:
    who = make.person("组织者")
    make.holds(who, Role.ORGANIZER, case.organization)
    return browse.account(make.account(who))


def asked(case: Office, client: FlaskClient) -> str:
    """The question that the page as it is now asks."""
    page = client.get(f"/workspace/meetings/{case.meeting.id}/invitations/").text
    found = dict(re.findall(r'data-(changes|mark|tag)="([^"]*)"', page))
    return f"{found['changes']}?{urlencode({'mark': found['mark'], 'seen': found['tag']})}"


def test_nothing_new_costs_one_query_and_renders_nothing(
    app: Flask, case: Office, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _each in range(3):
        make.attendee(case.meeting, make.person())
    question = asked(case, client)
    monkeypatch.setattr("eventsys.web.pages.render_plain", None)
    with counted(app) as statements:
        still = client.get(question)
    assert (still.status_code, still.data, len(statements)) == (204, b"", 1)
    assert "Set-Cookie" not in still.headers


def test_whatever_happens_is_noticed(case: Office, client: FlaskClient) -> None:
    row = make.attendee(case.meeting, make.person(), told=False)
    other = make.meeting(case.organization, starts_at=case.meeting.starts_at)
    there = make.attendee(other, make.person())

    def attendee() -> Attendee:
        return db.session.get_one(Attendee, row.id)

    def bounce() -> None:
        db.session.execute(update(Letter).values(state=LetterState.BOUNCED))

    def withdraw() -> None:
        place = db.session.get_one(Place, row.place_id)
        withdraw_place(place, mark_of_place(place, people_of(place)), by=case.by)

    acts = {
        "invited": lambda: invite(db.session.get_one(Meeting, case.meeting.id), [attendee()], by=case.by),
        "mail came back": bounce,
        "accepted": lambda: answer(attendee(), Reply.ACCEPTED, by=LINK),
        "declined": lambda: answer(attendee(), Reply.DECLINED, "病", by=LINK),
        "answered at a meeting at that time": lambda: answer(there, Reply.ACCEPTED, by=LINK),
        "withdrawn": withdraw,
    }
    found = {}
    for name, act in acts.items():
        question = asked(case, client)
        with write():
            act()
        found[name] = client.get(question).status_code
    assert found == dict.fromkeys(acts, 200)


def test_what_happens_at_other_meetings_is_nothing_new(case: Office, client: FlaskClient) -> None:
    elsewhere = make.attendee(make.meeting(make.organization(), starts_at=case.meeting.ends_at), make.person())
    question = asked(case, client)
    with write():
        answer(elsewhere, Reply.ACCEPTED, by=LINK)
    assert client.get(question).status_code == 204


def test_the_mark_opens_nothing_elsewhere(browse: Browse, case: Office, client: FlaskClient) -> None:
    question = asked(case, client)
    other = make.meeting(case.organization)
    assert client.get(question.replace(f"/{case.meeting.id}/", f"/{other.id}/")).status_code == 404
    assert client.get(question.partition("?")[0]).status_code == 404
    assert client.get(question.replace("mark=", "mark=é")).status_code == 404
    assert browse(None).get(question).status_code == 404
    stranger = make.person()
    make.holds(stranger, Role.ORGANIZER, make.organization())
    assert browse.account(make.account(stranger)).get(question).status_code == 404


def test_a_column_for_further_places_and_one_for_observers(browse: Browse, case: Office) -> None:
    district: Organization = make.organization()
    make.attendee(case.meeting, make.person(), post=make.post(district, kind=make.post_kind()))
    for facts in ({"is_further": True}, {"is_further": True, "role": "observer"}, {}):
        with write() as session:
            session.add(
                Place(
                    meeting_id=case.meeting.id, organization_id=district.id, created_at=case.meeting.created_at, **facts
                )
            )
    reader, base = browse(case.by), f"/workspace/meetings/{case.meeting.id}/invitations/"
    page = reader.get(base + "?lang=en").text
    heads = re.findall(r'<th scope="col">([^<]*)</th>', page)
    assert heads == [
        "Organization",
        "Foreign affairs director",
        "Other posts",
        "Further places",
        "Observers",
        "Answered",
    ]
    for word in ("further", "observers", "0"):
        table = reader.get(f"{base}?view=table&kind={word}").text
        assert table.count("<tr><td>") == 1, word
        assert f'<option value="{word}" selected>' in table
