"""The administrator's pages: who has an account and which roles, invitations, and the last administrator."""

from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventsys.accounts.models import Account, HeldRole
from eventsys.accounts.operations import close_account, end_role, grant_role
from eventsys.accounts.queries import office_day
from eventsys.accounts.queries.people import Filters, member_export
from eventsys.accounts.store import token_of
from eventsys.core.actor import COMMAND, Role
from eventsys.core.audit import AuditEntry
from eventsys.core.errors import DomainError
from eventsys.core.letters import kind_of
from eventsys.core.outbox import Letter
from eventsys.core.transaction import write
from eventsys.directory.models import Person
from eventsys.directory.operations import PersonFacts, add_person
from eventsys.extensions import db
from tests import factories
from tests.personas import Browse
from tests.web.forms import post

LIST = "/workspace/accounts/"


def person(name: str, name_en: str, **facts: str) -> Person:
    with write():
        return add_person(PersonFacts(name_zh=name, name_en=name_en, **facts), by=factories.actor())


@pytest.fixture
def chief(app: Flask) -> Account:
    who = person("王主任", "Wang", email="chief@example.org")
    factories.holds(who, Role.ADMINISTRATOR)
    return factories.account(who, "several words together")


@pytest.fixture
def admin(browse: Browse, chief: Account) -> FlaskClient:
    client = browse.account(chief)
    client.get("/account/sign-ins?lang=en")
    return client


def names(page: str) -> list[str]:
    return re.findall(r'<a href="/workspace/accounts/people/\d+">([^<]+)</a>', page)


def state_of(who: Person) -> tuple[bool, bool] | None:
    db.session.rollback()
    row = db.session.execute(select(Account.active, Account.password).where(Account.person_id == who.id)).first()
    return (row.active, row.password is not None) if row else None


def test_the_list_holds_accounts_and_roles_in_order_of_pinyin(admin: FlaskClient) -> None:
    office = factories.organization("外办", name_en="Office")
    liaison, nobody = person("安联络", "An"), person("白闲人", "Bai")
    factories.holds(liaison, Role.LIAISON, office)
    factories.account(person("张受邀", "Zhang", email="z@example.org"))
    factories.account(person("陈关闭", "Chen", email="c@example.org"), "several words together", active=False)
    page = admin.get(LIST + "?lang=zh").text
    assert names(page) == ["安联络", "陈关闭", "王主任", "张受邀"]
    assert nobody.name_zh not in page
    assert names(admin.get(LIST + "?state=invited").text) == ["张受邀"]
    assert names(admin.get(LIST + "?state=closed").text) == ["陈关闭"]
    assert names(admin.get(LIST + "?state=none").text) == ["安联络"]
    assert names(admin.get(LIST + "?role=liaison").text) == ["安联络"]
    assert names(admin.get(LIST + "?q=zhang").text) == ["张受邀"]
    assert names(admin.get(LIST + "?q=C@example").text) == ["陈关闭"]
    assert names(admin.get(LIST + "?state=nonsense").text) == []


def test_pages_by_key_lose_and_repeat_nobody(admin: FlaskClient) -> None:
    for number in range(104):
        factories.holds(person(f"测{number}", f"Test {number}"), Role.EDITOR, factories.organization())
    seen: list[str] = []
    url: str | None = LIST + "?role=editor"
    while url:
        page = admin.get(url).text
        seen += names(page)
        found = re.search(r'href="([^"]+)" rel="next"', page)
        url = found.group(1).replace("&amp;", "&") if found else None
    assert len(seen) == len(set(seen)) == 104


def test_the_export_is_the_list(admin: FlaskClient) -> None:
    office = factories.organization("外办", name_en="Office")
    factories.holds(person("=安联络", "An"), Role.LIAISON, office)
    text = admin.get(LIST + "export.csv?role=liaison&lang=zh").data.decode("utf-8-sig")
    assert text.splitlines()[1:] == ['"\'=安联络","","","无账号","联络员 外办",""']
    book = admin.get(LIST + "export.xlsx")
    assert (book.status_code, book.data[:2]) == (200, b"PK")


def test_inviting_shows_the_letter_and_sends_it(admin: FlaskClient) -> None:
    who = person("李工", "Li", email="li@example.org")
    url = f"{LIST}people/{who.id}/invite"
    page = admin.get(url).text
    assert 'value="li@example.org"' in page
    assert "李工" in page
    assert "http://localhost/account/invitation/…" in page
    assert db.session.scalars(select(Letter)).all() == []
    assert post(admin, url, {"email": "Li.Gong@example.org"}).location == f"{LIST}people/{who.id}"
    assert state_of(who) == (True, False)
    assert db.session.scalars(select(Letter.address)).all() == ["li.gong@example.org"]
    assert post(admin, url, {"email": "li@example.org"}).status_code == 302
    db.session.rollback()
    assert db.session.scalars(select(Letter.address).order_by(Letter.id)).all()[1] == "li@example.org"


