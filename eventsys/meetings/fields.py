"""Form fields whose refusals are our own words: a day, a clock time, a choice; and local times as instants."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from wtforms import DateField, SelectField, TimeField, ValidationError
from wtforms.fields.choices import Choice

from eventsys.calendar.zones import is_zone
from eventsys.core.clock import now, to_utc
from eventsys.core.formats import zone_name
from eventsys.core.language import gettext as _

FIRST_YEAR, LAST_YEAR = 1990, 2100
ZONES = (
    *("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Macau", "Asia/Taipei", "Asia/Urumqi", "Asia/Tokyo", "Asia/Seoul"),
    *("Asia/Pyongyang", "Asia/Ulaanbaatar", "Asia/Vladivostok", "Asia/Singapore", "Asia/Bangkok", "Asia/Jakarta"),
    *("Asia/Dhaka", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Karachi", "Asia/Tashkent", "Asia/Almaty", "Asia/Dubai"),
    *("Asia/Tehran", "Europe/Moscow", "Africa/Nairobi", "Europe/Istanbul", "Africa/Cairo", "Africa/Johannesburg"),
    *("Europe/Berlin", "Europe/Paris", "Europe/London", "Africa/Lagos", "America/Sao_Paulo", "America/New_York"),
    *("America/Chicago", "America/Denver", "America/Los_Angeles", "Pacific/Honolulu", "Australia/Sydney"),
    *("Pacific/Auckland", "UTC"),
)


class DayField(DateField):  # type: ignore[misc]
    """A date between 1990 and 2100."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data: date | None = None
        if not valuelist or not valuelist[0].strip():
            return
        try:
            day = date.fromisoformat(valuelist[0].strip())
        except ValueError:
            raise ValueError(_("Enter a date, such as 2024-08-22")) from None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValueError(_("Enter a date between 1990 and 2100"))
        self.data = day


class ClockField(TimeField):  # type: ignore[misc]
    """A time of day, to the minute."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data: time | None = None
        if not valuelist or not valuelist[0].strip():
            return
        try:
            read = datetime.strptime(valuelist[0].strip().replace("：", ":")[:5], "%H:%M")  # noqa: DTZ007
        except ValueError:
            raise ValueError(_("Enter a time, such as 9:00")) from None
        self.data = read.time()


class ChoiceField(SelectField):  # type: ignore[misc]
    """One of a list; anything else is refused with `refusal`."""

    def __init__(self, label: Any = None, *, refusal: Any = None, **options: Any) -> None:
        self.refusal = refusal
        super().__init__(label, **options)

    def process_data(self, value: Any) -> None:
        self.data = value

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            self.data = self.coerce(valuelist[0]) if valuelist else None
        except ValueError:
            self.data = None

    def iter_choices(self) -> Any:
        for value, label in self.choices:
            yield Choice(value, label, str(value) == str(self.data), {})

    def pre_validate(self, form: Any) -> None:
        if str(self.data) not in {str(value) for value, _label in self.choices}:
            raise ValidationError(str(self.refusal or _("Choose one from the list")))


def zone_choices(present: str | None, first: str) -> list[tuple[str, str]]:
    """Time zones by name, the installation's `first` on top, with the one that a meeting already has."""
    at = now().replace(hour=0, minute=0, second=0)
    names = dict.fromkeys((first, *ZONES, *((present,) if present and is_zone(present) else ())))
    return [(name, zone_name(name, at)) for name in names]


def instant_of(day: date, clock: time, zone: str) -> datetime:
    """The instant of a day and a clock time in the zone.

    Raises `ValueError`, with what to do in words, for a time that the zone skips when its clocks go forward.
    """
    try:
        return to_utc(datetime.combine(day, clock), zone)
    except ValueError:
        raise ValueError(_("This time does not exist there: the clocks go forward. Enter another time")) from None
