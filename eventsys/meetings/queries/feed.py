"""The public calendar: prepared texts, joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select

from eventsys.core import reading
from eventsys.core.stamps import MEETINGS, OFFICES, Stamp
from eventsys.meetings.models import Meeting
from eventsys.meetings.queries.one import shown_to_public

KEPT = timedelta(days=366)
MOST = 5000


@dataclass(frozen=True, slots=True)
class FeedState:
    """What the feed depends on: the numbers of the collections, and when a meeting was last modified."""

    meetings: int
    offices: int
    modified: datetime | None


def _number(name: str) -> Any:
    return select(Stamp.number).where(Stamp.name == name).scalar_subquery()


_STATE = select(_number(MEETINGS), _number(OFFICES), select(func.max(Meeting.modified_at)).scalar_subquery())


def feed_state() -> FeedState:
    """One query. The time is the newest of all meetings, also of those that left the feed, so it never goes back."""
    meetings, offices, modified = reading.rows(_STATE)[0]
    return FeedState(meetings or 0, offices or 0, modified)


def first_moment(at: datetime) -> datetime:
    """Meetings that start from here on stand in the feed: a year back, by the month, so that it seldom moves."""
    return (at - KEPT).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


_TEXTS = {
    language: select(text, Meeting.zone)
    .where(shown_to_public(), Meeting.starts_at >= bindparam("since"), text != "")
    .order_by(Meeting.starts_at, Meeting.id)
    .limit(MOST)
    for language, text in (("zh", Meeting.calendar_zh), ("en", Meeting.calendar_en))
}


def feed_texts(since: datetime, language: str) -> Sequence[tuple[str, str]]:
    """The prepared VEVENT and the zone of each public meeting, cancelled ones too, by start; one query."""
    return [*map(tuple, reading.rows(_TEXTS[language], since=since))]
