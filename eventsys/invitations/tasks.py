"""What the worker does for invitations: held changes are carried out when their time has come."""

from __future__ import annotations

import logging
from collections.abc import Callable

from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.invitations.operations.hold import release
from eventsys.invitations.queries.held import due

log = logging.getLogger("eventsys.invitations")


def release_due(stopping: Callable[[], bool] = lambda: False) -> int:
    """Carry out every held change that is due, each in a unit of work of its own; returns how many were.

    It may run in several workers at once, and again after a worker was killed: each change is made once. One that
    breaks holds up neither the others nor the letters; it is tried again at the next sweep, and shown as overdue.
    """
    released = 0
    found = due()
    db.session.rollback()
    for held_id, meeting_id in found:
        if stopping():
            break
        try:
            with write():
                released += release(held_id, meeting_id)
        except Exception:
            log.exception("held change %s could not be carried out", held_id)
    return released
