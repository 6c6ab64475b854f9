"""Verbs of meetings. Each runs inside an open unit of work, writes the audit entry, and sends nothing."""

from eventsys.meetings.operations.facts import apply_facts, check_facts, draft_meeting, revise_draft
from eventsys.meetings.operations.states import (
    archive_meeting,
    conclude_meeting,
    mark_cancelled,
    raise_sequence,
    schedule_meeting,
    start_meeting,
)
from eventsys.meetings.operations.visible import touch

__all__ = [
    "apply_facts",
    "archive_meeting",
    "check_facts",
    "conclude_meeting",
    "draft_meeting",
    "mark_cancelled",
    "raise_sequence",
    "revise_draft",
    "schedule_meeting",
    "start_meeting",
    "touch",
]
