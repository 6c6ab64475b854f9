"""Who may change an agenda: whoever may change the meeting, until the record is closed."""

from __future__ import annotations

from eventsys.agenda.models import AgendaItem
from eventsys.core.actor import Actor
from eventsys.meetings.models import Meeting, MeetingState
from eventsys.meetings.policy import can_change_meeting

CLOSED = frozenset({MeetingState.CANCELLED, MeetingState.ARCHIVED})


def can_change_agenda(actor: Actor, meeting: Meeting) -> bool:
    """Add items and put them in order; a cancelled or archived meeting keeps its agenda as it is."""
    return meeting.state not in CLOSED and can_change_meeting(actor, meeting)


def can_change_item(actor: Actor, item: AgendaItem) -> bool:
    """Change or remove one item."""
    return can_change_agenda(actor, item.meeting)
