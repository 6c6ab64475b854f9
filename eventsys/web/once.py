"""The base of forms that make something: sent twice, they make it once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any

from flask import request
from wtforms import HiddenField

from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.once import UsedUp, keep, take
from eventsys.core.tokens import new_link_id
from eventsys.web.access import current_actor
from eventsys.web.forms import BaseForm

KEY = re.compile(r"[a-z2-7]{26}")
OF_THE_PAGE = frozenset({"csrf_token", "once"})


class OnceForm(BaseForm):
    """A form whose verb returns the id of what it made. Its page prints `form.once()`.

    Sent again as it was (a second click, a retried request), it does nothing and its `result` is what the first made.
    Sent again with other words it is refused and takes a new key: nothing is doubled unseen, nothing typed is lost.
    """

    once = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self["once"].data = self["once"].data or new_link_id()

    def carries_out(self, verb: Callable[[], Any]) -> bool:
        """As every form, but once for each key."""
        return super().carries_out(lambda: self._make(verb))

    def _make(self, verb: Callable[[], Any]) -> Any:
        if not KEY.fullmatch(str(self["once"].data)):
            return verb()
        key = f"{type(self).__name__}:{current_actor().account_id}:{self['once'].data}"
        try:
            made = take(key, _mark_of_request())
        except UsedUp:
            self["once"].data = new_link_id()
            raise DomainError(
                _("This form was sent before, and what it made is there. To make another one, send it again.")
            ) from None
        if made is None:
            made = verb()
            keep(key, made)
        return made


def _mark_of_request() -> str:
    """A mark of the page and everything that was typed on it."""
    typed = sorted((name, value) for name, value in request.form.items(multi=True) if name not in OF_THE_PAGE)
    return hashlib.sha256(repr((request.path, typed)).encode("utf-8", "surrogatepass")).hexdigest()
