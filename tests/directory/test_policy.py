"""Who may do what: the table of the domain, one row each."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from eventsys.core.actor import ANONYMOUS, Actor, Held, Role
from eventsys.directory import policy
from eventsys.directory.models import Organization

OFFICE = Organization(id=2, path="/1/2/")
BELOW = Organization(id=3, path="/1/2/3/")
OTHER = Organization(id=4, path="/1/4/")


def holding(role: Role) -> Actor:
    return Actor(account_id=1, person_id=70, held=(Held(role, OFFICE.id, OFFICE.path),))


ADMINISTRATOR = Actor(account_id=1, held=(Held(Role.ADMINISTRATOR),))
LIAISON = Actor(account_id=1, held=(Held(Role.LIAISON, 2, "/1/2/"),), liaison_for=frozenset({2}))
CHECK_IN = Actor(account_id=1, held=(Held(Role.CHECK_IN, meeting_id=5),))
ACTORS = {
    "administrator": ADMINISTRATOR,
    "organizer": holding(Role.ORGANIZER),
    "approver": holding(Role.APPROVER),
    "editor": holding(Role.EDITOR),
    "liaison": LIAISON,
    "check_in": CHECK_IN,
    "stranger": ANONYMOUS,
}
MINE = SimpleNamespace(organization_id=2, organization_ids=frozenset({2}), person_id=9)
FOREIGN = SimpleNamespace(organization_id=4, organization_ids=frozenset({4}), person_id=9)
STAFF = {"administrator", "organizer", "approver", "editor"}


@pytest.mark.parametrize(
    ("predicate", "subject", "who"),
    [
        (policy.can_read_directory, None, STAFF),
        (policy.can_open_directory, None, STAFF | {"liaison"}),
        (policy.can_change_directory, None, {"administrator"}),
        (policy.can_read_organization, OFFICE, STAFF | {"liaison"}),
        (policy.can_read_organization, OTHER, STAFF),
        (policy.can_change_organization, OFFICE, {"administrator"}),
        (policy.can_keep_people, OFFICE, {"administrator", "liaison"}),
        (policy.can_keep_people, OTHER, {"administrator"}),
        (policy.can_read_post, MINE, STAFF | {"liaison"}),
        (policy.can_read_post, FOREIGN, STAFF),
        (policy.can_change_post, MINE, {"administrator"}),
        (policy.can_appoint, MINE, {"administrator", "liaison"}),
        (policy.can_appoint, FOREIGN, {"administrator"}),
        (policy.can_change_appointment, SimpleNamespace(post=MINE), {"administrator", "liaison"}),
        (policy.can_change_appointment, SimpleNamespace(post=FOREIGN), {"administrator"}),
        (policy.can_read_person, MINE, STAFF | {"liaison"}),
        (policy.can_read_person, FOREIGN, STAFF),
        (policy.can_change_person, MINE, {"administrator", "liaison"}),
        (policy.can_change_person, FOREIGN, {"administrator"}),
        (policy.can_see_contacts, {2, 4}, {"administrator", "liaison"}),
        (policy.can_see_contacts, {4}, {"administrator"}),
        (policy.can_save_audiences, None, {"administrator", "organizer"}),
        (policy.can_own_audience, BELOW, {"administrator", "organizer"}),
        (policy.can_own_audience, OTHER, {"administrator"}),
        (policy.can_read_audience, SimpleNamespace(owner=Organization(id=1, path="/1/")), STAFF),
        (policy.can_read_audience, SimpleNamespace(owner=BELOW), STAFF),
        (policy.can_read_audience, SimpleNamespace(owner=OTHER), {"administrator"}),
        (policy.can_change_audience, SimpleNamespace(owner=OFFICE), {"administrator", "organizer"}),
    ],
)
def test_a_permission_is_held_by(predicate: object, subject: object, who: set[str]) -> None:
    asked = (subject,) if subject is not None else ()
    assert {name for name, actor in ACTORS.items() if predicate(actor, *asked)} == who  # type: ignore[operator]


def test_everybody_sees_their_own_contacts() -> None:
    assert policy.can_see_contacts(holding(Role.EDITOR), set(), 70)
    assert not policy.can_see_contacts(holding(Role.EDITOR), set(), 71)
    assert not policy.can_see_contacts(ANONYMOUS, set(), None)
