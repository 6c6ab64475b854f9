"""What was typed, kept: shown on a plain page from which it can be sent again.

Used when a session ran out or the database did not answer. Only fields that this site's own page sent are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request
from itsdangerous import BadData, URLSafeSerializer

from eventsys.web.language import COOKIELESS

KEPT_LIMIT = 200_000
SECRET_FIELDS = ("csrf_token", "password_confirm", "new_password_confirm", "kept")
SHORTEST_TEXT = 2


@dataclass(frozen=True, slots=True)
class KeptForm:
    """Where a form was going (a local path) and its fields in order, as name and value."""

    path: str
    fields: tuple[tuple[str, str], ...]

    def sealed(self, secret: str) -> str:
        """As text that only this server can have made."""
        return str(_serializer(secret).dumps([self.path, [list(pair) for pair in self.fields]]))

    @property
    def is_by_link(self) -> bool:
        """Whether a personal link leads there, whose pages set no cookie and bring a mark of their own."""
        return self.path.startswith(COOKIELESS)

    @property
    def texts(self) -> list[str]:
        """What a person would know again: the words typed, without the form's numbers, codes and ticks."""
        return [value for _name, value in self.fields if len(value) >= SHORTEST_TEXT and not _is_code(value)]


def kept_form() -> KeptForm | None:
    """What the current POST brought, unless it came from another site, is too large, or is about signing in itself."""
    if request.method != "POST" or not _own_page() or request.path.startswith("/account/"):
        return None
    fields = tuple(
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in SECRET_FIELDS and not name.endswith("password")
    )
    if sum(len(name) + len(value) for name, value in fields) > KEPT_LIMIT:
        return None
    return KeptForm(request.full_path.rstrip("?"), fields)


def unsealed(text: str, secret: str) -> KeptForm | None:
    """The form in a sealed text, None when it was not made here."""
    try:
        path, fields = _serializer(secret).loads(text)
    except BadData:
        return None
    return KeptForm(path, tuple((name, value) for name, value in fields))


def _is_code(value: str) -> bool:
    """Whether a value is a number or one of a form's own plain words, such as `accepted`."""
    return value.isascii() and value.replace("_", "").replace("-", "").isalnum() and value == value.lower()


def _own_page() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or origin.rstrip("/") == request.host_url.rstrip("/")


def _serializer(secret: str) -> Any:
    return URLSafeSerializer(secret, salt="kept-form")
