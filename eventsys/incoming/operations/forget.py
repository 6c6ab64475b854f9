"""Messages are kept as they came only for a time; what they said stays."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import exists, select, update

from eventsys.core.clock import now
from eventsys.extensions import db
from eventsys.incoming.models import EntryState, IncomingEntry, IncomingMessage
from eventsys.meetings.models import Meeting

AT_ONCE = 500


def drop_raw_messages(keep_days: int) -> int:
    """Take away the octets of messages whose time is over; returns how many. At most 500 in one unit of work.

    The time counts from the end of the meeting, without one from the arrival. What waits for somebody is kept.
    """
    over = now() - timedelta(days=keep_days)
    entry = exists().where(IncomingEntry.incoming_id == IncomingMessage.id)
    waits = entry.where(IncomingEntry.state == EntryState.WAITING)
    runs = entry.where(IncomingEntry.meeting_id == Meeting.id, Meeting.ends_at > over)
    due = (
        select(IncomingMessage.id)
        .where(IncomingMessage.taken_at < over, IncomingMessage.raw_dropped_at.is_(None), ~waits, ~runs)
        .order_by(IncomingMessage.id)
        .limit(AT_ONCE)
    )
    ids = db.session.scalars(due).all()
    statement = update(IncomingMessage).where(IncomingMessage.id.in_(ids)).values(raw=None, raw_dropped_at=now())
    if ids:
        db.session.execute(statement.execution_options(synchronize_session=False))
    return len(ids)
