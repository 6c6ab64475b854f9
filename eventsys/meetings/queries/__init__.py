"""Reads of meetings."""

from eventsys.meetings.queries.one import convener_choices, find_meeting, moved_to, shown_to_public

__all__ = ["convener_choices", "find_meeting", "moved_to", "shown_to_public"]
