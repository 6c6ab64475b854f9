"""Preparing: places for people and posts, nobody twice, nobody told."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from eventsys.core.errors import DomainError
from eventsys.core.transaction import write
from eventsys.directory.models import OrganizationKind
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Place, PlaceRole
from eventsys.invitations.operations.prepare import Prepared, prepare
from eventsys.invitations.queries.prepare import Pick, parse_key, picks
from eventsys.meetings.models import MeetingState
from tests import factories
from tests.invitations.asking import Office, letters, office

pytestmark = pytest.mark.usefixtures("english")


def keys(found: list[Pick]) -> list[str]:
    return [pick.key for pick in found]


def put(case: Office, chosen: list[str], role: PlaceRole = PlaceRole.REQUIRED) -> Prepared:
    with write():
        return prepare(case.meeting, chosen, role, by=case.by)


def test_the_director_of_every_district(app):
    case = office()
    kind = factories.post_kind()
    held = factories.post(factories.organization("甲区"), kind=kind)
    vacant = factories.post(factories.organization("乙区"), kind=kind)
    factories.post(factories.organization("丙县", kind=OrganizationKind.COUNTY), kind=kind)
    director = factories.person("李明", post=held)
    found = picks(case.meeting, {"post_kind_ids": [kind.id], "organization_kinds": ["district"]})
    assert keys(found) == [f"{held.id}.{director.id}", f"{vacant.id}.0"]
    assert put(case, keys(found)) == Prepared(places=2, to_be_named=1)
    places = db.session.execute(select(Place.post_id, Place.role).order_by(Place.position)).all()
    assert places == [(held.id, PlaceRole.REQUIRED), (vacant.id, PlaceRole.REQUIRED)]
    people = db.session.execute(select(Attendee.person_id, Attendee.title_zh, Attendee.told_at)).all()
    assert people == [(director.id, "主任", None)]
    assert letters() == []


def test_nobody_is_asked_twice_as_a_person_or_by_a_post(app):
    case = office()
    held = factories.post(factories.organization())
    vacant = factories.post(factories.organization())
    factories.person(post=held)
    rule = {"post_ids": [held.id, vacant.id]}
    assert put(case, keys(picks(case.meeting, rule))).places == 2
    assert [pick.is_asked for pick in picks(case.meeting, rule)] == [True, True]
    with pytest.raises(DomainError, match="already"):
        put(case, keys(picks(case.meeting, rule)))
    added = factories.person(post=factories.post(factories.organization()))
    both = keys(picks(case.meeting, {**rule, "person_ids": [added.id]}))
    assert put(case, both) == Prepared(places=1, already=2)


def test_two_holders_of_one_post_get_a_place_each(app):
    case = office()
    shared = factories.post(factories.organization())
    factories.person("甲", post=shared)
    factories.person("乙", post=shared)
    assert put(case, keys(picks(case.meeting, {"post_ids": [shared.id]}))).places == 2
    assert sorted(db.session.scalars(select(Attendee.name_zh))) == ["乙", "甲"]
    assert list(db.session.scalars(select(Place.post_id).order_by(Place.position))) == [shared.id, None]


def test_without_address_is_counted(app):
    case = office()
    who = factories.person(email="")
    assert put(case, [f"0.{who.id}"]) == Prepared(places=1, without_address=1)


@pytest.mark.parametrize("key", ["", "x", "1", "1.2.3", "٣.١", "-1.2", "9" * 30 + ".1"])
def test_a_key_that_is_none_picks_nobody(app, key):
    case = office()
    assert parse_key(key) == (0, 0) if key != "1" else True
    with pytest.raises(DomainError, match="at least one"):
        put(case, [key])


@pytest.mark.parametrize("state", [MeetingState.CONCLUDED, MeetingState.CANCELLED])
def test_a_meeting_that_is_over_takes_nobody(app, state):
    case = office(state=state)
    who = factories.person()
    with pytest.raises(DomainError):
        put(case, [f"0.{who.id}"])
    assert db.session.scalars(select(Place)).all() == []


def test_roles_are_kept(app):
    case = office()
    put(case, [f"0.{factories.person().id}"], PlaceRole.CHAIR)
    assert db.session.scalars(select(Place.role)).all() == [PlaceRole.CHAIR]
