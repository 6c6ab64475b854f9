"""Guessing is slowed down: by account and by address, known or not."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventsys.extensions import limiter
from tests import factories
from tests.web.forms import token_of

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def fresh_limits(app: Flask) -> None:
    with app.test_request_context():
        limiter.reset()


def attempts(client: FlaskClient, *tries: tuple[str, str], address: str = "192.0.2.1") -> list[int]:
    token = token_of(client.get("/account/sign-in"))
    data = [{"csrf_token": token, "email": email, "password": password} for email, password in tries]
    return [
        client.post("/account/sign-in", data=each, environ_overrides={"REMOTE_ADDR": address}).status_code
        for each in data
    ]


@pytest.mark.parametrize("email", ["known@example.org", "nobody@example.org"])
def test_an_account_is_tried_five_times(app: Flask, client: FlaskClient, email: str) -> None:
    factories.account(factories.person(email="known@example.org"), PASSWORD)
    wrong = [(email, f"wrong number {number}") for number in range(6)]
    assert attempts(client, *wrong) == [422, 422, 422, 422, 422, 429]
    assert attempts(client, (email, PASSWORD), (email.upper(), PASSWORD), address="192.0.2.2") == [429, 429]


def test_the_page_says_what_to_do(app: Flask, client: FlaskClient) -> None:
    attempts(client, *[("nobody@example.org", "wrong")] * 5)
    token = token_of(client.get("/account/sign-in?lang=en"))
    data = {"csrf_token": token, "email": "nobody@example.org", "password": "x"}
    answer = client.post("/account/sign-in", data=data, environ_overrides={"REMOTE_ADDR": "192.0.2.1"})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    assert "Wait 15 minutes, then try again." in answer.text


def test_the_right_password_forgets_the_attempts(app: Flask, browse: object) -> None:
    factories.account(factories.person(email="known@example.org"), PASSWORD)
    for _ in range(2):
        wrong = [("known@example.org", "wrong")] * 4
        assert attempts(app.test_client(), *wrong, ("known@example.org", PASSWORD)) == [422, 422, 422, 422, 302]


def test_an_address_is_charged_for_failures_only(app: Flask, client: FlaskClient) -> None:
    factories.account(factories.person(email="known@example.org"), PASSWORD)
    wrong = [(f"nobody{number}@example.org", "wrong") for number in range(20)]
    assert attempts(app.test_client(), ("known@example.org", PASSWORD)) == [302]
    assert attempts(client, *wrong) == [422] * 20
    assert attempts(client, ("known@example.org", PASSWORD)) == [429]
    assert attempts(client, ("known@example.org", PASSWORD), address="192.0.2.9") == [302]


def test_letters_are_limited(app: Flask, client: FlaskClient) -> None:
    token = token_of(client.get("/account/forgotten"))
    answers = [
        client.post("/account/forgotten", data={"csrf_token": token, "email": "known@example.org"}) for _ in range(4)
    ]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
