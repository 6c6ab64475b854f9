"""What the worker does for calendars: it notes that they are used, and ends what has lost its ground."""

from __future__ import annotations

import logging
from datetime import date

from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.feeds.operations import note_use, revoke_ended
from eventsys.feeds.queries.ended import ended

log = logging.getLogger("eventsys.feeds")


def note_fetched(address_id: int, day: str) -> bool:
    """Write down that a calendar was fetched on a day (ISO text); twice changes nothing."""
    with write():
        return note_use(address_id, date.fromisoformat(day))


def end_addresses() -> int:
    """Revoke the addresses that work no more since their holder's account or role has ended; returns how many."""
    found = bool(ended())
    db.session.rollback()
    if not found:
        return 0
    with write():
        number = revoke_ended()
    log.info("%s calendar addresses ended", number)
    return number
