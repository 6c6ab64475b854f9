"""Who may change what one organization is asked for: a pure predicate."""

from __future__ import annotations

from eventsys.core.actor import Actor
from eventsys.invitations.models import Ask
from eventsys.invitations.policy import can_invite


def can_adjust(actor: Actor, ask: Ask) -> bool:
    """Whoever may invite to the meeting."""
    return can_invite(actor, ask.meeting)
