"""Reads that put several domains on one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute

from eventsys.core import reading
from eventsys.core.actor import Actor
from eventsys.core.language import choose
from eventsys.core.search_text import query_terms
from eventsys.extensions import db
from eventsys.meetings.facts import LONGEST
from eventsys.meetings.models import Meeting, MeetingState
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


def coming_public_meetings(at: datetime) -> list[FoundMeeting]:
    """Public meetings that have not ended, the next one first; cancelled ones stay."""
    return [_found_meeting(row) for row in reading.rows(_COMING, at=at, begin=at - LONGEST)]


def latest_notices() -> list[PublishedNotice]:
    """The newest published notices."""
    return [_published_notice(row) for row in reading.rows(_NEWEST)]


def search_public(asked: str) -> tuple[list[PublishedNotice], list[FoundMeeting]]:
    """Published notices and public meetings whose words hold all terms, newest first, twenty of each at most."""
    terms = query_terms(asked)
    if not terms:
        return [], []
    notices = _published().where(holds(NoticeVersion.search_text, terms))
    meetings = _meetings().where(shown_to_public(), holds(Meeting.search_text, terms))
    return (
        [
            _published_notice(row)
            for row in db.session.execute(notices.order_by(Notice.published_at.desc()).limit(SEARCH_ROWS))
        ],
        [
            _found_meeting(row)
            for row in db.session.execute(meetings.order_by(Meeting.starts_at.desc()).limit(SEARCH_ROWS))
        ],
    )


def search_meetings(asked: str, actor: Actor) -> list[FoundMeeting]:
    """Meetings of the actor's offices in any state, newest first, twenty at most."""
    terms, scope = query_terms(asked), scope_of(actor)
    if not terms:
        return []
    statement = _meetings().where(holds(Meeting.search_text, terms), within(scope))
    rows = db.session.execute(statement.order_by(Meeting.starts_at.desc(), Meeting.id.desc()).limit(SEARCH_ROWS))
    return [_found_meeting(row) for row in rows]


def holds(column: InstrumentedAttribute[str], terms: Sequence[str]) -> ColumnElement[bool]:
    """The condition that every term begins a word of the search text."""
    return and_(*(column.contains(f" {term}", autoescape=True) for term in terms))


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
