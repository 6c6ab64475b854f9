"""Signing in and out: what the cookie is worth, for how long, and what it says to whom."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from eventsys.accounts.models import Account, SignIn
from eventsys.accounts.sign_in import ABSOLUTE, IDLE, SEEN
from eventsys.core.actor import Role
from eventsys.core.audit import AuditEntry
from eventsys.core.clock import now
from eventsys.core.transaction import write
from eventsys.extensions import db, limiter
from tests import factories
from tests.personas import Browse
from tests.web.forms import post

PASSWORD = "correct horse battery"
WRONG = "E-mail address or password is wrong. Check both and try again."


@pytest.fixture(autouse=True)
def fresh_limits(app: Flask) -> None:
    with app.test_request_context():
        limiter.reset()


@pytest.fixture
def account(app: Flask) -> Account:
    return factories.account(factories.person("测试主任", email="director@example.org"), PASSWORD)


def sign_in(client: FlaskClient, email: str = "director@example.org", password: str = PASSWORD, **more: str) -> object:
    return post(client, "/account/sign-in?lang=en", {"email": email, "password": password, **more})


def test_signing_in_leads_on_and_is_written_down(client: FlaskClient, account: Account) -> None:
    answer = sign_in(client, email=" Director@Example.org ", next="/account/sign-ins?a=b")
    assert (answer.status_code, answer.location) == (302, "/account/sign-ins?a=b")
    assert client.get("/account/sign-ins").status_code == 200
    row = db.session.scalars(select(SignIn)).one()
    assert (row.account_id, row.ended_at) == (account.id, None)
    assert db.session.scalars(select(AuditEntry.action)).all() == ["account.sign_in"]


def test_home_depends_on_roles(app: Flask, browse: Browse) -> None:
    office = factories.organization()
    homes = {}
    for number, role in enumerate((Role.ORGANIZER, Role.LIAISON, Role.CHECK_IN, None)):
        who = factories.person(email=f"p{number}@example.org")
        factories.account(who, PASSWORD)
        if role:
            factories.holds(who, role, office)
        homes[role] = sign_in(browse(None), f"p{number}@example.org").location
    expected = {
        Role.ORGANIZER: "/workspace/",
        Role.LIAISON: "/portal/",
        Role.CHECK_IN: "/checkin/",
        None: "/workspace/",
    }
    assert homes == expected


@pytest.mark.parametrize("next_", ["//evil.example", "https://evil.example/", "javascript:alert(1)", "/\\evil.example"])
def test_next_leads_nowhere_else(client: FlaskClient, account: Account, next_: str) -> None:
    assert sign_in(client, next=next_).location == "/workspace/"


def test_unknown_and_wrong_say_the_same(client: FlaskClient, account: Account) -> None:
    factories.account(factories.person(email="closed@example.org"), PASSWORD, active=False)
    factories.account(factories.person(email="invited@example.org"))
    asked = [
        ("director@example.org", "wrong password"),
        ("nobody@example.org", PASSWORD),
        ("closed@example.org", PASSWORD),
        ("invited@example.org", PASSWORD),
    ]
    answers = [sign_in(client, *pair) for pair in asked]
    assert [answer.status_code for answer in answers] == [422] * 4
    tokens = re.compile('name="csrf_token" value="[^"]+"')
    texts = {tokens.sub("", answer.text).replace(email, "X") for answer, (email, _) in zip(answers, asked, strict=True)}
    assert len(texts) == 1
    assert WRONG in texts.pop()
    assert db.session.scalars(select(SignIn)).all() == []


def test_empty_fields_are_named(client: FlaskClient, account: Account) -> None:
    text = sign_in(client, "", "").text
    assert text.index("Enter your e-mail address.") < text.index("Enter a password.")


def test_signing_in_needs_a_token(client: FlaskClient, account: Account) -> None:
    answer = client.post("/account/sign-in?lang=en", data={"email": "director@example.org", "password": PASSWORD})
    assert answer.status_code == 400
    assert "This page was open too long. Please sign in again." in answer.text
    assert client.get("/account/sign-ins").status_code == 302


def test_a_copied_cookie_dies_with_the_sign_out(app: Flask, browse: Browse, account: Account) -> None:
    client, copy = browse.account(account), browse(None)
    copy.set_cookie("eventsys", client.get_cookie("eventsys").value)
    assert copy.get("/account/sign-ins").status_code == 200
    assert post(client, "/account/sign-out", page="/account/sign-ins").location == "/account/sign-in"
    assert [each.get("/account/sign-ins").status_code for each in (client, copy)] == [302, 302]


def test_the_session_is_a_new_one_after_signing_in(client: FlaskClient, account: Account) -> None:
    client.get("/account/sign-in")
    with client.session_transaction() as cookie:
        before = cookie["csrf_token"]
        cookie["planted"] = "by somebody else"
    sign_in(client)
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie.get("csrf_token") != before


def test_idle_and_old_sign_ins_end(browse: Browse, account: Account) -> None:
    idle, old = browse.account(account), browse.account(account)
    with idle.session_transaction() as cookie:
        cookie[SEEN] = int(time.time() - IDLE.total_seconds())
    latest = db.session.scalars(select(SignIn.id).order_by(SignIn.id.desc())).first()
    with write() as session:
        session.execute(update(SignIn).where(SignIn.id == latest).values(started_at=now() - ABSOLUTE))
    assert [each.get("/account/sign-ins").status_code for each in (idle, old)] == [302, 302]


def test_use_renews_the_cookie_but_writes_nothing(browse: Browse, account: Account) -> None:
    client = browse.account(account)
    with client.session_transaction() as cookie:
        cookie[SEEN] = int(time.time() - timedelta(minutes=20).total_seconds())
    assert client.get("/account/sign-ins").status_code == 200
    with client.session_transaction() as cookie:
        assert time.time() - cookie[SEEN] < 60


def test_a_closed_account_is_out_at_once(browse: Browse, account: Account) -> None:
    client = browse.account(account)
    with write() as session:
        session.execute(update(Account).values(active=False))
    assert client.get("/account/sign-ins").location == "/account/sign-in?next=%2Faccount%2Fsign-ins"


def test_one_sees_and_ends_only_ones_own_sign_ins(browse: Browse, account: Account) -> None:
    here, there = browse.account(account), browse.account(account)
    stranger = factories.account(factories.person(email="other@example.org"))
    others = browse.account(stranger)
    ids = {row.id: row.account_id for row in db.session.execute(select(SignIn.id, SignIn.account_id))}
    mine = [key for key, owner in ids.items() if owner == account.id]
    foreign = next(key for key, owner in ids.items() if owner == stranger.id)
    assert post(here, f"/account/sign-ins/{foreign}/end", page="/account/sign-ins").status_code == 404
    assert post(here, f"/account/sign-ins/{mine[1]}/end", page="/account/sign-ins").status_code == 302
    assert [each.get("/account/sign-ins").status_code for each in (here, there, others)] == [200, 302, 200]


def test_all_others_end_at_once(browse: Browse, account: Account) -> None:
    browsers = [browse.account(account) for _ in range(3)]
    post(browsers[0], "/account/sign-ins/end-others", page="/account/sign-ins")
    assert [each.get("/account/sign-ins").status_code for each in browsers] == [200, 302, 302]


def test_pages_lead_to_the_sign_in_and_back(client: FlaskClient) -> None:
    assert client.get("/account/password?x=1").location == "/account/sign-in?next=%2Faccount%2Fpassword%3Fx%3D1"
    assert client.head("/account/password").status_code == 302
    assert client.get("/account/password", headers={"HX-Request": "true"}).status_code == 401


def test_an_address_with_an_invisible_character_is_just_a_wrong_one(client: FlaskClient, account: Account) -> None:
    answer = post(client, "/account/sign-in?lang=en", {"email": "director\x00@example.org", "password": PASSWORD})
    assert answer.status_code == 422
    assert WRONG in answer.text
