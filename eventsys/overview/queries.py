"""Reads that put several domains on one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import InstrumentedAttribute

from eventsys.core.language import choose
from eventsys.core.search_text import query_terms
from eventsys.extensions import db
from eventsys.meetings.models import Meeting, MeetingState, Visibility
from eventsys.notices.models import Notice, NoticeState, NoticeVersion

HOME_ROWS = 6
SEARCH_ROWS = 20


@dataclass(frozen=True, slots=True)
class PublicMeeting:
    """A public meeting in a list."""

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


def coming_public_meetings(at: datetime) -> list[PublicMeeting]:
    """Public meetings that have not ended, the next one first; cancelled ones stay."""
    statement = _public_meetings().where(Meeting.ends_at >= at).order_by(Meeting.starts_at, Meeting.id).limit(HOME_ROWS)
    return [_public_meeting(row) for row in db.session.execute(statement)]


def latest_notices() -> list[PublishedNotice]:
    """The newest published notices."""
    statement = _published().order_by(Notice.published_at.desc(), Notice.id.desc()).limit(HOME_ROWS)
    return [_published_notice(row) for row in db.session.execute(statement)]


def search_public(asked: str) -> tuple[list[PublishedNotice], list[PublicMeeting]]:
    """Published notices and public meetings whose words hold all terms, newest first, twenty of each at most."""
    terms = query_terms(asked)
    if not terms:
        return [], []
    notices = _published().where(holds(NoticeVersion.search_text, terms))
    meetings = _public_meetings().where(holds(Meeting.search_text, terms))
    return (
        [
            _published_notice(row)
            for row in db.session.execute(notices.order_by(Notice.published_at.desc()).limit(SEARCH_ROWS))
        ],
        [
            _public_meeting(row)
            for row in db.session.execute(meetings.order_by(Meeting.starts_at.desc()).limit(SEARCH_ROWS))
        ],
    )


def holds(column: InstrumentedAttribute[str], terms: Sequence[str]) -> ColumnElement[bool]:
    """The condition that a search text holds every term."""
    return and_(*(column.contains(term, autoescape=True) for term in terms))


def _public_meetings() -> Any:
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
    ).where(Meeting.visibility == Visibility.PUBLIC, Meeting.state != MeetingState.DRAFT)


def _public_meeting(row: Any) -> PublicMeeting:
    return PublicMeeting(
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
