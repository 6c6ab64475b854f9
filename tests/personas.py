"""People of the tests, signed in."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from eventsys.core.actor import ANONYMOUS, Actor


class Browse:
    """Opens browsers. Until a real sign-in is bound the actor travels with the client."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __call__(self, actor: Actor | None) -> FlaskClient:
        self._app.extensions["eventsys.actor"] = lambda: actor or ANONYMOUS
        return self._app.test_client()
