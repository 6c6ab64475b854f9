"""The notice of the model meeting, written, approved and published on 30 August 2024."""

from __future__ import annotations

from eventsys.meetings.models import Meeting
from eventsys.sample_city.people import Staff


def play_notice(meeting: Meeting, staff: Staff) -> None:
    """Draft, approval, publication."""
