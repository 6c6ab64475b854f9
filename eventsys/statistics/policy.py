"""Who may read statistics: pure predicates."""

from __future__ import annotations

from eventsys.core.actor import Actor
from eventsys.meetings.policy import can_list_meetings


def can_read_statistics(actor: Actor) -> bool:
    """Staff of any office, over the meetings of their own offices; administrators over all."""
    return can_list_meetings(actor)
