"""The forms of a meeting: its facts, the date of a copy, and acts without fields."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from flask import current_app
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import InputRequired
from wtforms.widgets import EmailInput, TelInput, TextArea, URLInput

from eventsys.calendar.zones import is_zone
from eventsys.core.clock import now, to_local
from eventsys.core.errors import DomainError
from eventsys.core.language import lazy_gettext as _l
from eventsys.meetings.alarms import HALF_AN_HOUR, NONE, USUAL, alarms_of, minutes_of
from eventsys.meetings.facts import BLOCKS, LINES, MeetingFacts, problems
from eventsys.meetings.fields import ChoiceField, ClockField, DayField, instant_of, zone_choices
from eventsys.meetings.models import Meeting, MeetingKind, Visibility
from eventsys.meetings.queries import convener_choices
from eventsys.meetings.words import KINDS, VISIBILITIES
from eventsys.web.access import current_actor
from eventsys.web.forms import BaseForm, BlockField, LineField
from eventsys.web.once import OnceForm

FIELD_OF = {"starts_at": "starts", "ends_at": "ends", "reply_by": "reply_date", "alarms": "own_alarms"}
NO_ALARM, OWN_ALARMS = "none", "own"
ALARMS = (
    (USUAL, _l("1 day and 30 minutes before")),
    (HALF_AN_HOUR, _l("30 minutes before")),
    (OWN_ALARMS, _l("At other times")),
    (NO_ALARM, _l("Not at all")),
)
TIMES = frozenset({"starts_at", "ends_at", "reply_by"})


class PlacesField(StringField):  # type: ignore[misc]
    """How many places; None when it is empty, 0 (which no meeting can have) for what is no such number."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        is_number = text.isascii() and text.isdigit() and len(text) < 8
        self.data: int | None = (int(text) if is_number else 0) if text else None

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else "" if self.data is None else str(self.data)


class ActForm(BaseForm):
    """An act without input: its token alone."""


class WhenFields(BaseForm):
    """A day with its first and last clock time."""

    date = DayField(_l("Date"), [InputRequired(_l("Enter the date"))])
    starts = ClockField(_l("Starts"), [InputRequired(_l("Enter the start"))])


