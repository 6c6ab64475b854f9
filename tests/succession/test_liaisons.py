"""A liaison has left: who answers now, and where an organization without one is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask

from eventsys.accounts.models import Account, HeldRole
from eventsys.accounts.operations import close_account, end_role, grant_role, reopen_account
from eventsys.accounts.queries import liaisons_of, load_actor
from eventsys.core.actor import Actor, Role
from eventsys.core.clock import now
from eventsys.core.transaction import write
from eventsys.directory.models import Organization, Person
from eventsys.extensions import db
from eventsys.invitations.models import Place
from eventsys.invitations.operations.asks import ensure_asks
from eventsys.meetings.models import Meeting
from eventsys.succession.queries.liaisons import without_liaison
from tests import factories as make
from tests.directory.acting import ADMINISTRATOR
from tests.personas import Browse
from tests.succession.test_handovers import TODAY

HOME = "/workspace/handovers/"


@dataclass
class World:
    """A district whose post is vacant and asked for at a meeting; its liaison has an account."""

    office: Organization
    district: Organization
    liaison: Person
    account: Account
    role: HeldRole
    meeting: Meeting

    @property
    def organizer(self) -> Actor:
        return make.actor((Role.ORGANIZER, self.office))


@pytest.fixture
def world(app: Flask) -> World:
    office, district, liaison = make.organization("市外办"), make.organization("和平区"), make.person("联络员")
    account, role = make.account(liaison), make.holds(liaison, Role.LIAISON, district)
    meeting, post = make.meeting(office), make.post(district)
    with write() as session:
        session.add(
            Place(meeting_id=meeting.id, organization_id=district.id, post_id=post.id, told_at=now(), created_at=now())
        )
        ensure_asks(meeting.id, {district.id})
    return World(office, district, liaison, account, role, meeting)


def lacking() -> list[tuple[str, int]]:
    return [(row.organization, row.places) for row in without_liaison(None)]


def test_with_a_liaison_nothing_is_shown(world: World, browse: Browse) -> None:
    assert lacking() == []
    organizer = browse(world.organizer)
    assert "#liaisons" not in organizer.get("/workspace/").text
    assert "和平区" not in organizer.get(HOME).text


@pytest.mark.parametrize("how", ["role", "last day", "account"])
def test_one_who_has_left_is_seen_at_once(world: World, browse: Browse, how: str) -> None:
    with write():
        if how == "role":
            end_role(world.role, by=ADMINISTRATOR)
        elif how == "last day":
            db.session.get_one(HeldRole, world.role.id).ends_on = TODAY - timedelta(days=2)
        else:
            close_account(world.account, by=ADMINISTRATOR)
    assert lacking() == [("和平区", 1)]
    assert liaisons_of({world.district.id: world.district.path}) == {world.district.id: []}
    organizer = browse(world.organizer)
    assert f'href="{HOME}#liaisons"' in organizer.get("/workspace/").text
    assert "和平区" in organizer.get(HOME).text
    assert "和平区" not in browse(make.actor((Role.ORGANIZER, world.district))).get(HOME).text


def test_a_successor_sees_what_is_open(world: World, browse: Browse) -> None:
    successor = make.person("新联络员")
    account = make.account(successor)
    with write():
        end_role(world.role, by=ADMINISTRATOR)
    assert browse.account(world.account).get(f"/portal/meetings/{world.meeting.id}").status_code == 404
    with write():
        grant_role(successor, Role.LIAISON, world.district, by=ADMINISTRATOR)
    assert lacking() == []
    page = browse.account(account).get("/portal/")
    assert world.meeting.title_zh in page.text
    assert browse.account(account).get(f"/portal/meetings/{world.meeting.id}").status_code == 200


def test_the_one_above_answers_when_the_nearer_account_is_closed(world: World) -> None:
    town, above = make.organization("某镇", parent=world.district), world.account
    nearer = make.person("镇联络员")
    make.holds(nearer, Role.LIAISON, town)
    account = make.account(nearer)
    assert load_actor(above.id).liaison_for == {world.district.id}
    with write():
        close_account(account, by=ADMINISTRATOR)
    assert load_actor(above.id).liaison_for == {world.district.id, town.id}
    assert [row.id for row in liaisons_of({town.id: town.path})[town.id]] == [world.liaison.id]
    with write():
        reopen_account(account, by=ADMINISTRATOR)
    assert load_actor(above.id).liaison_for == {world.district.id}


def test_a_liaison_without_an_account_still_answers(world: World) -> None:
    with write():
        end_role(world.role, by=ADMINISTRATOR)
    make.holds(make.person("只收信的联络员"), Role.LIAISON, world.district)
    assert lacking() == []
