"""What a liaison reads: the meetings that their organizations were asked to, and their organizations' places there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, false, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from eventsys.core.actor import Channel
from eventsys.core.columns import UtcDateTime
from eventsys.core.language import choose
from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.invitations.deadlines import closes_at, is_open
from eventsys.invitations.models import Attendee, Place
from eventsys.invitations.queries import replies
from eventsys.invitations.queries.deadlines import own_column, own_deadlines
from eventsys.invitations.queries.shapes import Counts, ReplyRow
from eventsys.meetings.models import Meeting, MeetingState
from eventsys.web.access import current_actor

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


@dataclass(frozen=True, slots=True)
class PortalMeeting:
    """A meeting as one liaison sees it: the places of the organizations they answer for."""

    meeting: Meeting
    organization_ids: frozenset[int]
    rows: tuple[ReplyRow, ...]
    own: Mapping[int, datetime]

    @property
    def id(self) -> int:
        return self.meeting.id

    @property
    def may_answer(self) -> bool:
        """Whether an answer for any of the organizations is still taken."""
        return any(self.may_answer_for(each) for each in self.organization_ids)

    def may_answer_for(self, organization_id: int | None) -> bool:
        """Whether an answer for this organization is still taken."""
        return is_open(self.meeting, Channel.PORTAL, own=self.own.get(organization_id or 0))

    @property
    def closes_at(self) -> datetime:
        """Until when; of several organizations the last to close."""
        return max(closes_at(self.meeting, self.own.get(each)) for each in self.organization_ids)


@dataclass(frozen=True, slots=True)
class PortalPlace:
    """One place as its liaison sees it."""

    meeting: Meeting
    row: ReplyRow

    @property
    def id(self) -> int:
        return self.row.place_id


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


def find_portal_meeting(meeting_id: int) -> PortalMeeting | None:
    """The meeting with the places that the present actor answers for, None when there are none."""
    ids = current_actor().liaison_for
    meeting = db.session.scalars(
        select(Meeting)
        .where(Meeting.id == meeting_id, Meeting.state != MeetingState.DRAFT)
        .options(joinedload(Meeting.convener))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if meeting is None or not ids:
        return None
    rows = tuple(replies.rows(meeting_id, only=visible(ids)))
    if not rows:
        return None
    asked = frozenset(row.organization_id or 0 for row in rows)
    return PortalMeeting(meeting, asked, rows, own_deadlines(meeting.id, asked))


def find_portal_place(meeting_id: int, place_id: int) -> PortalPlace | None:
    """One of those places."""
    page = find_portal_meeting(meeting_id)
    if page is None:
        return None
    return next((PortalPlace(page.meeting, row) for row in page.rows if row.place_id == place_id), None)


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
