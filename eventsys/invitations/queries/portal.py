"""What a liaison reads: the meetings that their organizations were asked to, and their organizations' places there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, false, func, or_, select
from sqlalchemy.orm import aliased

from eventsys.core.columns import UtcDateTime
from eventsys.core.language import choose
from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.invitations.deadlines import closes_at
from eventsys.invitations.models import Attendee, Place
from eventsys.invitations.queries import replies
from eventsys.invitations.queries.deadlines import own_column
from eventsys.invitations.queries.shapes import Counts
from eventsys.meetings.models import Meeting, MeetingState

PAST_SHOWN = 30
Convener = aliased(Organization)
Earlier = aliased(Attendee)


@dataclass(frozen=True, slots=True)
class OwedMeeting:
    """A meeting in a liaison's list, with the counts of their organizations' places."""

    id: int
    title_zh: str
    title_en: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    venue_zh: str
    venue_en: str
    state: MeetingState
    reply_by: datetime | None
    convener_zh: str
    convener_en: str
    counts: Counts
    own_deadline: datetime | None = None

    def title(self) -> str:
        return choose(self.title_zh, self.title_en)

    def venue(self) -> str:
        return choose(self.venue_zh, self.venue_en)

    def convener(self) -> str:
        return choose(self.convener_zh, self.convener_en)

    @property
    def owed(self) -> int:
        """Places that wait for an answer or a name, while the meeting is on."""
        if self.state not in (MeetingState.SCHEDULED, MeetingState.IN_SESSION):
            return 0
        return self.counts.no_reply + self.counts.to_be_named

    def is_open(self, at: datetime) -> bool:
        """Whether the liaison can still answer."""
        return self.state in (MeetingState.SCHEDULED, MeetingState.IN_SESSION) and at < self.closes_at

    @property
    def closes_at(self) -> datetime:
        """Until when; of several organizations the last to close."""
        return closes_at(self, self.own_deadline)


def visible(organization_ids: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    """What liaisons of these organizations see: their places, once anybody was told of them."""
    told = exists().where(Earlier.place_id == Place.id, Earlier.told_at.is_not(None))
    return Place.organization_id.in_(organization_ids), or_(Place.told_at.is_not(None), told)


def owed_meetings(organization_ids: Collection[int], at: datetime) -> list[OwedMeeting]:
    """Meetings that are not over, those that owe an answer first, then by date; one query."""
    found = _meetings(organization_ids, Meeting.ends_at >= at)
    return sorted(found, key=lambda each: (not (each.owed and each.is_open(at)), each.starts_at, each.id))


def past_meetings(organization_ids: Collection[int], at: datetime) -> list[OwedMeeting]:
    """The latest meetings that are over, the newest first."""
    last = (
        select(Place.meeting_id)
        .join(Meeting, Meeting.id == Place.meeting_id)
        .where(Meeting.ends_at < at, *visible(organization_ids))
        .group_by(Place.meeting_id, Meeting.starts_at)
        .order_by(Meeting.starts_at.desc(), Place.meeting_id.desc())
        .limit(PAST_SHOWN)
        .subquery()
    )
    found = _meetings(organization_ids, Meeting.id.in_(select(last.c.meeting_id)))
    return sorted(found, key=lambda each: (each.starts_at, each.id), reverse=True)


def _meetings(organization_ids: Collection[int], condition: ColumnElement[bool]) -> list[OwedMeeting]:
    columns = (
        *(Meeting.id, Meeting.title_zh, Meeting.title_en, Meeting.starts_at, Meeting.ends_at, Meeting.zone),
        *(Meeting.venue_zh, Meeting.venue_en, Meeting.state, Meeting.reply_by),
        *(Convener.name_zh.label("convener_zh"), Convener.name_en.label("convener_en")),
    )
    own = func.max(own_column(), type_=UtcDateTime).label("own_deadline")
    statement = (
        select(*columns, replies.state_column(), func.count().label("number"), own)
        .select_from(Place)
        .join(Meeting, Meeting.id == Place.meeting_id)
        .join(Convener, Convener.id == Meeting.convener_id)
        .outerjoin(Attendee, and_(Attendee.place_id == Place.id, Attendee.is_current))
        .where(
            condition,
            *visible(organization_ids),
            Place.withdrawn_at.is_(None),
            Place.walk_in.is_(false()),
            Meeting.state != MeetingState.DRAFT,
        )
        .group_by(Meeting.id, Convener.id, "place_state")
    )
    found: dict[int, tuple[Any, dict[str, int], list[datetime]]] = {}
    for row in db.session.execute(statement):
        _row, numbers, last = found.setdefault(row.id, (row, {}, []))
        numbers[row.place_state] = row.number
        last += [row.own_deadline] if row.own_deadline else []
    return [_owed(row, Counts(**numbers), max(last, default=None)) for row, numbers, last in found.values()]


def _owed(row: Row[Any], counts: Counts, own_deadline: datetime | None) -> OwedMeeting:
    return OwedMeeting(
        row.id,
        row.title_zh,
        row.title_en,
        row.starts_at,
        row.ends_at,
        row.zone,
        row.venue_zh,
        row.venue_en,
        row.state,
        row.reply_by,
        row.convener_zh,
        row.convener_en,
        counts,
        own_deadline,
    )