class MeetingForm(WhenFields):
    """Everything that an organizer decides about a meeting; `of(meeting)` fills it, `facts()` reads it.

    A page that extends it adds its own fields; the markup is `templates/meetings/_fields.html`.
    """

    version = HiddenField()
    title_zh = LineField(_l("Title in Chinese"), widget=TextArea(), render_kw={"rows": 2})
    title_en = LineField(_l("Title in English"), widget=TextArea(), render_kw={"rows": 2})
    kind = ChoiceField(_l("Kind of meeting"), coerce=MeetingKind)
    convener_id = ChoiceField(
        _l("Convening organization"),
        coerce=int,
        refusal=_l("Choose an organization for which you are an organizer"),
    )
    ends = ClockField(_l("Ends"), [InputRequired(_l("Enter the end"))])
    end_date = DayField(_l("Last day, if it is another one"))
    zone = ChoiceField(_l("Time zone"), coerce=str, refusal=_l("Choose a time zone from the list"))
    venue_zh = LineField(_l("Venue"))
    venue_en = LineField(_l("Venue in English"))
    address_zh = LineField(_l("Address"))
    address_en = LineField(_l("Address in English"))
    online_url = LineField(
        _l("Link for joining online"), limit=500, widget=URLInput(), description=_l("Only participants see it.")
    )
    alarms = RadioField(
        _l("Calendars remind participants"), choices=ALARMS, description=_l("Stands in invitations and calendar files.")
    )
    own_alarms = LineField(
        _l("Minutes before the start"), limit=60, description=_l("For example 60, 15. A day has 1440 minutes.")
    )
    reply_date = DayField(_l("Day on which replies close"))
    reply_time = ClockField(_l("Time at which replies close"))
    capacity = PlacesField(
        _l("Places in all"),
        description=_l("Nobody is asked beyond them. Empty means no limit."),
        render_kw={"inputmode": "numeric"},
    )
    visibility = RadioField(_l("Who can see it"), choices=(), validate_choice=False)
    contact_name = LineField(_l("Contact"), limit=120)
    contact_phone = LineField(_l("Telephone"), limit=40, widget=TelInput())
    contact_email = LineField(_l("E-mail"), limit=320, widget=EmailInput())
    notes_zh = BlockField(_l("Notes for participants"), description=_l("Dress, papers to bring, parking"))
    notes_en = BlockField(_l("Notes in English"), description=_l("For readers of English"))

    def __init__(self, *args: Any, present: Meeting | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = current_app.extensions["eventsys.settings"].zone
        self["kind"].choices = list(KINDS.items())
        self["zone"].choices = zone_choices(present.zone if present else None, first)
        self["convener_id"].choices = _conveners(present)
        self["visibility"].choices = [(value.value, word) for value, (word, _hint) in VISIBILITIES.items()]
        self["zone"].data = self["zone"].data or first
        self["visibility"].data = self["visibility"].data or Visibility.PARTICIPANTS.value
        self["alarms"].data = self["alarms"].data or USUAL

    @classmethod
    def of(cls, row: Any) -> Self:
        """The form filled from a meeting, ignoring what was posted."""
        return cls(formdata=None, data=data_of(row, MeetingFacts.of(row)), present=row)

    @classmethod
    def over(cls, row: Meeting) -> Self:
        """The form of an edit page: what was posted, else the meeting's facts."""
        return cls(data=data_of(row, MeetingFacts.of(row)), present=row)

    @property
    def version_number(self) -> int:
        """The version that was opened; -1, which is nobody's, when the field was tampered with."""
        text = str(self["version"].data)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1

    @property
    def visibility_hints(self) -> dict[str, str]:
        """The hint of each visibility, by its value."""
        return {value.value: str(hint) for value, (_word, hint) in VISIBILITIES.items()}

    def facts(self) -> MeetingFacts:
        """The facts that were entered; call it on a form that validates."""
        return self._facts(self._moments())

    def validate(self, extra_validators: Any = None) -> bool:
        """Shape first, then everything that the facts cannot be together, each at its field."""
        super().validate(extra_validators)
        if self["visibility"].data not in {value.value for value in Visibility}:
            self.refuse(DomainError(_l("Choose who can see it"), field="visibility"))
        elif self["kind"].data is not None and self["convener_id"].data is not None:
            moments = self._moments()
            self._refuse_all(self._facts(_placeholders(moments)), frozenset(moments))
        return not self.errors

    def refuse(self, refusal: DomainError) -> None:
        """Put a refusal of a fact at the field that asks for it."""
        super().refuse(DomainError(refusal.message, field=FIELD_OF.get(refusal.field or "", refusal.field)))

    def _refuse_all(self, facts: MeetingFacts, known: frozenset[str]) -> None:
        for problem in problems(facts):
            name = FIELD_OF.get(problem.field, problem.field)
            needs = {"starts_at", problem.field} if problem.field in TIMES else set()
            if needs <= known and not self[name].errors:
                self.refuse(DomainError(problem.message, field=name))

    def _moments(self) -> dict[str, datetime]:
        """The instants that could be read; a time that the zone skips is refused at its field."""
        zone = self["zone"].data
        if not isinstance(zone, str) or not is_zone(zone):
            return {}
        day = self["date"].data
        pairs = {
            "starts_at": (day, "starts"),
            "ends_at": (self["end_date"].data or day, "ends"),
            "reply_by": (self["reply_date"].data, "reply_time"),
        }
        found = {}
        for name, (on, clock_field) in pairs.items():
            clock = self[clock_field].data
            if on is None or clock is None:
                self._miss_half(name, on is None, clock is None)
                continue
            try:
                found[name] = instant_of(on, clock, zone)
            except ValueError as error:
                self._note(clock_field if name != "reply_by" else "reply_date", str(error))
        return found

    def _miss_half(self, name: str, no_day: bool, no_clock: bool) -> None:
        """A reply deadline is an instant: a day without a time, or a time without a day, is none."""
        if name == "reply_by" and no_day is not no_clock:
            words = _l("Enter the day too") if no_day else _l("Enter the time too: the deadline is an instant")
            self._note("reply_date", str(words))

    def _note(self, name: str, message: str) -> None:
        if not self[name].errors:
            self.refuse(DomainError(message, field=name))

    def _facts(self, moments: dict[str, datetime]) -> MeetingFacts:
        entered: dict[str, Any] = {name: self[name].data or "" for name in (*LINES, *BLOCKS)}
        return MeetingFacts(
            kind=self["kind"].data,
            convener_id=self["convener_id"].data,
            visibility=Visibility(self["visibility"].data),
            zone=self["zone"].data or "",
            alarms=self._alarms(),
            capacity=self["capacity"].data,
            **{**entered, **moments},
        )

    def _alarms(self) -> str:
        """The reminders that were chosen; what was typed and is none is left for `problems` to refuse."""
        chosen: str = self["alarms"].data
        if chosen != OWN_ALARMS:
            return "" if chosen == NO_ALARM else chosen
        typed: str = self["own_alarms"].data or OWN_ALARMS
        try:
            return alarms_of(typed)
        except ValueError:
            return typed


class NewMeetingForm(MeetingForm, OnceForm):
    """The facts of a new draft."""


class CopyForm(WhenFields, OnceForm):
    """The new date of a copy."""


def _placeholders(moments: dict[str, datetime]) -> dict[str, datetime]:
    """The instants with stand-ins for those that could not be read, so that the other facts can be looked at."""
    start = moments.get("starts_at", now())
    return {"starts_at": start, "ends_at": start + timedelta(hours=1), **moments}


def _conveners(present: Meeting | None) -> list[tuple[int, str]]:
    choices = convener_choices(current_actor())
    if present is not None and present.convener_id not in dict(choices):
        choices.insert(0, (present.convener_id, present.convener.name()))
    return choices


def data_of(meeting: Meeting, facts: MeetingFacts) -> dict[str, Any]:
    """What the form's fields show for these facts of a meeting: times as clock times of their own zone."""
    starts, ends = to_local(facts.starts_at, facts.zone), to_local(facts.ends_at, facts.zone)
    reply = to_local(facts.reply_by, facts.zone) if facts.reply_by else None
    return {
        **facts.columns(),
        "visibility": facts.visibility.value,
        "version": meeting.version,
        "date": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
        "end_date": ends.date() if ends.date() != starts.date() else None,
        "reply_date": reply.date() if reply else None,
        "reply_time": reply.time() if reply else None,
        **_alarms_shown(facts.alarms),
    }


def _alarms_shown(alarms: str) -> dict[str, str]:
    """The choice that says these reminders, and their minutes where it is none of the usual ones."""
    if alarms in (USUAL, HALF_AN_HOUR, NONE):
        return {"alarms": alarms or NO_ALARM, "own_alarms": ""}
    return {"alarms": OWN_ALARMS, "own_alarms": ", ".join(map(str, minutes_of(alarms)))}
