"""One organization: its quota and note, more time to answer, its link."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired

from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.directory.fields import VersionField, number_of
from eventsys.meetings.fields import ClockField, DayField, instant_of
from eventsys.quotas.forms.ask import NOTE
from eventsys.quotas.queries.demand import MOST_EACH
from eventsys.quotas.queries.leaving import Wanted
from eventsys.web.forms import BaseForm, BlockField


class NumberField(StringField):  # type: ignore[misc]
    """How many places: a whole number from 0 to the most that one organization can be asked for."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = number_of(text)
        if not (text.isascii() and text.isdigit()) or self.data > MOST_EACH or (self.data == 0 and text.strip("0")):
            raise ValueError(_("Enter a whole number from 0 to %(most)s.", most=MOST_EACH))

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else str(self.data or 0)


class QuotaForm(BaseForm):
    """The quota and note of one organization; `shown` marks the places that were said to go."""

    version = VersionField()
    further = NumberField(_l("Further places"), render_kw={"inputmode": "numeric"})
    observers = NumberField(_l("Observers"), render_kw={"inputmode": "numeric"})
    note_zh = BlockField(_l("What kind of people are wanted"), limit=NOTE)
    note_en = BlockField(_l("The same in English"), limit=NOTE)
    shown = HiddenField(_l("The places that would go"))

    @property
    def wanted(self) -> Wanted:
        return Wanted(
            self["further"].data or 0,
            self["observers"].data or 0,
            self["note_zh"].data or "",
            self["note_en"].data or "",
        )


class ExtendForm(BaseForm):
    """Until when; `shown` marks who would be told."""

    version = VersionField()
    day = DayField(_l("Day"), [InputRequired(_l("Enter the date"))])
    time = ClockField(_l("Time"), [InputRequired(_l("Enter the time"))])
    shown = HiddenField(_l("The readers as shown"))

    def until(self, zone: str) -> datetime:
        """The instant in the meeting's zone. Raises `DomainError` at the field that lacks something."""
        day, clock = self["day"].data, self["time"].data
        if day is None or clock is None:
            raise DomainError(_("Enter the date") if day is None else _("Enter the time"), field="day")
        try:
            return instant_of(day, clock, zone)
        except ValueError as error:
            raise DomainError(str(error), field="day") from None


class LinkForm(BaseForm):
    """An act on the link of one organization."""

    version = VersionField()
    act = HiddenField()

    @property
    def renews(self) -> bool:
        return bool(self["act"].data == "renew")

    def first_error(self) -> Any:
        """The refusal in words, for a page that shows no form."""
        return next((text for texts in self.errors.values() for text in texts), "")
