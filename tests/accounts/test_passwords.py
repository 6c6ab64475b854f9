"""Passwords are set by a link in a letter, or by somebody who knows the present one."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventsys.accounts.models import Account
from eventsys.accounts.operations import close_account, invite_person
from eventsys.core.clock import now
from eventsys.core.letters import Rendered, kind_of
from eventsys.core.outbox import Letter, LetterBatch
from eventsys.core.transaction import write
from eventsys.extensions import db, limiter
from tests import factories
from tests.personas import Browse
from tests.web.forms import post

PASSWORD = "correct horse battery"
NEW = "another horse battery"
EMAIL = "director@example.org"


@pytest.fixture(autouse=True)
def fresh_limits(app: Flask) -> None:
    with app.test_request_context():
        limiter.reset()


@pytest.fixture
def account(app: Flask) -> Account:
    return factories.account(factories.person("测试主任", name_en="Test", email=EMAIL, language="en"), PASSWORD)


def letters() -> list[Letter]:
    db.session.rollback()
    return list(db.session.scalars(select(Letter).order_by(Letter.id)))


def rendered(letter: Letter) -> Rendered:
    common = db.session.get_one(LetterBatch, letter.batch_id).common
    return kind_of(letter.kind).render(common, letter.facts, letter.language)


def link_of(letter: Letter) -> str:
    found = re.search(r"http://localhost(/account/\S+)", rendered(letter).text)
    assert found
    return found.group(1)


def may_sign_in(client: FlaskClient, password: str) -> bool:
    return post(client, "/account/sign-in", {"email": EMAIL, "password": password}).status_code == 302


def test_a_forgotten_password_is_replaced_by_letter(browse: Browse, account: Account) -> None:
    signed_in, client = browse.account(account), browse(None)
    assert post(client, "/account/forgotten", {"email": " Director@example.org"}).location == "/account/forgotten/sent"
    letter = letters()[0]
    assert (letter.kind, letter.address, letter.language) == ("password_reset", EMAIL, "en")
    assert account.fs_uniquifier not in str(letter.facts)
    link = link_of(letter)
    answer = post(client, link, {"password": NEW, "password_confirm": NEW})
    assert (answer.status_code, answer.location) == (302, "/account/sign-in")
    assert signed_in.get("/account/sign-ins").status_code == 302
    assert [may_sign_in(browse(None), each) for each in (PASSWORD, NEW)] == [False, True]
    assert client.get(link).status_code == 404
    assert [each.kind for each in letters()] == ["password_reset", "password_changed"]


def test_an_unknown_address_gets_the_same_answer_and_no_letter(client: FlaskClient, account: Account) -> None:
    assert post(client, "/account/forgotten", {"email": "x@example.org"}).location == "/account/forgotten/sent"
    assert letters() == []


def test_opening_the_link_changes_nothing(client: FlaskClient, account: Account) -> None:
    post(client, "/account/forgotten", {"email": EMAIL})
    link = link_of(letters()[0])
    answers = [client.get(link) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert answers[0].headers["Referrer-Policy"] == "no-referrer"
    assert [may_sign_in(client, PASSWORD)] == [True]


@pytest.mark.parametrize("way", ["reset", "invitation"])
def test_unknown_old_and_closed_links_are_one_page(app: Flask, browse: Browse, account: Account, way: str) -> None:
    post(browse(None), "/account/forgotten", {"email": EMAIL})
    link = link_of(letters()[0])
    with time_machine.travel(now() + timedelta(hours=3)):
        old = browse(None).get(link + "?lang=en")
    with write():
        close_account(account, by=factories.actor())
    closed = browse(None).get(link + "?lang=en")
    unknown = browse(None).get(f"/account/{way}/unknown?lang=en")
    assert [answer.status_code for answer in (old, closed, unknown)] == [404, 404, 404]
    bodies = {re.sub(r"/account/(reset|invitation)/[^\"?]+", "", answer.text) for answer in (old, closed, unknown)}
    assert len(bodies) == 1


def test_the_host_of_the_request_is_in_no_letter(browse: Browse, account: Account) -> None:
    client = browse(None)
    page = client.get("/account/forgotten", headers={"Host": "evil.example"})
    token = re.search(r'csrf_token" value="([^"]+)', page.text).group(1)
    client.post("/account/forgotten", data={"csrf_token": token, "email": EMAIL}, headers={"Host": "evil.example"})
    words = [rendered(letter) for letter in letters()]
    assert all("evil" not in each.text + each.html for each in words)


def test_a_page_that_shows_a_letter_shows_no_key(app: Flask, client: FlaskClient, account: Account) -> None:
    post(client, "/account/forgotten", {"email": EMAIL})
    with app.test_request_context():
        assert "http://localhost/account/reset/…" in rendered(letters()[0]).text


def test_an_invitation_sets_the_first_password_within_a_week(app: Flask, browse: Browse) -> None:
    who = factories.person("李工", email=EMAIL)
    with write():
        invite_person(who, EMAIL, by=factories.actor())
    letter = letters()[0]
    assert (letter.kind, letter.address, letter.language) == ("account_invitation", EMAIL, "zh")
    link = link_of(letter)
    with time_machine.travel(now() + timedelta(days=6)):
        assert post(browse(None), link, {"password": NEW, "password_confirm": NEW}).location == "/account/sign-in"
        assert may_sign_in(browse(None), NEW)
    assert [each.kind for each in letters()] == ["account_invitation"]
    assert kind_of("account_invitation").stale(letters()) == {letter.id}


def test_letters_go_stale_with_their_account(app: Flask, client: FlaskClient, account: Account) -> None:
    post(client, "/account/forgotten", {"email": EMAIL})
    assert kind_of("password_reset").stale(letters()) == set()
    with write():
        close_account(account, by=factories.actor())
    assert kind_of("password_reset").stale(letters()) == {letters()[0].id}


@pytest.mark.parametrize(
    ("password", "again", "refusal"),
    [
        ("", "", "Enter a password."),
        ("short", "short", "A password has 10 to 128 characters."),
        ("x" * 129, "x" * 129, "A password has 10 to 128 characters."),
        ("aaaaaaaaaaaa", "aaaaaaaaaaaa", "This password is too easy to guess. Use several words."),
        ("the director 1", "the director 1", "This password is too easy to guess. Use several words."),
        (NEW, NEW + "!", "The two passwords differ. Type the same one twice."),
    ],
)
def test_weak_passwords_are_refused(
    client: FlaskClient, account: Account, password: str, again: str, refusal: str
) -> None:
    post(client, "/account/forgotten", {"email": EMAIL})
    answer = post(client, link_of(letters()[0]) + "?lang=en", {"password": password, "password_confirm": again})
    assert answer.status_code == 422
    assert refusal in answer.text
    assert may_sign_in(client, PASSWORD)


def test_changing_it_ends_the_other_sign_ins(browse: Browse, account: Account) -> None:
    here, there = browse.account(account), browse.account(account)
    data = {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW}
    assert post(here, "/account/password", data).location == "/account/sign-ins"
    assert [each.get("/account/sign-ins").status_code for each in (here, there)] == [200, 302]
    assert [may_sign_in(browse(None), each) for each in (PASSWORD, NEW)] == [False, True]
    assert [letter.kind for letter in letters()] == ["password_changed"]


def test_changing_it_needs_the_present_one(browse: Browse, account: Account) -> None:
    client = browse.account(account)
    data = {"password": "wrong", "new_password": NEW, "new_password_confirm": NEW}
    answers = [post(client, "/account/password?lang=en", data) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert "This is not your present password." in answers[0].text
    assert client.get("/account/sign-ins").status_code == 200
    assert letters() == []
