"""Who may ask, answer, and see who was asked: pure predicates."""

from __future__ import annotations

from eventsys.core.actor import Actor
from eventsys.invitations.models import Place
from eventsys.meetings.models import Meeting
from eventsys.meetings.policy import can_change_meeting


def can_invite(actor: Actor, meeting: Meeting) -> bool:
    """Prepare, send, remind, change and cancel: organizers of the convening organization or of one above it."""
    return can_change_meeting(actor, meeting)


def can_withdraw(actor: Actor, place: Place) -> bool:
    """Ask no longer for a place: whoever may invite to its meeting."""
    return can_invite(actor, place.meeting)
