"""Who may read what several domains tell together."""

from __future__ import annotations

from eventsys.core.actor import Actor, Role
from eventsys.meetings.models import Meeting
from eventsys.meetings.policy import can_change_meeting


def can_read_log(actor: Actor, meeting: Meeting) -> bool:
    """The audit log of one meeting: organizers and approvers of the convening organization or of one above it."""
    return can_change_meeting(actor, meeting) or actor.holds(Role.APPROVER, meeting.convener.path)
