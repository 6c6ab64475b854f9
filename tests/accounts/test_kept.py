"""What was typed when a sign-in ran out is still there after signing in again."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from eventsys.accounts.models import Account, HeldRole
from eventsys.core.actor import Role
from eventsys.extensions import db, limiter
from eventsys.web.errors import error_page
from tests import factories
from tests.personas import Browse
from tests.web.forms import post, token_of

PASSWORD = "correct horse battery"
EMAIL = "admin@example.org"


@pytest.fixture(autouse=True)
def fresh_limits(app: Flask) -> None:
    with app.test_request_context():
        limiter.reset()


@pytest.fixture
def administrator(app: Flask) -> Account:
    who = factories.person("王主任", email=EMAIL)
    factories.holds(who, Role.ADMINISTRATOR)
    return factories.account(who, PASSWORD)


@pytest.fixture
def grant(app: Flask) -> tuple[str, dict[str, str]]:
    """A form of an administrator's, on its way, and where it goes."""
    office, who = factories.organization(), factories.person("李工")
    fields = {"role": "organizer", "organization_id": str(office.id), "meeting_id": "0", "note": "两行\n<b>第二行</b>"}
    return f"/workspace/accounts/people/{who.id}/grant?lang=en", fields


def hidden(page: TestResponse, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, page.text
    return found.group(1)


def signed_in_again(client: FlaskClient, page: TestResponse, **more: str) -> TestResponse:
    data = {"csrf_token": token_of(page), "email": EMAIL, "password": PASSWORD, "kept": hidden(page, "kept"), **more}
    return client.post("/account/sign-in", data=data)


def test_a_form_comes_back_and_is_sent(client: FlaskClient, administrator: Account, grant: tuple) -> None:
    url, fields = grant
    page = client.post(url, data={**fields, "csrf_token": "of a session that is gone", "password": "not kept"})
    assert page.status_code == 401
    assert "What you typed is kept: sign in, and send it from the next page." in page.text
    shown = signed_in_again(client, page)
    assert shown.status_code == 200
    assert "两行<br>&lt;b&gt;第二行&lt;/b&gt;" in shown.text
    assert "not kept" not in shown.text
    assert f'action="{url}"' in shown.text
    names = ("csrf_token", "role", "organization_id", "meeting_id")
    assert client.post(url, data={name: hidden(shown, name) for name in names}).status_code == 302
    db.session.rollback()
    assert db.session.scalars(select(HeldRole.role).where(HeldRole.role == Role.ORGANIZER)).all() == [Role.ORGANIZER]


def test_a_valid_token_without_a_sign_in_leads_there_too(
    client: FlaskClient, administrator: Account, grant: tuple
) -> None:
    url, fields = grant
    token = token_of(client.get("/account/sign-in"))
    page = client.post(url, data={**fields, "csrf_token": token})
    assert page.status_code == 401
    assert signed_in_again(client, page).status_code == 200


def test_a_wrong_password_keeps_it_still(client: FlaskClient, administrator: Account, grant: tuple) -> None:
    url, fields = grant
    page = signed_in_again(client, client.post(url, data=fields), password="wrong")
    assert page.status_code == 422
    assert signed_in_again(client, page).status_code == 200


def test_signing_in_elsewhere_meanwhile_is_enough(app: Flask, browse: Browse, administrator: Account, grant) -> None:
    url, fields = grant
    client = browse(None)
    page = client.post(url, data=fields)
    assert post(client, "/account/sign-in", {"email": EMAIL, "password": PASSWORD}).status_code == 302
    shown = signed_in_again(client, page)
    assert shown.status_code == 200
    assert f'action="{url}"' in shown.text


def test_what_was_not_sealed_here_is_dropped(client: FlaskClient, administrator: Account, grant: tuple) -> None:
    url, fields = grant
    page = client.post(url, data=fields)
    answer = signed_in_again(client, page, kept=hidden(page, "kept")[:-2] + "xx")
    assert (answer.status_code, answer.location) == (302, "/workspace/")


def test_a_form_of_another_site_is_not_kept(client: FlaskClient, administrator: Account, grant: tuple) -> None:
    url, fields = grant
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        page = client.post(url, data=fields, headers=headers)
        assert (page.status_code, hidden(page, "kept")) == (401, "")


def test_an_expired_sign_out_asks_for_nothing(client: FlaskClient, administrator: Account) -> None:
    assert client.post("/account/sign-out").location == "/account/sign-in"


def test_a_page_made_without_the_database_keeps_it_too(app: Flask) -> None:
    data = {"csrf_token": "old", "comment": "因病请假", "answer": "declined", "password": "secret words"}
    with app.test_request_context("/r/abc?lang=en", method="POST", data=data):
        app.preprocess_request()
        page = error_page(503, kept=True)
    text = page.get_data(as_text=True)
    assert page.status_code == 503
    assert "<li>因病请假</li>" in text
    assert 'name="answer" value="declined"' in text
    assert "secret words" not in text
    assert 'action="/r/abc?lang=en"' in text
