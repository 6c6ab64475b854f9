"""Organizations that are to name people for a meeting to come and that nobody answers for (any more)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from eventsys.accounts.models import HeldRole
from eventsys.accounts.queries import office_day
from eventsys.accounts.queries.actors import has_left, holds_on
from eventsys.core.actor import Role
from eventsys.core.clock import now
from eventsys.core.language import choose
from eventsys.directory.models import Organization
from eventsys.directory.queries.lists import Rows
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Place
from eventsys.meetings.models import Meeting, MeetingState
from eventsys.succession.queries.handovers import Paths

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An organization without a liaison, and how many of its places at a meeting nobody is named for."""

    organization_id: int
    organization_zh: str
    organization_en: str
    meeting_id: int
    title_zh: str
    title_en: str
    starts_at: datetime
    zone: str
    places: int

    @property
    def organization(self) -> str:
        return choose(self.organization_zh, self.organization_en)

    @property
    def meeting(self) -> str:
        return choose(self.title_zh, self.title_en)


def without_liaison(paths: Paths) -> list[Unanswered]:
    """At the meetings of these tree paths (None: all), the next meeting first; at most a hundred, one query."""
    office, convener = aliased(Organization), aliased(Organization)
    statement: Rows = (
        select(
            *(office.id, office.name_zh, office.name_en),
            *(Meeting.id, Meeting.title_zh, Meeting.title_en, Meeting.starts_at, Meeting.zone, func.count(Place.id)),
        )
        .join(Place, Place.meeting_id == Meeting.id)
        .join(office, office.id == Place.organization_id)
        .join(convener, convener.id == Meeting.convener_id)
        .where(Meeting.starts_at > now(), _waits(office, office_day()))
        .group_by(office.id, Meeting.id)
        .order_by(Meeting.starts_at, Meeting.id, office.position, office.id)
        .limit(SHOWN)
    )
    if paths is not None:
        statement = statement.where(or_(*(convener.path.startswith(path, autoescape=True) for path in paths)))
    return [Unanswered(*row) for row in db.session.execute(statement)]


def number_without_liaison(day: Any) -> Any:
    """How many such organizations the meeting of the statement around it has, as a column."""
    office = aliased(Organization)
    return (
        select(func.count(Place.organization_id.distinct()))
        .join(office, office.id == Place.organization_id)
        .where(Place.meeting_id == Meeting.id, _waits(office, day))
        .correlate(Meeting)
        .scalar_subquery()
    )


def _waits(office: Any, day: Any) -> ColumnElement[bool]:
    """Whether a place is still to be named by an office for which nobody answers: neither it nor one above it."""
    home, held = aliased(Organization), aliased(HeldRole)
    answers = exists().where(
        held.role == Role.LIAISON,
        holds_on(day, held),
        ~has_left(held.person_id),
        home.id == held.organization_id,
        office.path.startswith(home.path),
    )
    on_it = exists().where(Attendee.place_id == Place.id, Attendee.is_current)
    return and_(Meeting.state == MeetingState.SCHEDULED, Place.withdrawn_at.is_(None), ~on_it, ~answers)
