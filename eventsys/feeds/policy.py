"""Who may have the address of a calendar, see who else has one, and take it away: pure predicates."""

from __future__ import annotations

from eventsys.core.actor import Actor
from eventsys.directory.models import Organization
from eventsys.feeds.models import CalendarAddress


def can_have_own(actor: Actor) -> bool:
    """An address of one's own calendar: anybody with an account."""
    return actor.signed_in and actor.person_id is not None


def can_have_for(actor: Actor, organization: Organization) -> bool:
    """An address of an organization's calendar, and the list of who has one: its liaisons."""
    return organization.id in actor.liaison_for


def can_list_addresses(actor: Actor) -> bool:
    """Everybody's, to take away those of people who left: administrators."""
    return actor.is_administrator


def can_replace(actor: Actor, address: CalendarAddress) -> bool:
    """Whoever holds it, while they may have one of this calendar."""
    if not actor.signed_in or address.person_id != actor.person_id:
        return False
    return address.organization_id is None or address.organization_id in actor.liaison_for


def can_revoke(actor: Actor, address: CalendarAddress) -> bool:
    """One's own; as a liaison those of the same organization; as an administrator any."""
    if actor.is_administrator or address.person_id == actor.person_id:
        return actor.signed_in
    return address.organization_id is not None and address.organization_id in actor.liaison_for
