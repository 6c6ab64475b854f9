"""Reminding those that were shown."""

from __future__ import annotations

from wtforms import HiddenField

from eventsys.core.language import lazy_gettext as _l
from eventsys.web.forms import BaseForm


class RemindForm(BaseForm):
    """`shown` are the ids of those on the page, parted by commas: nobody else is reminded."""

    shown = HiddenField(_l("Those shown"))

    @property
    def ids(self) -> list[int]:
        parts = str(self["shown"].data or "").split(",")
        return [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 11]
