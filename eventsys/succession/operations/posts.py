"""A post passes from one person to the next."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from eventsys.core.actor import Actor
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.directory.models import Appointment, Person
from eventsys.directory.operations import PersonFacts, add_person_to_post, appoint, end_appointment


@dataclass(frozen=True, slots=True)
class Follower:
    """Who holds the post next and from which day: somebody on record, or new with these facts.

    `beside` answers the question of a second holder, `distinct_from` are records confirmed to be somebody else.
    """

    who: Person | PersonFacts
    starts_on: date | None
    beside: str = ""
    distinct_from: Collection[int] = ()


def hand_over(
    appointment: Appointment, ends_on: date, follower: Follower | None, version: int, *, by: Actor
) -> Appointment:
    """End the appointment with that day and, unless the post stays vacant, appoint who follows; in one act.

    Raises as `end_appointment`, `appoint` and `add_person` do, and at `starts_on` for a follower who would begin before
    the predecessor has left.
    """
    row = end_appointment(appointment, ends_on, version, by=by)
    if follower is None:
        return row
    starts_on = follower.starts_on
    if starts_on is None or starts_on <= ends_on:
        raise DomainError(_("Choose a day after the last day of the predecessor."), field="starts_on")
    if isinstance(follower.who, PersonFacts):
        add_person_to_post(
            follower.who, row.post, starts_on, distinct_from=follower.distinct_from, beside=follower.beside, by=by
        )
    else:
        appoint(follower.who, row.post, starts_on, beside=follower.beside, by=by)
    return row
