"""How planned reminders are said."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from eventsys.core.language import LazyText, ngettext
from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l


class TurnState(StrEnum):
    """What a planned reminder of a day of deadlines is about to do, or did."""

    ON = "on"
    OFF = "off"
    DUE = "due"
    SENT = "sent"
    NOBODY = "nobody"
    MISSED = "missed"
    PAST = "past"
    TOO_LATE = "too_late"


STATES: Mapping[TurnState, tuple[LazyText, str]] = {
    TurnState.ON: (_l("Goes out by itself"), "tint"),
    TurnState.OFF: (_l("Off"), "grey"),
    TurnState.DUE: (_l("Goes out within minutes"), "ochre"),
    TurnState.SENT: (_l("Sent"), "pine"),
    TurnState.NOBODY: (_l("Nobody was left to remind"), "grey"),
    TurnState.MISSED: (_l("Left out for a later one"), "grey"),
    TurnState.PAST: (_l("Its time was over before"), "grey"),
    TurnState.TOO_LATE: (_l("Falls after the deadline"), "ochre"),
}


def before_words(days: int) -> str:
    """`on the day of the deadline`, `3 days before`."""
    if not days:
        return _("On the day of the deadline")
    return ngettext("%(num)s day before the deadline", "%(num)s days before the deadline", days)
