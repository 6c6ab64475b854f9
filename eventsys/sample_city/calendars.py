"""Calendars that people of the sample city subscribe to."""

from __future__ import annotations

from datetime import timedelta

from eventsys.core.actor import Role
from eventsys.core.clock import now, played_at, today
from eventsys.core.transaction import write
from eventsys.feeds.operations import create_address, note_use
from eventsys.sample_city.people import Staff
from eventsys.sample_city.times import ZONE


def play_calendars(staff: Staff) -> None:
    """The liaison subscribes to the organization's calendar and their own, the organizer to their own."""
    liaison, organizer = staff.actor(Role.LIAISON), staff.actor(Role.ORGANIZER)
    (district,) = (held.organization_id for held in liaison.held if held.role is Role.LIAISON)
    with played_at(now() - timedelta(days=4)):
        for actor, organization_id in ((liaison, district), (liaison, None), (organizer, None)):
            with write():
                address = create_address(actor.person_id or 0, organization_id, by=actor)
                note_use(address.id, today(ZONE))
