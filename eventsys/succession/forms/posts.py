"""The form that ends an appointment and says who follows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Self

from wtforms.validators import InputRequired
from wtforms.widgets import EmailInput, TelInput

from eventsys.core.errors import DomainError
from eventsys.core.language import lazy_gettext as _l
from eventsys.directory.fields import DayField, IdsField, RadiosField, VersionField
from eventsys.directory.forms import BesideFields
from eventsys.directory.operations import LikelyDuplicate, PersonFacts
from eventsys.web.forms import LineField

NOBODY, NEW = "nobody", "new"


class PassOnForm(BesideFields):
    """The last day, and who follows: nobody yet, somebody found, somebody new."""

    version = VersionField()
    distinct_from = IdsField()
    ends_on = DayField(_l("Last day"), [InputRequired(_l("Choose the day."))])
    follower = RadiosField(_l("Who follows"), default=NOBODY)
    name_zh = LineField(_l("Chinese name"), limit=120)
    name_en = LineField(_l("English name"), limit=120)
    email = LineField(_l("E-mail"), limit=320, widget=EmailInput())
    phone = LineField(_l("Telephone"), limit=40, widget=TelInput())
    starts_on = DayField(_l("First day of who follows"))
    likely: list[Any] = []

    def __init__(self, people: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(**options)
        self["follower"].choices = [
            (NOBODY, _l("Nobody yet: the post is vacant")),
            *((str(person_id), label) for person_id, label in people),
            (NEW, _l("Somebody who is not on record yet")),
        ]

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls([], formdata=None, data=cls.values_of(row))

    @staticmethod
    def values_of(row: Any) -> dict[str, Any]:
        """What the form takes of an appointment: its first day is not that of who follows."""
        return {"version": row.version, "ends_on": row.ends_on}

    def facts(self) -> PersonFacts:
        """Who is new."""
        return PersonFacts(**{name: self[name].data or "" for name in ("name_zh", "name_en", "email", "phone")})

    @property
    def begins(self) -> date | None:
        """The first day; the day after the last one where none was chosen."""
        chosen: date | None = self["starts_on"].data
        return chosen or self["ends_on"].data + timedelta(days=1)

    def refuse(self, refusal: DomainError) -> None:
        """Keep the records that look the same; the next sending of the form confirms that they are other people."""
        if isinstance(refusal, LikelyDuplicate):
            self.likely = refusal.likely
            self["distinct_from"].data = {each.person.id for each in refusal.likely}
        super().refuse(refusal)
