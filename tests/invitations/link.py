"""Personal links in tests: their addresses, and posting from behind them."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventsys.core.tokens import LinkSigner
from eventsys.invitations.models import Attendee

HIDDEN = re.compile(r'<input type="hidden" name="(mark|seen)" value="([^"]*)">')


def link(app: Flask, attendee: Attendee) -> str:
    """The address of the attendee's personal page."""
    keys = app.extensions["eventsys.settings"].secret_keys
    return "/r/" + LinkSigner(keys, "reply").token(attendee.link_id)


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page's forms."""
    return dict(HIDDEN.findall(page))


def post(client: FlaskClient, url: str, answer: str, **values: Any) -> TestResponse:
    """Open the page, take what its form carries, and answer."""
    page = client.get(f"{url}?do={answer}" if answer != "accepted" else f"{url}?do=change").get_data(as_text=True)
    return client.post(url, data={**hidden(page), "answer": answer, **values})
