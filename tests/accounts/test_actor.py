"""Who somebody is: roles of today, and for which organizations a liaison answers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from eventsys.accounts.queries import liaisons_of, load_actor, office_day
from eventsys.core.actor import ANONYMOUS, Held, Role
from eventsys.extensions import db
from tests import factories
from tests.personas import Browse


def test_roles_carry_what_they_are_held_for(app: Flask) -> None:
    office = factories.organization("外办")
    meeting = factories.meeting(office)
    who = factories.person("王芳", name_en="Wang Fang")
    account = factories.account(who)
    factories.holds(who, Role.ORGANIZER, office)
    factories.holds(who, Role.CHECK_IN, meeting_id=meeting.id)
    factories.holds(who, Role.EDITOR, office, ends_on=office_day() - timedelta(days=2))
    factories.holds(who, Role.APPROVER, office, ends_on=office_day() + timedelta(days=2))
    actor = load_actor(account.id)
    assert (actor.label, actor.account_id, actor.person_id) == ("王芳", account.id, who.id)
    assert actor.held == (
        Held(Role.ORGANIZER, office.id, office.path),
        Held(Role.CHECK_IN, meeting_id=meeting.id),
        Held(Role.APPROVER, office.id, office.path),
    )
    assert actor.liaison_for == frozenset()


def test_closed_accounts_are_nobody(app: Flask) -> None:
    account = factories.account(factories.person(), active=False)
    assert load_actor(account.id) == ANONYMOUS
    assert load_actor(account.id + 1) == ANONYMOUS


def test_the_nearest_liaison_answers(app: Flask) -> None:
    city = factories.organization("市")
    district = factories.organization("区", parent=city)
    street = factories.organization("街道", parent=district)
    county = factories.organization("县", parent=city)
    people = {}
    for name, of in (("city", city), ("district", district)):
        people[name] = factories.person(email=f"{name}@example.org")
        factories.holds(people[name], Role.LIAISON, of)
    former = factories.person()
    factories.holds(former, Role.LIAISON, county, ends_on=date(2020, 1, 1))
    answers_for = {name: load_actor(factories.account(who).id).liaison_for for name, who in people.items()}
    assert answers_for == {"city": {city.id, county.id}, "district": {district.id, street.id}}
    found = liaisons_of({each.id: each.path for each in (city, district, street, county)})
    assert {key: [one.id for one in value] for key, value in found.items()} == {
        city.id: [people["city"].id],
        county.id: [people["city"].id],
        district.id: [people["district"].id],
        street.id: [people["district"].id],
    }


def test_an_organization_without_any_liaison_has_none(app: Flask) -> None:
    lone = factories.organization()
    assert liaisons_of({lone.id: lone.path}) == {lone.id: []}


@pytest.mark.parametrize(("role", "most"), [(Role.ORGANIZER, 1), (Role.LIAISON, 2)])
def test_knowing_somebody_costs_at_most_two_queries(browse: Browse, role: Role, most: int) -> None:
    office = factories.organization()
    who = factories.person()
    for each in (role, Role.APPROVER, Role.EDITOR):
        factories.holds(who, each, office)
    client = browse.account(factories.account(who))
    statements: list[str] = []
    engine = db.engines["read"]

    def count(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if "held_role" in statement or "sign_in" in statement:
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        client.get("/workspace/audit/")
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert len(statements) == most
