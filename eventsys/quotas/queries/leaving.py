"""What a smaller quota would take away: places that nobody is named for first, then the latest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select

from eventsys.core.language import choose
from eventsys.extensions import db
from eventsys.invitations.facts import mark
from eventsys.invitations.models import Ask, Attendee, Place, PlaceRole


@dataclass(frozen=True, slots=True)
class Wanted:
    """The quota and the note of one organization as it is to be."""

    further: int
    observers: int
    note_zh: str = ""
    note_en: str = ""


@dataclass(frozen=True, slots=True)
class Leaving:
    """A place that would go; `attendee_id` is None while nobody is named for it."""

    place_id: int
    role: PlaceRole
    attendee_id: int | None
    name_zh: str
    name_en: str
    told_at: datetime | None

    @property
    def name(self) -> str:
        return choose(self.name_zh, self.name_en)

    @property
    def matters(self) -> bool:
        """Whether somebody is named on it, or was told of it."""
        return self.attendee_id is not None or self.told_at is not None


def present_numbers(ask: Ask) -> tuple[int, int]:
    """How many further places and how many observers stand as rows."""
    statement = select(Place.role, func.count()).where(*_quota(ask)).group_by(Place.role)
    numbers = dict(db.session.execute(statement).tuples().all())
    observers = numbers.get(PlaceRole.OBSERVER, 0)
    return sum(numbers.values()) - observers, observers


def leaving(ask: Ask, wanted: Wanted) -> list[Leaving]:
    """The places that would go for this quota: unnamed ones first, untold before told, the latest first."""
    statement = (
        select(
            Place.id,
            Place.role,
            Attendee.id,
            func.coalesce(Attendee.name_zh, ""),
            func.coalesce(Attendee.name_en, ""),
            func.coalesce(Attendee.told_at, Place.told_at),
        )
        .outerjoin(Attendee, and_(Attendee.place_id == Place.id, Attendee.is_current))
        .where(*_quota(ask))
    )
    rows = [Leaving(*row) for row in db.session.execute(statement)]
    rows.sort(key=lambda row: (row.attendee_id is not None, row.told_at is not None, -row.place_id))
    further = [row for row in rows if row.role is not PlaceRole.OBSERVER]
    observers = [row for row in rows if row.role is PlaceRole.OBSERVER]
    return [
        *further[: max(0, len(further) - wanted.further)],
        *observers[: max(0, len(observers) - wanted.observers)],
    ]


def mark_of_leaving(going: Sequence[Leaving]) -> str:
    """A mark of who would lose a place."""
    return mark([(row.place_id, row.attendee_id, row.told_at) for row in going])


def _quota(ask: Ask) -> tuple[ColumnElement[bool], ...]:
    return (
        Place.meeting_id == ask.meeting_id,
        Place.organization_id == ask.organization_id,
        Place.is_further.is_(True),
        Place.withdrawn_at.is_(None),
    )
