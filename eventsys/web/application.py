"""Flask without what each request paid for and this product does not use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import URLSafeTimedSerializer

from eventsys.web.environment import PageEnvironment
from eventsys.web.language import COOKIELESS


class SignedCookies(SecureCookieSessionInterface):
    """Flask's signed cookie with one serializer for the application instead of a new one for each request."""

    _serializer: URLSafeTimedSerializer | None = None

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Pages behind a personal link set no cookie and depend on none, whatever a library looks for in it."""
        if not request.path.startswith(COOKIELESS):
            super().save_session(app, session, response)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """The serializer of the application's keys, which never change while it runs."""
        if self._serializer is None:
            self._serializer = super().get_signing_serializer(app)
        return self._serializer


class Application(Flask):
    """An application whose views and hooks are all plain functions, with templates compiled for each language."""

    jinja_environment = PageEnvironment

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.session_interface = SignedCookies()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself: none of ours is a coroutine, and asking costs at each hook."""
        return func