@pytest.mark.parametrize("email", ["", "no address", "chief@example.org", "a@b@example.org", "x\ny@example.org"])
def test_an_address_that_cannot_be_is_refused(admin: FlaskClient, email: str) -> None:
    who = person("李工", "Li")
    answer = post(admin, f"{LIST}people/{who.id}/invite", {"email": email})
    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text
    assert state_of(who) is None


def test_an_account_in_use_is_not_invited(admin: FlaskClient) -> None:
    who = person("李工", "Li", email="li@example.org")
    factories.account(who, "several words together")
    answer = post(admin, f"{LIST}people/{who.id}/invite", {"email": "li@example.org"})
    assert (answer.status_code, "This person has set a password already." in answer.text) == (422, True)


def test_closing_ends_sign_ins_and_reopening_allows_new_ones(admin: FlaskClient, browse: Browse) -> None:
    who = person("李工", "Li", email="li@example.org")
    member = browse.account(factories.account(who, "several words together"))
    page = f"{LIST}people/{who.id}"
    assert post(admin, f"{page}/close", page=page).status_code == 302
    assert (state_of(who), member.get("/account/sign-ins").status_code) == ((False, True), 302)
    assert post(admin, f"{page}/reopen", page=page).status_code == 302
    assert state_of(who) == (True, True)
    assert member.get("/account/sign-ins").status_code == 302


def test_roles_are_granted_and_ended(admin: FlaskClient) -> None:
    office, who = factories.organization("外办", name_en="Office"), person("李工", "Li")
    meeting = factories.meeting(office)
    page = f"{LIST}people/{who.id}"
    common = {"organization_id": "0", "meeting_id": "0", "ends_on": ""}
    given = [
        {"role": "organizer", "organization_id": str(office.id)},
        {"role": "check_in", "meeting_id": str(meeting.id)},
        {"role": "administrator"},
    ]
    assert [post(admin, f"{page}/grant", {**common, **each}).status_code for each in given] == [302, 302, 302]
    db.session.rollback()
    held = {row.role: row for row in db.session.scalars(select(HeldRole).where(HeldRole.person_id == who.id))}
    assert {role: (row.organization_id, row.meeting_id) for role, row in held.items()} == {
        Role.ORGANIZER: (office.id, None),
        Role.CHECK_IN: (None, meeting.id),
        Role.ADMINISTRATOR: (None, None),
    }
    post(admin, f"{LIST}roles/{held[Role.ORGANIZER].id}/end", page=page)
    db.session.rollback()
    member = next(each for each in member_export(Filters()) if each.person_id == who.id)
    assert {each.role for each in member.roles} == {Role.CHECK_IN, Role.ADMINISTRATOR}
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "role.grant")).first()
    expected = {"role": "organizer", "person_id": who.id, "organization_id": office.id, "organization": "外办"}
    assert (entry.actor, entry.subject_label, entry.after) == ("Wang", "李工", expected)


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({}, "role"),
        ({"role": "king"}, "role"),
        ({"role": "organizer"}, "organization_id"),
        ({"role": "check_in"}, "meeting_id"),
        ({"role": "administrator", "organization_id": "office"}, "organization_id"),
        ({"role": "organizer", "organization_id": "office", "ends_on": "2020-01-01"}, "ends_on"),
        ({"role": "organizer", "organization_id": "office", "ends_on": "soon"}, "ends_on"),
        ({"role": "organizer", "organization_id": "99999999"}, "organization_id"),
    ],
)
def test_roles_need_what_they_are_held_for(admin: FlaskClient, fields: dict[str, str], where: str) -> None:
    office, who = factories.organization(), person("李工", "Li")
    data = {"organization_id": "0", "meeting_id": "0", "ends_on": ""} | fields
    data = {name: str(office.id) if value == "office" else value for name, value in data.items()}
    answer = post(admin, f"{LIST}people/{who.id}/grant", data)
    assert (answer.status_code, f'id="{where}-error"' in answer.text) == (422, True)
    db.session.rollback()
    assert db.session.scalars(select(HeldRole).where(HeldRole.person_id == who.id)).all() == []


