"""An organization's calendar: who of it goes, what it owes, and nobody else's answers."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventsys.core.actor import Role
from eventsys.core.clock import now
from eventsys.core.transaction import write
from eventsys.directory.models import Organization, Person
from eventsys.extensions import db
from eventsys.feeds.models import CalendarAddress
from eventsys.feeds.places import NAMED
from eventsys.invitations.models import Attendee, Place, PlaceRole, Reply
from eventsys.invitations.operations.answer import answer
from eventsys.invitations.operations.substitute import Named, name_person
from eventsys.meetings.models import Meeting
from tests import factories
from tests.feeds import samples as make
from tests.feeds.samples import INVITEE, ago, events, fetched, lines, only, shown


@pytest.fixture
def district(app: Flask) -> Organization:
    return factories.organization("大东区", name_en="Dadong")


@pytest.fixture
def liaison(district: Organization) -> Person:
    who = make.holder("联络员", language="zh")
    factories.holds(who, Role.LIAISON, district)
    return who


@pytest.fixture
def meeting(app: Flask) -> Meeting:
    with ago(hours=3):
        return make.meeting(make.office(), online_url=make.ROOM)


@pytest.fixture
def theirs(liaison: Person, district: Organization) -> CalendarAddress:
    return make.address(liaison, district)


def asked(to: Meeting, of: Organization, name: str, title: str = "副区长", **facts: Any) -> Attendee:
    """Somebody of the organization, told."""
    post = factories.post(of, title, f"Post {name}")
    with ago(hours=2):
        return factories.attendee(to, factories.person(name), post=post, **facts)


def unnamed(to: Meeting, of: Organization, *, told: bool = True) -> Place:
    """A place that the organization is to name somebody for."""
    with write() as session:
        place = Place(meeting_id=to.id, organization_id=of.id, role=PlaceRole.REQUIRED, created_at=now())
        place.told_at = now() if told else None
        session.add(place)
    return place


def test_who_goes_and_what_is_owed(
    client: FlaskClient, meeting: Meeting, district: Organization, theirs: CalendarAddress
) -> None:
    goes = asked(meeting, district, "李明")
    asked(meeting, district, "王芳", "外办主任")
    unnamed(meeting, district)
    with write():
        answer(goes, Reply.ACCEPTED, "一定到", by=INVITEE)
    found = only(fetched(client, theirs))
    assert shown(found) == ("【2个名额待答复】全市外办主任会议", "TENTATIVE", "TRANSPARENT")
    assert lines(found)[-3:] == ["副区长李明：参加", "外办主任王芳：未回复", "待定人选"]
    assert make.ROOM in str(found["DESCRIPTION"])
    assert "一定到" not in str(found["DESCRIPTION"])


def test_it_blocks_nobodys_time(
    client: FlaskClient, meeting: Meeting, district: Organization, theirs: CalendarAddress
) -> None:
    goes = asked(meeting, district, "李明")
    with write():
        answer(goes, Reply.ACCEPTED, by=INVITEE)
    assert shown(only(fetched(client, theirs))) == ("全市外办主任会议", "CONFIRMED", "TRANSPARENT")


def test_other_organizations_answers_are_not_in_it(
    client: FlaskClient, meeting: Meeting, district: Organization, theirs: CalendarAddress
) -> None:
    elsewhere = factories.organization("铁西区", parent=None)
    below = factories.organization("大东区外办", parent=district)
    mine, other = asked(meeting, district, "李明"), asked(meeting, elsewhere, "王芳")
    asked(meeting, below, "赵强")
    asked(make.meeting(make.office(), title_zh="只请铁西"), elsewhere, "孙伟")
    answer_of = fetched(client, theirs)
    assert len(events(answer_of)) == 1
    text = answer_of.text.replace("\r\n ", "")
    for secret in ("王芳", "赵强", "只请铁西", mine.link_id, other.link_id, theirs.link_id, mine.email, "/r/"):
        assert secret not in text


def test_what_nobody_was_told_of_is_not_in_it(
    client: FlaskClient, meeting: Meeting, district: Organization, theirs: CalendarAddress
) -> None:
    asked(meeting, district, "李明", told=False)
    unnamed(meeting, district, told=False)
    assert events(fetched(client, theirs)) == []
    unnamed(meeting, district)
    assert lines(only(fetched(client, theirs)))[-1] == "待定人选"


def test_when_every_place_is_withdrawn_it_is_cancelled_until_the_meeting_changes(
    client: FlaskClient, meeting: Meeting, district: Organization, theirs: CalendarAddress
) -> None:
    first, second = asked(meeting, district, "李明"), asked(meeting, district, "王芳", "外办主任")
    before = only(fetched(client, theirs))
    make.withdraw(first)
    halfway = only(fetched(client, theirs))
    assert lines(halfway)[-1] == "外办主任王芳：未回复"
    assert halfway["LAST-MODIFIED"].dt > before["LAST-MODIFIED"].dt
    make.withdraw(second)
    gone = only(fetched(client, theirs))
    assert shown(gone) == ("【不再邀请】全市外办主任会议", "CANCELLED", "TRANSPARENT")
    assert lines(gone) == ["本次会议不再请本单位参加。"]
    assert "LOCATION" not in gone
    with ago(seconds=-30):
        make.change(meeting, title_zh="改了题目")
    assert events(fetched(client, theirs)) == []


def test_a_cancelled_meeting_stays_and_says_why(
    client: FlaskClient, meeting: Meeting, district: Organization, theirs: CalendarAddress
) -> None:
    asked(meeting, district, "李明")
    make.cancel(meeting)
    found = only(fetched(client, theirs))
    assert shown(found) == ("【已取消】全市外办主任会议", "CANCELLED", "TRANSPARENT")
    assert "原因：台风" in lines(found)
    assert "李明" not in str(found["DESCRIPTION"])


def test_a_person_named_moves_the_stamp_and_so_does_one_who_left(
    client: FlaskClient, meeting: Meeting, district: Organization, theirs: CalendarAddress
) -> None:
    with ago(minutes=50):
        place = unnamed(meeting, district)
    stamps = [only(fetched(client, theirs))["DTSTAMP"].dt]
    with ago(minutes=40), write():
        row = name_person(place, Named(name="李明"), by=make.organizer(meeting.convener))
    stamps.append(only(fetched(client, theirs))["DTSTAMP"].dt)
    with ago(minutes=30), write() as session:
        session.get_one(Attendee, row.id).is_current = False
    stamps.append(only(fetched(client, theirs))["DTSTAMP"].dt)
    db.session.expire_all()
    with ago(minutes=20):
        make.change(meeting, venue_zh="302会议室")
    stamps.append(only(fetched(client, theirs))["DTSTAMP"].dt)
    assert stamps == sorted(set(stamps))


def test_of_very_many_places_only_the_first_are_named(
    client: FlaskClient, meeting: Meeting, district: Organization, theirs: CalendarAddress
) -> None:
    for number in range(NAMED + 3):
        asked(meeting, district, f"人{number}")
    found = only(fetched(client, theirs))
    assert lines(found)[-1] == "另有3人"
    assert len([line for line in lines(found) if "：未回复" in line]) == NAMED


def test_in_english(client: FlaskClient, meeting: Meeting, district: Organization, theirs: CalendarAddress) -> None:
    asked(meeting, district, "李明")
    answer_of = fetched(client, theirs, "en")
    assert "X-WR-CALNAME:Meetings of Dadong" in answer_of.text
    found = only(answer_of)
    assert shown(found)[0] == "[1 place open] Municipal conference"
    assert lines(found)[-1].startswith("Post 李明 Person ")
    assert lines(found)[-1].endswith(": No reply")
