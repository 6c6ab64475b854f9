"""Forms as a browser sends them: the page is fetched, its token and hidden fields go along."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class _Token(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.token: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "input" and values.get("name") == "csrf_token" and self.token is None:
            self.token = values.get("value")


def token_of(page: TestResponse) -> str:
    """The CSRF token on a page. Raises AssertionError when it has no form."""
    parser = _Token()
    parser.feed(page.text)
    assert parser.token, f"no form on this page ({page.status})"
    return parser.token


def post(client: FlaskClient, url: str, data: dict[str, Any] | None = None, *, page: str | None = None) -> TestResponse:
    """Post to `url` with the token of the page at `page` (or at `url` itself)."""
    token = token_of(client.get(page or url))
    return client.post(url, data={"csrf_token": token, **(data or {})})