def test_a_role_is_held_once_and_can_be_held_again(app: Flask) -> None:
    office, who = factories.organization(), person("李工", "Li")
    with write():
        grant_role(who, Role.EDITOR, office, by=factories.actor())
    with pytest.raises(DomainError, match=r"已担任|holds this role already"), write():
        grant_role(who, Role.EDITOR, office, by=factories.actor())
    with write():
        grant_role(who, Role.EDITOR, office, ends_on=office_day() + timedelta(days=3), by=factories.actor())
    assert len(db.session.scalars(select(HeldRole)).all()) == 1


def test_the_last_administrator_stays(admin: FlaskClient, chief: Account) -> None:
    invited = person("李工", "Li", email="li@example.org")
    factories.holds(invited, Role.ADMINISTRATOR)
    factories.account(invited)
    page = f"{LIST}people/{chief.person_id}"
    role = db.session.scalars(select(HeldRole.id).where(HeldRole.person_id == chief.person_id)).one()
    answers = [post(admin, url, page=page) for url in (f"{page}/close", f"{LIST}roles/{role}/end")]
    tomorrow = (office_day() + timedelta(days=1)).isoformat()
    data = {"role": "administrator", "organization_id": "0", "meeting_id": "0", "ends_on": tomorrow}
    answers.append(post(admin, f"{page}/grant", data))
    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert all("This is the last administrator who can sign in." in answer.text for answer in answers)
    factories.account(factories.person(email="second@example.org"), "several words together")
    second = db.session.scalars(select(Account).where(Account.email == "second@example.org")).one()
    factories.holds(second.person, Role.ADMINISTRATOR)
    assert post(admin, f"{LIST}roles/{role}/end", page=page).status_code == 302
    assert admin.get(LIST).status_code == 403


@pytest.mark.parametrize("role", [Role.ORGANIZER, Role.LIAISON])
def test_others_see_none_of_it(browse: Browse, chief: Account, role: Role) -> None:
    client = browse(factories.actor((role, factories.organization())))
    page = f"{LIST}people/{chief.person_id}"
    urls = (LIST, f"{LIST}export.csv", f"{LIST}invite", page, f"{page}/invite", f"{page}/grant")
    assert [client.get(url).status_code for url in urls] == [403, 403, 403, 404, 404, 404]
    assert post(client, f"{page}/close", page="/account/forgotten").status_code == 404
    assert browse(None).get(LIST).status_code == 302


@pytest.mark.parametrize("way", ["close", "end"])
def test_two_administrators_do_not_remove_each_other_at_the_same_moment(app: Flask, chief: Account, way: str) -> None:
    other = person("李主任", "Li", email="other@example.org")
    factories.holds(other, Role.ADMINISTRATOR)
    accounts = [chief.id, factories.account(other, "correct horse battery").id]
    done: list[str] = []
    removed = threading.Event()

    def remove(account_id: int) -> None:
        account = db.session.get_one(Account, account_id)
        if way == "close":
            close_account(account, by=COMMAND)
        else:
            held = db.session.scalars(select(HeldRole).where(HeldRole.person_id == account.person_id)).one()
            end_role(held, by=COMMAND)

    def second() -> None:
        with app.app_context():
            removed.wait(10)
            try:
                with write():
                    remove(accounts[1])
                done.append("second")
            except DomainError:
                done.append("refused")

    following = threading.Thread(target=second)
    following.start()
    with write():
        remove(accounts[0])
        db.session.flush()
        removed.set()
        following.join(0.5)
    following.join(30)
    assert done == ["refused"]


def test_an_invitation_to_a_mistyped_address_lets_nobody_in_once_it_is_corrected(admin: FlaskClient) -> None:
    who = person("李工", "Li")
    url = f"{LIST}people/{who.id}/invite"
    assert post(admin, url, {"email": "stranger@example.org"}).status_code == 302
    mistyped = account_way(who)
    assert admin.get(mistyped).status_code == 200
    assert post(admin, url, {"email": "li@example.org"}).status_code == 302
    assert (admin.get(mistyped).status_code, admin.get(account_way(who)).status_code) == (404, 200)
    waiting = db.session.scalars(select(Letter).order_by(Letter.id)).all()
    stale = kind_of("account_invitation").stale(waiting)
    assert [letter.address for letter in waiting if letter.id in stale] == ["stranger@example.org"]


def account_way(who: Person) -> str:
    """The address in an invitation that is sent to this person now."""
    db.session.rollback()
    account = db.session.scalars(select(Account).where(Account.person_id == who.id)).one()
    return f"/account/invitation/{token_of(account, 'account_invitation')}"
