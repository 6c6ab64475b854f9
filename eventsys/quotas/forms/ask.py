"""Asking organizations: which of those shown, and what kind of people are wanted."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, SelectMultipleField

from eventsys.core.language import lazy_gettext as _l
from eventsys.directory.fields import number_of
from eventsys.quotas.operations.ask import Note
from eventsys.web.forms import BaseForm, BlockField

NOTE = 1000


class OrganizationsField(SelectMultipleField):  # type: ignore[misc]
    """Organizations by id; the verb takes only those that it proposes itself."""

    def __init__(self, label: Any = None, **options: Any) -> None:
        super().__init__(label, choices=[], coerce=number_of, **options)

    def pre_validate(self, form: Any) -> None:
        return


class AskForm(BaseForm):
    """The organizations that are asked; `shown` is the mark of what the page said of each."""

    organizations = OrganizationsField(_l("Organizations"))
    note_zh = BlockField(_l("What kind of people are wanted"), limit=NOTE)
    note_en = BlockField(_l("The same in English"), limit=NOTE)
    shown = HiddenField(_l("The list as shown"))

    @property
    def note(self) -> Note:
        return Note(self["note_zh"].data or "", self["note_en"].data or "")
