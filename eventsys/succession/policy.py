"""Who may do what: records are merged by administrators alone, places are decided on by who convenes."""

from __future__ import annotations

from eventsys.core.actor import Actor, Role
from eventsys.invitations.models import Place
from eventsys.invitations.policy import can_invite


def can_merge(actor: Actor, subject: object = None) -> bool:
    """Compare records, say that two are two people, make two that are one person one record."""
    return actor.is_administrator


def can_list_handovers(actor: Actor) -> bool:
    """The places whose post has passed on, at one's own meetings."""
    return actor.is_administrator or actor.has(Role.ORGANIZER)


def can_decide(actor: Actor, place: Place) -> bool:
    """Say what becomes of the place: whoever invites to its meeting."""
    return can_invite(actor, place.meeting)
