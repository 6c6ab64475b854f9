"""What the worker does for chasing: planned reminders are sent when they are due."""

from __future__ import annotations

import logging
from collections.abc import Callable

from eventsys.chasing.operations.remind import remind_due
from eventsys.chasing.queries.planned import due_meetings
from eventsys.core.transaction import write
from eventsys.extensions import db

log = logging.getLogger("eventsys.chasing")


def remind_all_due(stopping: Callable[[], bool] = lambda: False) -> int:
    """Send every planned reminder that is due, each meeting in a unit of work of its own; returns how many letters.

    It may run in several workers at once, and again after a worker was killed: each reminder goes out once. A meeting
    that breaks does not hold up the others; it is tried again at the next sweep.
    """
    count = 0
    found = due_meetings()
    db.session.rollback()
    for meeting_id in found:
        if stopping():
            break
        try:
            with write():
                count += remind_due(meeting_id)
        except Exception:
            log.exception("the reminders of meeting %s could not be sent", meeting_id)
    return count
