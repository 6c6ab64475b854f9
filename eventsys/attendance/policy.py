"""Who may record at the door, and who may read and close the roll: pure predicates."""

from __future__ import annotations

from eventsys.core.actor import Actor, Role
from eventsys.meetings.models import Meeting
from eventsys.meetings.policy import can_read_meeting


def can_find_doors(actor: Actor) -> bool:
    """The list of meetings at whose door this actor may stand."""
    return actor.has(Role.ORGANIZER, Role.CHECK_IN)


def can_check_in(actor: Actor, meeting: Meeting) -> bool:
    """Record arrivals: organizers of the convening organization, and check-in staff of this meeting."""
    return actor.holds(Role.ORGANIZER, meeting.convener.path) or actor.checks_in(meeting.id)


def can_read_roll(actor: Actor, meeting: Meeting) -> bool:
    """Read who is here and who is missing: the meeting's staff."""
    return can_read_meeting(actor, meeting)


def can_close_roll(actor: Actor, meeting: Meeting) -> bool:
    """Close the roll, open it again, and print the sign-in sheet: organizers of the convening organization."""
    return actor.holds(Role.ORGANIZER, meeting.convener.path)
