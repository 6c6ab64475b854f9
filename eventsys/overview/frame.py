"""The frame of a meeting's workspace: header with next step, and the tabs."""

from __future__ import annotations

from typing import Any

from eventsys.meetings.models import Meeting


def workspace(meeting: Meeting, tab: str) -> Any:
    """The frame of this meeting's pages, with `tab` as the current one."""
    return None
