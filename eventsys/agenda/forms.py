"""The form of an agenda item."""

from __future__ import annotations

from typing import Any, Self

from flask import request
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import InputRequired

from eventsys.agenda.models import AgendaItem, AgendaKind
from eventsys.agenda.operations import NOTE, ItemFacts, problems
from eventsys.agenda.words import KINDS
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.directory.queries import organization_choices, people_search
from eventsys.meetings.fields import ChoiceField
from eventsys.web.forms import BaseForm, BlockField, LineField
from eventsys.web.once import OnceForm

FOUND = 10


class MinutesField(StringField):  # type: ignore[misc]
    """A whole number of minutes."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data: int | None = None
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            return
        if not (text.isdigit() and len(text) < 6):
            raise ValueError(_("Enter the length as a whole number of minutes"))
        self.data = int(text)

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else "" if self.data is None else str(self.data)


class PresenterField(ChoiceField):
    """The organization that presents, or none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0] if valuelist else ""
        self.data = (int(text) if text.isascii() and text.isdigit() else -1) if text else None

    def pre_validate(self, form: Any) -> None:
        if self.data is not None:
            super().pre_validate(form)


class PersonField(RadioField):  # type: ignore[misc]
    """The person who presents, one of those that the search found, or nobody."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0] if valuelist else ""
        self.data = text if text.isascii() and text.isdigit() and len(text) < 10 else ""


class ItemForm(BaseForm):
    """An agenda item: what it is, how long it takes, who presents it."""

    version = HiddenField()
    kind = ChoiceField(_l("Kind of item"), coerce=AgendaKind)
    minutes = MinutesField(
        _l("Length in minutes"), [InputRequired(_l("Enter the length in minutes"))], render_kw={"inputmode": "numeric"}
    )
    title_zh = LineField(_l("Title in Chinese"))
    title_en = LineField(_l("Title in English"))
    presenter_organization_id = PresenterField(_l("Organization"), refusal=_l("Choose an organization from the list"))
    person_query = LineField(_l("Find a person"), limit=100, description=_l("Name, post or organization"))
    presenter_person_id = PersonField(_l("Person"), choices=(), validate_choice=False)
    presenter_zh = LineField(_l("In words"), description=_l("Such as “all participants”; stands behind the others"))
    presenter_en = LineField(_l("In English words"), description=_l("For readers of English"))
    note_zh = BlockField(_l("Note for participants"), limit=NOTE)
    note_en = BlockField(_l("Note in English"), limit=NOTE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self["kind"].choices = list(KINDS.items())
        self["presenter_organization_id"].choices = [("", _("Nobody chosen")), *organization_choices()]
        self["presenter_person_id"].choices = self._people()

    @classmethod
    def of(cls, row: AgendaItem) -> Self:
        """The form filled from an item, ignoring what was posted."""
        return cls(formdata=None, data=_data(row))

    @classmethod
    def over(cls, row: AgendaItem) -> Self:
        """The form of an edit page: what was posted, else the item's facts."""
        return cls(data=_data(row))

    @property
    def version_number(self) -> int:
        """The version that was opened; -1, which is nobody's, when the field was tampered with."""
        text = str(self["version"].data)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1

    @property
    def searches(self) -> bool:
        """Whether the button of the search was pressed, and nothing is to be saved."""
        return "find" in request.form

    def facts(self) -> ItemFacts:
        """The facts that were entered; call it on a form that validates."""
        texts = {name: self[name].data or "" for name in ItemFacts.__slots__ if name.endswith(("_zh", "_en"))}
        person = self["presenter_person_id"].data
        return ItemFacts(
            kind=self["kind"].data,
            minutes=self["minutes"].data,
            presenter_organization_id=self["presenter_organization_id"].data,
            presenter_person_id=int(person) if person else None,
            **texts,
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Shape first, then what the facts cannot be, each at its field."""
        super().validate(extra_validators)
        if self["kind"].data is not None and self["minutes"].data is not None:
            for name, message in problems(self.facts()):
                if not self[name].errors:
                    self.refuse(DomainError(message, field=name))
        return not self.errors

    def _people(self) -> list[tuple[str, str, dict[str, str]]]:
        chosen = self["presenter_person_id"].data or ""
        ids = [int(chosen)] if str(chosen).isdigit() else []
        found = people_search(self["person_query"].data or "", FOUND, ids)
        return [
            ("", _("Nobody chosen"), {}),
            *((str(each.id), each.name, {"hint": "；".join(each.posts)}) for each in found),
        ]


class NewItemForm(ItemForm, OnceForm):
    """A new item of an agenda."""


def _data(item: AgendaItem) -> dict[str, Any]:
    person = item.presenter_person_id
    facts = ItemFacts.of(item).columns()
    return {**facts, "presenter_person_id": str(person) if person else "", "version": item.version}
