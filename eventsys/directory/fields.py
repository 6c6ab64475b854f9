"""Fields whose refusals speak both languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wtforms import DateField, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, RadioInput

from eventsys.core.language import lazy_gettext as _l

LARGEST_ID = 2**31 - 1


def number_of(text: object) -> int:
    """An id from a form, 0 for anything that is none."""
    value = str(text or "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 11 and int(value) <= LARGEST_ID else 0


class VersionField(HiddenField):  # type: ignore[misc]
    """The version of the row that the form was opened with; `data` is a number."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = number_of(valuelist[0]) if valuelist else 0


class IdsField(HiddenField):  # type: ignore[misc]
    """Ids that the page brings back as it showed them, parted by commas; `data` is their set."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = {number_of(part) for value in valuelist for part in value.split(",")} - {0}

    def _value(self) -> str:
        return ",".join(str(each) for each in sorted(self.data or ()))


class DayField(DateField):  # type: ignore[misc]
    """A date of the calendar; `data` is None when it is empty."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_l("Write the day as year, month and day, like 2024-08-22.")) from None


class ChoiceField(SelectField):  # type: ignore[misc]
    """One of the choices; numbers are ids, 0 is none of them."""

    def __init__(self, label: Any = None, validators: Any = (), coerce: Any = number_of, **options: Any) -> None:
        options.setdefault("default", 0 if coerce is number_of else None)
        super().__init__(label, validators, coerce=coerce, **options)

    def pre_validate(self, form: Any) -> None:
        if not any(self.data == self.coerce(value) for value, *_rest in self.iter_choices()):
            raise ValidationError(_l("Choose one from the list."))


class PickField(ChoiceField):
    """One of the choices, shown one below another."""

    widget = ListWidget(prefix_label=False)
    option_widget = RadioInput()


class RadiosField(RadioField):  # type: ignore[misc]
    """One of a few choices, shown one below another; "" while none is chosen."""

    def __init__(self, label: Any = None, validators: Any = (), **options: Any) -> None:
        super().__init__(label, validators, coerce=lambda value: str(value or ""), **options)

    def pre_validate(self, form: Any) -> None:
        if self.data and not any(self.data == str(value) for value, *_rest in self.iter_choices()):
            raise ValidationError(_l("Choose one from the list."))


class ChecksField(SelectMultipleField):  # type: ignore[misc]
    """Any of the choices, as checkboxes; what is no choice is left out."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        """Whatever was chosen is taken; the verb looks whether it is on record."""

    def iter_choices(self) -> Iterator[Any]:
        """The choices, chosen ones compared as text: a page may ask with ids, a rule keeps numbers."""
        chosen = {str(value) for value in self.data or ()}
        for value, label, *_rest in self.choices or ():
            yield value, label, str(value) in chosen, {}
