"""A person's record as verbs take it: never one that was merged away."""

from __future__ import annotations

from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import locked
from eventsys.directory.models import Person


def locked_person(person_id: int, field: str | None = None) -> Person:
    """The record, read fresh and locked until the unit of work ends.

    Raises `DomainError` for one that was merged into another meanwhile, `LookupError` when it does not exist.
    """
    row = locked(Person, person_id)
    if row.merged_into_id is not None:
        raise DomainError(_("This record was merged into another one. Open that one and try again."), field=field)
    return row
