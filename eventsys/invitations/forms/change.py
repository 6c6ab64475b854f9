"""Changing, postponing and cancelling a meeting that people were told of."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Self

from wtforms import BooleanField, HiddenField, RadioField
from wtforms.validators import InputRequired

from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.invitations.operations.change import Reason
from eventsys.meetings.facts import MeetingFacts
from eventsys.meetings.fields import ClockField, DayField, instant_of
from eventsys.meetings.forms import FIELD_OF, MeetingForm
from eventsys.meetings.models import Meeting
from eventsys.web.forms import BaseForm, BlockField

REASON_LIMIT = 1000
LATER, KNOWN = "later", "known"


class ChangeForm(MeetingForm):
    """The facts of a scheduled meeting, and whether a change of words is told."""

    tell_words = BooleanField(_l("Tell everybody about the new wording"))


class ReasonForm(BaseForm):
    """Why, in both languages; one is enough."""

    version = HiddenField()
    reason_zh = BlockField(_l("Reason in Chinese"), limit=REASON_LIMIT, render_kw={"rows": 3})
    reason_en = BlockField(_l("Reason in English"), limit=REASON_LIMIT, render_kw={"rows": 3})

    @classmethod
    def of(cls, row: Meeting) -> Self:
        """The form of a page that is opened anew."""
        return cls(formdata=None, data={"version": row.version})

    @property
    def version_number(self) -> int:
        """The version that was looked at; -1, which is nobody's, when the field was tampered with."""
        text = str(self["version"].data)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1

    @property
    def reason(self) -> Reason:
        return Reason(self["reason_zh"].data or "", self["reason_en"].data or "")

    def validate(self, extra_validators: Any = None) -> bool:
        """A reason in one language at least."""
        super().validate(extra_validators)
        if not self.errors and not self["reason_zh"].data and not self["reason_en"].data:
            self.refuse(DomainError(_("Give the reason in one language at least."), field="reason_zh"))
        return not self.errors


class CancelForm(ReasonForm):
    """Why a meeting is cancelled."""


class PostponeForm(ReasonForm):
    """Why a meeting is postponed, and its new date where there is one."""

    when = RadioField(
        _l("New date"),
        choices=((LATER, _l("Not known yet")), (KNOWN, _l("Known"))),
        validators=[InputRequired(_l("Choose whether the new date is known"))],
    )
    date = DayField(_l("Date"))
    starts = ClockField(_l("Start"))
    ends = ClockField(_l("End"))
    end_date = DayField(_l("Last day, if it is another one"))
    reply_date = DayField(_l("Day on which replies close"))
    reply_time = ClockField(_l("Time at which replies close"))

    @classmethod
    def of(cls, row: Meeting) -> Self:
        """The form with the clock times as they are, and no day."""
        present = MeetingForm.of(row)
        return cls(
            formdata=None, data={"version": row.version, "starts": present.starts.data, "ends": present.ends.data}
        )

    @property
    def has_date(self) -> bool:
        return str(self["when"].data) == KNOWN

    def facts(self, meeting: Meeting) -> MeetingFacts:
        """The meeting's facts at the new time. Raises `DomainError` at the field that lacks something."""
        return replace(
            MeetingFacts.of(meeting),
            starts_at=self._instant("date", "starts", meeting.zone),
            ends_at=self._instant("end_date" if self["end_date"].data else "date", "ends", meeting.zone),
            reply_by=self._reply_by(meeting.zone),
        )

    def refuse(self, refusal: DomainError) -> None:
        """Put a refusal of a fact at the field that asks for it."""
        super().refuse(DomainError(refusal.message, field=FIELD_OF.get(refusal.field or "", refusal.field)))

    def _instant(self, day: str, clock: str, zone: str) -> datetime:
        if self[day].data is None:
            raise DomainError(_("Enter the date"), field=day)
        if self[clock].data is None:
            raise DomainError(_("Enter the time"), field=clock)
        try:
            return instant_of(self[day].data, self[clock].data, zone)
        except ValueError as error:
            raise DomainError(str(error), field=clock) from None

    def _reply_by(self, zone: str) -> datetime | None:
        if self["reply_date"].data is None and self["reply_time"].data is None:
            return None
        return self._instant("reply_date", "reply_time", zone)
