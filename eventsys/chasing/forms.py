"""Reminding those that were shown, planning reminders, noting a call."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from flask import request
from wtforms import HiddenField
from wtforms.validators import InputRequired, Optional

from eventsys.chasing.models import PlannedReminder
from eventsys.chasing.operations.plan import LONGEST_DAYS
from eventsys.chasing.words import before_words
from eventsys.core.clock import now, to_local
from eventsys.core.errors import DomainError
from eventsys.core.language import lazy_gettext as _l
from eventsys.directory.fields import VersionField, number_of
from eventsys.meetings.fields import ChoiceField, ClockField, DayField, instant_of
from eventsys.web.forms import BaseForm, BlockField, LineField
from eventsys.web.once import OnceForm


class RemindForm(BaseForm):
    """`shown` are the keys of those on the page, parted by commas: nobody else is reminded.

    `organization` are the ids of the organizations chosen, 0 for people of none; a page that lets nobody choose sends
    `all`.
    """

    shown = HiddenField(_l("Those shown"))

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(str(self["shown"].data or "").split(","))

    @property
    def organizations(self) -> frozenset[int]:
        return frozenset(number_of(value) for value in request.form.getlist("organization"))


def day_choices() -> list[tuple[int, str]]:
    """`On the day of the deadline`, `1 day before`, …"""
    return [(days, before_words(days)) for days in (*range(15), 21, 30, 45, 60, LONGEST_DAYS)]


class _Time:
    days_before: Any
    time: Any

    @property
    def minute(self) -> int:
        return int(self.time.data.hour) * 60 + int(self.time.data.minute)


class PlanForm(_Time, OnceForm):
    """A further reminder before the deadline."""

    days_before = ChoiceField(_l("Day"), coerce=int, default=1, refusal=_l("Choose a day from the list"))
    time = ClockField(_l("Time"), [InputRequired(_l("Enter the time of day"))], default=time(9))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.days_before.choices = day_choices()


class ChangeForm(_Time, BaseForm):
    """Another time for a planned reminder, and the organizations that it leaves out."""

    version = VersionField()
    days_before = ChoiceField(_l("Day"), coerce=int, refusal=_l("Choose a day from the list"))
    time = ClockField(_l("Time"), [InputRequired(_l("Enter the time of day"))])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.days_before.choices = day_choices()
        present = self.days_before.data
        if isinstance(present, int) and 0 <= present <= LONGEST_DAYS and present not in dict(self.days_before.choices):
            self.days_before.choices.append((present, before_words(present)))

    @classmethod
    def of(cls, row: PlannedReminder) -> ChangeForm:
        at = time(row.minute // 60, row.minute % 60)
        return cls(formdata=None, data={"version": row.version, "days_before": row.days_before, "time": at})

    def left_out(self, before: set[int]) -> set[int]:
        """Those left out: of the organizations on the page those not ticked, of others those left out before."""
        shown = {number_of(value) for value in request.form.getlist("listed")} - {0}
        ticked = {number_of(value) for value in request.form.getlist("organization")}
        return (before - shown) | (shown - ticked)


class SwitchForm(BaseForm):
    """On or off."""

    on = HiddenField()


class CallForm(OnceForm):
    """A call that was made: when, with whom, what they said."""

    date = DayField(_l("Day"), [InputRequired(_l("Enter the day"))])
    time = ClockField(_l("Time"), [InputRequired(_l("Enter the time of day"))])
    whom = LineField(_l("Whom you spoke to"), [Optional()], limit=120)
    said = BlockField(
        _l("What was said"), [InputRequired(_l("Write what was said, or that nobody answered."))], limit=1000
    )

    @classmethod
    def fresh(cls, zone: str, whom: str) -> CallForm:
        """The form as it opens: now, with whoever is on the place."""
        here = to_local(now(), zone)
        return cls(formdata=None, data={"date": here.date(), "time": here.time(), "whom": whom})

    def at(self, zone: str) -> datetime:
        """The instant of the call. Raises `DomainError` for a time that does not exist there."""
        assert self.date.data and self.time.data
        try:
            return instant_of(self.date.data, self.time.data, zone)
        except ValueError as refusal:
            raise DomainError(refusal, field="time") from None
