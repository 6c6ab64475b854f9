"""A browser of the benchmark in which the organizer is signed in: its cookie, and the token that its forms carry."""

from __future__ import annotations

import time
from dataclasses import dataclass

from flask import Flask, session
from flask_wtf.csrf import generate_csrf

from eventsys.accounts.operations import begin_sign_in
from eventsys.accounts.queries import load_actor
from eventsys.accounts.sign_in import SECRET, SEEN
from eventsys.core.tokens import new_link_id
from eventsys.core.transaction import write
from tests.bench import rows


@dataclass(frozen=True, slots=True)
class Browser:
    """The header `Cookie` and the value of `csrf_token`."""

    cookie: str
    token: str


def sign_in(app: Flask, account_id: int = rows.ORGANIZER) -> Browser:
    """Begin a sign-in for the account; for thirty minutes, as for anybody."""
    secret = new_link_id()
    with app.test_request_context("/"):
        with write():
            begin_sign_in(account_id, secret, browser="benchmark", by=load_actor(account_id))
        token = generate_csrf()
        session.update({SECRET: secret, SEEN: int(time.time()), "_user_id": f"account{account_id}"})
        value = app.session_interface.get_signing_serializer(app).dumps(dict(session))  # type: ignore[attr-defined]
    return Browser(f"{app.config['SESSION_COOKIE_NAME']}={value}", token)
