"""What every change has in common that a reader can see: modification time, prepared texts, the collection's number."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update

from eventsys.core.clock import now
from eventsys.core.search_text import index_text
from eventsys.core.stamps import MEETINGS, raise_stamp
from eventsys.extensions import db
from eventsys.meetings.calendar import prepare_calendar
from eventsys.meetings.models import Meeting, MeetingState

SEARCH_LENGTH = 8000


def refresh(meeting: Meeting) -> None:
    """A new revision: modification time, prepared texts, and the collection's number."""
    meeting.modified_at = _next(meeting.modified_at)
    prepare(meeting)
    if meeting.replaces is not None and meeting.state is not MeetingState.DRAFT:
        touch(meeting.replaces)


def prepare(meeting: Meeting) -> None:
    """Bring calendar and search text in line with the row, and count the change; a draft is in no public list."""
    meeting.search_text = _search_text(meeting)
    if meeting.state is MeetingState.DRAFT:
        return
    prepare_calendar(meeting)
    raise_stamp(MEETINGS)


def touch(meeting: Meeting) -> None:
    """Something beside the row changed that its page shows (agenda, a link to where it moved).

    The version stays, so that nobody who is editing the meeting's facts meets a conflict that is none.
    """
    at = _next(meeting.modified_at)
    db.session.execute(
        update(Meeting)
        .where(Meeting.id == meeting.id)
        .values(modified_at=at)
        .execution_options(synchronize_session="fetch")
    )
    raise_stamp(MEETINGS)


def _next(before: datetime) -> datetime:
    """Now, but always later than before: two changes within a second are two revisions."""
    at = now()
    return at if at > before else before + timedelta(seconds=1)


def _search_text(meeting: Meeting) -> str:
    text = index_text(meeting.title_zh, meeting.title_en, meeting.venue_zh, meeting.venue_en)
    return text if len(text) <= SEARCH_LENGTH else text[: text.rindex(" ", 0, SEARCH_LENGTH) + 1]
