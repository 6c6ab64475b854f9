"""Reads that put several domains on one page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Executable, Integer, bindparam, exists, func, or_, select

from eventsys.core import reading, search
from eventsys.core.actor import Actor
from eventsys.core.language import choose
from eventsys.core.search_text import query_terms
from eventsys.extensions import db
from eventsys.incoming.models import EntryState, IncomingEntry
from eventsys.invitations.models import HeldChange
from eventsys.invitations.queries.held import Waiting
from eventsys.meetings.facts import LONGEST
from eventsys.meetings.models import Meeting, MeetingState, Visibility
from eventsys.meetings.queries import shown_to_public
from eventsys.meetings.queries.lists import scope_of, within
from eventsys.notices.models import Notice, NoticeState, NoticeVersion

HOME_ROWS = 6
SEARCH_ROWS = 20


@dataclass(frozen=True, slots=True)
class FoundMeeting:
    """A meeting in a list."""

    id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    venue: str
    state: MeetingState
    postponed: bool


@dataclass(frozen=True, slots=True)
class PublishedNotice:
    """A notice in a list."""

    path: str
    title: str
    published_at: datetime
    department: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What waits around a meeting: incoming mail (how much), the held change, and whether a notice is published."""

    mail: int
    held: Waiting | None
    has_notice: bool


def beside(meeting_id: int) -> Beside:
    """One query for every page of a meeting."""
    row = reading.row(_BESIDE, meeting_id=meeting_id)
    if row is None:
        return Beside(0, None, has_notice=False)
    held = Waiting(row.release_at, row.obstacle) if row.release_at else None
    return Beside(row.mail, held, row.has_notice)


def coming_public_meetings(at: datetime) -> list[FoundMeeting]:
    """Public meetings that have not ended, the next one first; cancelled ones stay."""
    return [_found_meeting(row) for row in reading.rows(_COMING, at=at, begin=at - LONGEST)]


def latest_notices() -> list[PublishedNotice]:
    """The newest published notices."""
    return [_published_notice(row) for row in reading.rows(_NEWEST)]


def public_meetings_found(asked: str) -> list[FoundMeeting]:
    """Public meetings whose words hold all terms, newest first, twenty at most."""
    terms = query_terms(asked)
    if not terms:
        return []
    rows = reading.rows(_found_public(db.engines[None].dialect.name), query=search.query_of(terms))
    return [_found_meeting(row) for row in rows]


def search_meetings(asked: str, actor: Actor) -> list[FoundMeeting]:
    """Meetings of the actor's offices in any state, newest first, twenty at most."""
    terms, scope = query_terms(asked), scope_of(actor)
    if not terms:
        return []
    statement = _meetings().where(search.holds(Meeting, terms), within(scope))
    rows = db.session.execute(statement.order_by(Meeting.starts_at.desc(), Meeting.id.desc()).limit(SEARCH_ROWS))
    return [_found_meeting(row) for row in rows]


@lru_cache(maxsize=2)
def _found_public(dialect: str) -> Executable:
    """The condition of `shown_to_public`, looked at after the words."""
    holds = search.held("meeting", Meeting.id, bindparam("query"))
    public = search.aside(Meeting.visibility) == Visibility.PUBLIC
    shown = public & (Meeting.state != MeetingState.DRAFT)
    was_scheduled = or_(Meeting.state != MeetingState.CANCELLED, Meeting.scheduled_at.is_not(None))
    found = _meetings().where(holds, shown, was_scheduled).order_by(Meeting.starts_at.desc(), Meeting.id.desc())
    return cast(Executable, found.limit(SEARCH_ROWS))


def _meetings() -> Any:
    return select(
        Meeting.id,
        Meeting.title_zh,
        Meeting.title_en,
        Meeting.starts_at,
        Meeting.ends_at,
        Meeting.zone,
        Meeting.venue_zh,
        Meeting.venue_en,
        Meeting.state,
        Meeting.postponed,
    )


def _found_meeting(row: Any) -> FoundMeeting:
    return FoundMeeting(
        row.id,
        choose(row.title_zh, row.title_en),
        row.starts_at,
        row.ends_at,
        row.zone,
        choose(row.venue_zh, row.venue_en),
        row.state,
        row.postponed,
    )


def _published() -> Any:
    return (
        select(
            Notice.year,
            Notice.slug,
            Notice.published_at,
            NoticeVersion.title_zh,
            NoticeVersion.title_en,
            NoticeVersion.department_zh,
            NoticeVersion.department_en,
        )
        .join(NoticeVersion, NoticeVersion.id == Notice.published_id)
        .where(Notice.state == NoticeState.PUBLISHED)
    )


def _published_notice(row: Any) -> PublishedNotice:
    return PublishedNotice(
        f"/notices/{row.year}/{row.slug}",
        choose(row.title_zh, row.title_en),
        row.published_at,
        choose(row.department_zh, row.department_en),
    )


# No meeting is longer than `LONGEST`: `begin` bounds the walk along the index.
_COMING = (
    _meetings()
    .where(shown_to_public(), Meeting.starts_at > bindparam("begin"), Meeting.ends_at >= bindparam("at"))
    .order_by(Meeting.starts_at, Meeting.id)
    .limit(HOME_ROWS)
)
_NEWEST = _published().order_by(Notice.published_at.desc(), Notice.id.desc()).limit(HOME_ROWS)

_BESIDE = (
    select(
        select(func.count())
        .where(IncomingEntry.meeting_id == Meeting.id, IncomingEntry.state == EntryState.WAITING)
        .scalar_subquery()
        .label("mail"),
        HeldChange.release_at,
        HeldChange.obstacle,
        exists().where(Notice.meeting_id == Meeting.id, Notice.state == NoticeState.PUBLISHED).label("has_notice"),
    )
    .select_from(Meeting)
    .outerjoin(HeldChange, HeldChange.meeting_id == Meeting.id)
    .where(Meeting.id == bindparam("meeting_id", type_=Integer))
)
