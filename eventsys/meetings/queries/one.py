"""One meeting, and what stands around it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Integer, and_, bindparam, or_, select
from sqlalchemy.orm import joinedload

from eventsys.core.actor import Actor, Role
from eventsys.directory.queries import organization_choices
from eventsys.extensions import db
from eventsys.meetings.models import Meeting, MeetingState, Visibility

_MEETING = (
    select(Meeting)
    .options(joinedload(Meeting.convener, innerjoin=True))
    .where(Meeting.id == bindparam("meeting_id", type_=Integer))
)


def find_meeting(meeting_id: int) -> Meeting | None:
    """The meeting with its convener, None when there is none."""
    return db.session.scalars(_MEETING, {"meeting_id": meeting_id}).one_or_none()


def shown_to_public() -> ColumnElement[bool]:
    """The condition that a meeting is on the public site: public, scheduled at some time, cancelled or not."""
    return and_(
        Meeting.visibility == Visibility.PUBLIC,
        Meeting.state != MeetingState.DRAFT,
        or_(Meeting.state != MeetingState.CANCELLED, Meeting.scheduled_at.is_not(None)),
    )


def moved_to(meeting_id: int) -> Meeting | None:
    """The meeting that took this one's place and is no draft any more; the newest, should there be several."""
    statement = (
        select(Meeting)
        .where(Meeting.replaces_id == meeting_id, Meeting.state != MeetingState.DRAFT)
        .order_by(Meeting.id.desc())
        .limit(1)
    )
    return db.session.scalars(statement).one_or_none()


def convener_choices(actor: Actor) -> list[tuple[int, str]]:
    """The organizations that the actor may convene for, as id and name, in the order of the tree."""
    return organization_choices(below=None if actor.is_administrator else actor.paths(Role.ORGANIZER))
