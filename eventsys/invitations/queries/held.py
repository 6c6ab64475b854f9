"""The change that is held back at a meeting, and those whose time has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, bindparam, exists, or_, select

from eventsys.core import reading
from eventsys.core.clock import now
from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.invitations.holding import Editing
from eventsys.invitations.models import Attendee, HeldChange, Obstacle, Place
from eventsys.invitations.queries.send import IS_TOLD
from eventsys.meetings.models import Meeting

LATE = timedelta(minutes=3)

_SHORT: Any = select(HeldChange.release_at, HeldChange.obstacle).where(
    HeldChange.meeting_id == bindparam("meeting_id", type_=Integer)
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """When a held change is made, or what stopped it: enough for a line on every page of the meeting."""

    release_at: datetime
    obstacle: Obstacle | None

    @property
    def is_stuck(self) -> bool:
        """Whether a person has to look: it was stopped, or should have taken effect by now."""
        return self.obstacle is not None or self.release_at < now() - LATE


def in_short(held: HeldChange | None) -> Waiting | None:
    """The same of a row that was read already."""
    return Waiting(held.release_at, held.obstacle) if held else None


def waiting(meeting_id: int) -> Waiting | None:
    """The meeting's held change in short; one query that costs little."""
    row = reading.row(_SHORT, meeting_id=meeting_id)
    return Waiting(*row) if row is not None else None


def held_of(meeting_id: int) -> HeldChange | None:
    """The meeting's held change."""
    return db.session.scalars(select(HeldChange).where(HeldChange.meeting_id == meeting_id)).one_or_none()


def editing(meeting: Meeting) -> Editing:
    """The meeting with its held change, as an edit finds it."""
    return Editing(meeting, held_of(meeting.id))


def is_known(meeting: Meeting) -> bool:
    """Whether anybody was told of the meeting and still belongs to it: a person, or the liaisons of a place."""
    asked = (Place.meeting_id == meeting.id) & Place.withdrawn_at.is_(None)
    person = exists().where(Attendee.place_id == Place.id, IS_TOLD)
    return bool(db.session.scalar(select(exists().where(asked, or_(person, Place.told_at.is_not(None))))))


def organization_name(organization_id: int) -> str:
    """An organization's name in the current language."""
    found = db.session.get(Organization, organization_id)
    return found.name() if found else ""


def due() -> list[tuple[int, int]]:
    """Held changes to look at now, as id and the meeting's: their time has come, or the record moved on under them."""
    statement = (
        select(HeldChange.id, HeldChange.meeting_id)
        .join(Meeting, Meeting.id == HeldChange.meeting_id)
        .where(
            HeldChange.obstacle.is_(None),
            or_(HeldChange.release_at <= now(), HeldChange.base_version != Meeting.version),
        )
        .order_by(HeldChange.release_at, HeldChange.id)
    )
    return [(row.id, row.meeting_id) for row in db.session.execute(statement)]
