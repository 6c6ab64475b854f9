"""Who sees incoming mail and decides about it: pure predicates.

Mail holds addresses and strangers' words, so it is for those who organize the meeting, and administrators. What belongs
to no known meeting is for the organizers of the office whose mailbox it is.
"""

from __future__ import annotations

from typing import Protocol

from eventsys.core.actor import Actor, Role
from eventsys.incoming.models import EntryState
from eventsys.invitations.policy import can_invite
from eventsys.meetings.models import Meeting

CAN_BE_APPLIED = frozenset({EntryState.WAITING, EntryState.KEPT, EntryState.UNDONE, EntryState.SETTLED})
CAN_BE_SETTLED = frozenset({EntryState.WAITING, EntryState.UNDONE})


class Belonging(Protocol):
    """Where an entry belongs: the tree path of its meeting's convener, else of the office whose mailbox it is."""

    @property
    def path(self) -> str: ...


def can_list_incoming(actor: Actor) -> bool:
    """The list of everything they may see."""
    return actor.is_administrator or actor.has(Role.ORGANIZER)


def can_see_incoming(actor: Actor, meeting: Meeting) -> bool:
    """A meeting's incoming mail: whoever may invite to it."""
    return can_invite(actor, meeting)


def can_read_entry(actor: Actor, entry: Belonging) -> bool:
    """One entry, with the message as it came."""
    return actor.is_administrator or _organizes(actor, entry)


def can_settle_entry(actor: Actor, entry: Belonging) -> bool:
    """Take it out of the tray, accept or refuse a proposal, invite somebody."""
    return can_read_entry(actor, entry)


def can_answer_entry(actor: Actor, entry: Belonging) -> bool:
    """Enter an answer on behalf, take one back, name a substitute: organizers, as on pages."""
    return _organizes(actor, entry)


def _organizes(actor: Actor, entry: Belonging) -> bool:
    return bool(entry.path) and actor.holds(Role.ORGANIZER, entry.path)
