"""Earlier meetings of the same office whose asks can be taken over."""

from __future__ import annotations

from sqlalchemy import select

from eventsys.core.formats import day
from eventsys.core.language import choose
from eventsys.directory.queries.lists import Rows
from eventsys.extensions import db
from eventsys.invitations.models import Ask
from eventsys.meetings.models import Meeting

OFFERED = 30


def patterns(meeting: Meeting) -> list[tuple[int, str]]:
    """The latest meetings of the same convening organization that asked organizations, for a select."""
    statement = _patterns(meeting).order_by(Meeting.starts_at.desc(), Meeting.id.desc()).limit(OFFERED)
    return [
        (row.id, f"{day(row.starts_at, row.zone)} {choose(row.title_zh, row.title_en)}")
        for row in db.session.execute(statement)
    ]


def find_pattern(meeting: Meeting, pattern_id: int) -> int | None:
    """The id if it is that of a meeting whose asks may be taken over."""
    statement = _patterns(meeting).where(Meeting.id == pattern_id)
    return pattern_id if db.session.execute(statement).first() is not None else None


def _patterns(meeting: Meeting) -> Rows:
    asked = select(Ask.id).where(Ask.meeting_id == Meeting.id)
    return select(Meeting.id, Meeting.starts_at, Meeting.zone, Meeting.title_zh, Meeting.title_en).where(
        Meeting.convener_id == meeting.convener_id, Meeting.id != meeting.id, asked.exists()
    )
