"""That an address was used: noted once a day, by the worker, since a page never writes.

The application may bind `eventsys.calendar_used`, a callable `(address_id, ISO day)` that hands the note on. A note
that is lost costs a day: tomorrow's first fetch makes another.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import current_app

from eventsys.accounts.queries import office_day
from eventsys.feeds.queries.fetch import Fetched

NOTEBOOK, HAND_ON = "eventsys.calendar_notebook", "eventsys.calendar_used"


class Notebook:
    """What this process has handed on today."""

    def __init__(self) -> None:
        self._day = date.min
        self._noted: set[int] = set()

    def is_new(self, address_id: int, day: date) -> bool:
        """Whether this is the first time today; the next time it is not."""
        if day != self._day:
            self._day, self._noted = day, set()
        if address_id in self._noted:
            return False
        self._noted.add(address_id)
        return True


def note(fetched: Fetched) -> None:
    """Hand on that the calendar was fetched, unless its row says so or this process has done it today."""
    day = office_day()
    if fetched.used_on == day:
        return
    notebook: Notebook = current_app.extensions.setdefault(NOTEBOOK, Notebook())
    hand_on: Callable[[int, str], object] | None = current_app.extensions.get(HAND_ON)
    if hand_on is not None and notebook.is_new(fetched.id, day):
        hand_on(fetched.id, day.isoformat())
