"""Who may remind, and who sees the numbers to call: pure predicates."""

from __future__ import annotations

from eventsys.core.actor import Actor
from eventsys.invitations.policy import can_invite, can_see_contacts
from eventsys.meetings.models import Meeting


def can_remind(actor: Actor, meeting: Meeting) -> bool:
    """Remind, and plan reminders: whoever may invite."""
    return can_invite(actor, meeting)


def can_call(actor: Actor, meeting: Meeting) -> bool:
    """See telephone numbers and note what was said: whoever may see contacts."""
    return can_see_contacts(actor, meeting)
