"""The pages of addresses: make, look at, replace, revoke; who sees which."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventsys.core.actor import Actor, Role
from eventsys.core.audit import AuditEntry
from eventsys.directory.models import Organization, Person
from eventsys.extensions import db
from eventsys.feeds.models import CalendarAddress
from eventsys.feeds.queries.addresses import address_of
from tests import factories
from tests.feeds import samples as make
from tests.feeds.samples import fetched
from tests.invitations.link import link
from tests.meetings.counting import statements
from tests.personas import Browse

ADMINISTRATOR = factories.actor((Role.ADMINISTRATOR, None))
OWN = "/account/calendar"


@pytest.fixture(autouse=True)
def no_marks(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)


@pytest.fixture
def district(app: Flask) -> Organization:
    return factories.organization("大东区", name_en="Dadong")


def liaison(of: Organization, name: str = "联络员") -> tuple[Person, Actor]:
    person = make.holder(name)
    factories.holds(person, Role.LIAISON, of)
    return person, factories.actor((Role.LIAISON, of), person=person)


def member(name: str = "李明") -> tuple[Person, Actor]:
    person = make.holder(name)
    return person, factories.actor(person=person)


def in_use() -> list[tuple[int, int | None]]:
    """Holder and organization of the addresses in use."""
    db.session.rollback()
    statement = select(CalendarAddress).where(CalendarAddress.revoked_at.is_(None)).order_by(CalendarAddress.id)
    return [(row.person_id, row.organization_id) for row in db.session.scalars(statement)]


def acts() -> list[tuple[str, str]]:
    rows = db.session.execute(
        select(AuditEntry).where(AuditEntry.action.startswith("calendar.")).order_by(AuditEntry.id)
    )
    return [(row.action, row.subject_label) for row in rows.scalars()]


def shown_url(page: str) -> str:
    """The address that a page shows."""
    (text,) = re.findall(r"<textarea[^>]*>([^<]*)</textarea>", page)
    return html.unescape(text)


def test_one_makes_ones_own_address_once(app: Flask, browse: Browse, client: FlaskClient) -> None:
    person, actor = member()
    mine = browse(actor)
    empty = mine.get(OWN + "?lang=en").text
    assert "Make the address" in empty
    assert "/calendar/1" not in empty
    assert [mine.post(OWN).status_code for _ in range(2)] == [303, 422]
    assert in_use() == [(person.id, None)]
    assert acts() == [("calendar.create", "李明")]
    page = mine.get(OWN + "?lang=en")
    assert page.headers["Cache-Control"] == "no-store"
    url = shown_url(page.text)
    assert client.get(url.removeprefix("http://localhost")).status_code == 200
    assert f'href="{url.replace("http", "webcal", 1)}"' in page.text
    assert f"{url}?lang=zh" in page.text
    assert f"{url}?lang=en" in page.text
    assert 'src="data:image/svg+xml' in page.text
    assert "Not fetched yet" in page.text


def test_replacing_says_what_it_means_and_ends_the_former_one(browse: Browse, client: FlaskClient) -> None:
    person, actor = member()
    before = make.address(person)
    mine = browse(actor)
    asked = mine.get(f"/account/calendars/{before.id}/replace?lang=en").text
    assert "The present address opens nothing any more, at once." in asked
    assert in_use() == [(person.id, None)]
    assert mine.post(f"/account/calendars/{before.id}/replace").location == OWN
    db.session.rollback()
    after = address_of(person.id)
    assert after is not None
    assert after.link_id != before.link_id
    assert [fetched(client, each).status_code for each in (before, after)] == [404, 200]
    assert [action for action, _label in acts()] == ["calendar.create", "calendar.revoke", "calendar.create"]
    assert mine.get(f"/account/calendars/{before.id}/replace").status_code == 404


def test_revoking_leaves_none(browse: Browse, client: FlaskClient) -> None:
    person, actor = member()
    address = make.address(person)
    mine = browse(actor)
    assert "at any time" in mine.get(f"/account/calendars/{address.id}/revoke?lang=en").text
    assert mine.post(f"/account/calendars/{address.id}/revoke").location == OWN
    assert in_use() == []
    assert fetched(client, address).status_code == 404
    assert mine.post(f"/account/calendars/{address.id}/revoke").status_code == 404


def test_only_the_holder_the_liaison_beside_and_the_administrator_touch_an_address(
    browse: Browse, district: Organization
) -> None:
    person, holder = liaison(district)
    _other, beside = liaison(district, "另一联络员")
    _elsewhere, elsewhere = liaison(factories.organization())
    _stranger, stranger = member("王芳")
    of_district, own = make.address(person, district), make.address(person)
    actors = {"holder": holder, "beside": beside, "elsewhere": elsewhere, "stranger": stranger, "admin": ADMINISTRATOR}
    found = {
        (name, act, kind)
        for name, actor in actors.items()
        for act in ("replace", "revoke")
        for kind, address in (("organization's", of_district), ("own", own))
        if browse(actor).get(f"/account/calendars/{address.id}/{act}").status_code == 200
    }
    assert found == {
        *((("holder", act, kind)) for act in ("replace", "revoke") for kind in ("organization's", "own")),
        ("beside", "revoke", "organization's"),
        ("admin", "revoke", "organization's"),
        ("admin", "revoke", "own"),
    }
    for actor in (beside, elsewhere, stranger, ADMINISTRATOR):
        for address in (of_district, own):
            page = browse(actor).get(f"/account/calendars/{address.id}/revoke").text
            assert address.link_id not in page


def test_a_liaison_sees_who_else_has_the_organizations_and_takes_one_away(
    browse: Browse, client: FlaskClient, district: Organization
) -> None:
    left, _actor = liaison(district, "离任联络员")
    me, actor = liaison(district, "现任联络员")
    theirs = make.address(left, district)
    mine = browse(actor)
    here = f"/portal/organizations/{district.id}/calendar"
    page = mine.get(here + "?lang=zh").text
    assert "离任联络员" in page
    assert "未任职" in page
    assert theirs.link_id not in page
    assert mine.post(here).status_code == 303
    assert in_use() == [(left.id, district.id), (me.id, district.id)]
    assert mine.post(f"/account/calendars/{theirs.id}/revoke").location == here
    assert in_use() == [(me.id, district.id)]
    assert fetched(client, theirs).status_code == 404
    assert acts()[-1] == ("calendar.revoke", "离任联络员 · 大东区")
    index = mine.get("/portal/calendars?lang=en").text
    assert "1 address in use" in index
    assert "You have one" in index


def test_another_organizations_calendar_is_not_there(browse: Browse, district: Organization) -> None:
    other = factories.organization()
    _person, actor = liaison(other)
    assert browse(actor).get(f"/portal/organizations/{district.id}/calendar").status_code == 404
    assert browse(actor).post(f"/portal/organizations/{district.id}/calendar").status_code == 404
    assert browse(None).get(f"/portal/organizations/{district.id}/calendar").location.startswith("/account/sign-in")
    assert in_use() == []


def test_the_administrator_lists_narrows_and_revokes(browse: Browse, district: Organization) -> None:
    post = factories.post(district, "外办主任")
    stays = factories.person("在任", post=post)
    factories.account(stays)
    gone, _actor = liaison(district, "离任")
    addresses = [make.address(stays), make.address(gone, district)]
    admin = browse(ADMINISTRATOR)
    page = admin.get("/workspace/calendars/?lang=zh").text
    assert [name in page for name in ("在任", "离任", "外办主任", "未任职")] == [True] * 4
    assert all(address.link_id not in page for address in addresses)
    for query, expected in (
        ("show=left", (False, True)),
        ("q=在任", (True, False)),
        (f"organization={district.id}", (False, True)),
        ("organization=x", (True, True)),
    ):
        rows = re.findall(r'<th scope="row">([^ <]+)', admin.get(f"/workspace/calendars/?{query}").text)
        assert ("在任" in rows, "离任" in rows) == expected, query
    assert admin.post(f"/account/calendars/{addresses[1].id}/revoke").location == "/workspace/calendars/"
    assert in_use() == [(stays.id, None)]


def test_an_address_that_works_no_more_is_marked(browse: Browse, district: Organization) -> None:
    who = make.holder("曾任")
    factories.holds(who, Role.LIAISON, district, ends_on=date(2020, 1, 1))
    make.address(who, district)
    page = browse(ADMINISTRATOR).get("/workspace/calendars/?show=left&lang=zh").text
    assert "已失效" in page


def test_the_list_is_paged_and_asks_the_same_at_any_length(browse: Browse) -> None:
    admin = browse(ADMINISTRATOR)
    numbers = []
    admin.get("/workspace/calendars/")
    for more in (1, 60):
        for _ in range(more):
            make.address(make.holder(""))
        with statements() as asked:
            page = admin.get("/workspace/calendars/").text
        numbers.append(len(asked))
    assert numbers[0] == numbers[1]
    assert page.count('scope="row"') == 50
    assert 'rel="next"' in page


def test_the_public_page_tells_how_to_subscribe(client: FlaskClient) -> None:
    page = client.get("/meetings/calendar?lang=en").text
    assert shown_url(page) == "http://localhost/calendar.ics?lang=en"
    assert 'href="webcal://localhost/calendar.ics?lang=en"' in page
    assert shown_url(client.get("/meetings/calendar?lang=zh").text) == "http://localhost/calendar.ics?lang=zh"
    assert 'href="/meetings/calendar"' in client.get("/meetings/").text


def test_an_invitees_page_leads_to_no_calendar_of_theirs(app: Flask, client: FlaskClient) -> None:
    """The link opens one meeting, is passed on and read by scanners: it must not open all meetings of a person."""
    who = make.holder()
    address = make.address(who)
    page = client.get(link(app, factories.attendee(make.meeting(make.office()), who))).text
    assert address.link_id not in page
    assert "/calendar/" not in page
    assert "webcal" not in page
