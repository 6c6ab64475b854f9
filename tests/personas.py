"""People of the tests, signed in."""

from __future__ import annotations

import time
from typing import Any

from flask import Flask, request
from flask.testing import FlaskClient

from eventsys.accounts.models import Account
from eventsys.accounts.operations import begin_sign_in
from eventsys.accounts.queries import load_actor
from eventsys.accounts.sign_in import SECRET, SEEN
from eventsys.core.actor import Actor
from eventsys.core.tokens import new_link_id
from eventsys.core.transaction import write

ACTOR = "eventsys.tests.actor"


class Client(FlaskClient):
    """A browser whose every request has a context of its own, as at a real server: nothing of it lives on in `g`."""

    def open(self, *args: Any, **options: Any) -> Any:
        with self.application.app_context():
            return super().open(*args, **options)


def let_actors_travel(app: Flask) -> None:
    """Let a test's browser bring its actor along; one that brings none is asked for its cookie as always."""
    app.test_client_class = Client
    signed_in = app.extensions["eventsys.actor"]

    def actor() -> Any:
        return request.environ.get(ACTOR) or signed_in()

    app.extensions["eventsys.actor"] = actor


class Browse:
    """Opens browsers: `browse(actor)` for an actor without an account, `browse(None)` for a stranger."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __call__(self, actor: Actor | None) -> FlaskClient:
        client = self._app.test_client()
        client.environ_base[ACTOR] = actor
        return client

    def account(self, account: Account) -> FlaskClient:
        """A browser in which this account is signed in, by a real row and a real cookie."""
        client, secret = self._app.test_client(), new_link_id()
        with write():
            begin_sign_in(account.id, secret, browser="tests", by=load_actor(account.id))
        with client.session_transaction() as cookie:
            cookie.update({SECRET: secret, SEEN: int(time.time()), "_user_id": account.fs_uniquifier})
        return client
