"""Changing, postponing and cancelling a meeting that people were told of."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Self

from flask import current_app
from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.validators import InputRequired
from wtforms.widgets import NumberInput

from eventsys.config import QuietSettings
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.core.language import ngettext
from eventsys.invitations.holding import Editing, Quiet, Seen
from eventsys.invitations.operations.change import Reason
from eventsys.meetings.facts import MeetingFacts
from eventsys.meetings.fields import ClockField, DayField, instant_of
from eventsys.meetings.forms import FIELD_OF, ActForm, MeetingForm, data_of
from eventsys.meetings.models import Meeting
from eventsys.web.forms import BaseForm, BlockField

REASON_LIMIT = 1000
LATER, KNOWN = "later", "known"
AT_ONCE, OWN = "0", "own"
USUAL_MINUTES = (5, 15, 60)


class QuietFields(BaseForm):
    """How long a change waits for further edits before the update goes out: a usual number of minutes, or one's own."""

    quiet = RadioField(_l("When the update goes out"), choices=(), validate_choice=False)
    quiet_own = StringField(_l("Minutes"), widget=NumberInput(min=1), render_kw={"inputmode": "numeric"})

    def __init__(self, *args: Any, minutes: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        settings = quiet_settings()
        usual = [each for each in USUAL_MINUTES if each <= settings.longest]
        self["quiet"].choices = [
            (AT_ONCE, _("At once")),
            *((str(each), _minutes_after(each)) for each in usual),
            (OWN, _("Another number of minutes after the last edit")),
        ]
        if self["quiet"].data is None:
            minutes = settings.minutes if minutes is None else minutes
            is_usual = minutes in (0, *usual)
            self["quiet"].data = str(minutes) if is_usual else OWN
            self["quiet_own"].data = self["quiet_own"].data or ("" if is_usual else str(minutes))

    @property
    def quiet_time(self) -> Quiet:
        """What was chosen. Raises `DomainError` at the field for a number that cannot be."""
        settings = quiet_settings()
        chosen = str(self["quiet"].data)
        if chosen not in dict(self["quiet"].choices):
            raise DomainError(_("Choose when the update goes out"), field="quiet")
        text = str(self["quiet_own"].data or "").strip() if chosen == OWN else chosen
        minutes = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1
        if not (1 if chosen == OWN else 0) <= minutes <= settings.longest:
            words = _("Enter a number of minutes between 1 and %(longest)s", longest=settings.longest)
            raise DomainError(words, field="quiet_own")
        return Quiet(minutes, settings.longest)


def quiet_settings() -> QuietSettings:
    """The installation's quiet time."""
    settings: QuietSettings = current_app.extensions["eventsys.settings"].quiet
    return settings


def _minutes_after(minutes: int) -> str:
    return ngettext("%(num)s minute after the last edit", "%(num)s minutes after the last edit", minutes)


class ChangeForm(MeetingForm, QuietFields):
    """The facts of a scheduled meeting with what is held over them, whether a change of words is told, and when."""

    tell_words = BooleanField(_l("Tell everybody about the new wording"))

    @classmethod
    def of(cls, row: Editing) -> Self:
        """The form filled from the meeting and its held change, ignoring what was posted."""
        return cls(formdata=None, **_filled(row))

    @classmethod
    def on(cls, row: Editing) -> Self:
        """The form of the page: what was posted, else the meeting's facts with what is held over them."""
        return cls(**_filled(row))

    @property
    def seen(self) -> Seen:
        """What the page showed: the versions of the meeting and its held change."""
        return Seen.read(str(self["version"].data))


def _filled(row: Editing) -> dict[str, Any]:
    held = row.held
    data = {**data_of(row.meeting, row.facts), "version": row.version, "tell_words": bool(held and held.tell_words)}
    return {"data": data, "present": row.meeting, "minutes": held.quiet_minutes if held else None}


class HeldForm(ActForm):
    """Sending or discarding what is held, as it was seen."""

    version = HiddenField()

    @property
    def seen(self) -> Seen:
        return Seen.read(str(self["version"].data))


class ReasonForm(BaseForm):
    """Why, in both languages; one is enough."""

    version = HiddenField()
    reason_zh = BlockField(_l("Reason in Chinese"), limit=REASON_LIMIT, render_kw={"rows": 3})
    reason_en = BlockField(_l("Reason in English"), limit=REASON_LIMIT, render_kw={"rows": 3})

    @classmethod
    def of(cls, row: Editing) -> Self:
        """The form of a page that is opened anew."""
        return cls(formdata=None, data={"version": row.version})

    @property
    def seen(self) -> Seen:
        """What the page showed: the versions of the meeting and its held change."""
        return Seen.read(str(self["version"].data))

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


class PostponeForm(ReasonForm, QuietFields):
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
    def of(cls, row: Editing) -> Self:
        """The form with the clock times as they are, and no day."""
        present = MeetingForm.of(row.meeting)
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
