"""The acts that move a meeting from one state to the next."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from eventsys.core.actor import Actor
from eventsys.core.audit import record
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import locked
from eventsys.meetings.facts import MeetingFacts, problems
from eventsys.meetings.models import Meeting, MeetingState
from eventsys.meetings.operations.visible import refresh


def schedule_meeting(meeting: Meeting, *, by: Actor) -> Meeting:
    """The draft becomes a meeting that readers can find; nobody is told yet.

    Raises `DomainError` when it is no draft, or when its facts cannot be.
    """
    row = _in_state(meeting, {MeetingState.DRAFT}, _("Only a draft can be scheduled."))
    for problem in problems(MeetingFacts.of(row)):
        raise DomainError(problem.message)
    return _move(row, MeetingState.SCHEDULED, "meeting.schedule", by, scheduled_at=now())


def start_meeting(meeting: Meeting, *, by: Actor) -> Meeting:
    """The meeting is in session. Raises `DomainError` unless it is scheduled."""
    row = _in_state(meeting, {MeetingState.SCHEDULED}, _("Only a scheduled meeting can be opened."))
    return _move(row, MeetingState.IN_SESSION, "meeting.start", by, started_at=now())


def conclude_meeting(meeting: Meeting, *, by: Actor) -> Meeting:
    """The meeting is over; from scheduled too, since offices forget to open it. Raises `DomainError` otherwise."""
    held = {MeetingState.SCHEDULED, MeetingState.IN_SESSION}
    row = _in_state(meeting, held, _("Only a scheduled meeting, or one in session, can be concluded."))
    return _move(row, MeetingState.CONCLUDED, "meeting.conclude", by, concluded_at=now())


def archive_meeting(meeting: Meeting, *, by: Actor) -> Meeting:
    """The record is closed. Raises `DomainError` unless the meeting is concluded."""
    row = _in_state(meeting, {MeetingState.CONCLUDED}, _("Only a concluded meeting can be archived."))
    return _move(row, MeetingState.ARCHIVED, "meeting.archive", by)


def mark_cancelled(meeting: Meeting, *, reason_zh: str, reason_en: str, postponed: bool, by: Actor) -> Meeting:
    """The meeting will not take place (then); page, agenda and reason stay. The sequence is the caller's.

    Raises `DomainError` without a reason in any language, and unless it is a draft or scheduled.
    """
    before_it = {MeetingState.DRAFT, MeetingState.SCHEDULED}
    row = _in_state(meeting, before_it, _("Only a draft or a scheduled meeting can be cancelled or postponed."))
    if not reason_zh and not reason_en:
        raise DomainError(_("Give the reason"), field="reason_zh")
    action = "meeting.postpone" if postponed else "meeting.cancel"
    return _move(
        row,
        MeetingState.CANCELLED,
        action,
        by,
        cancelled_at=now(),
        postponed=postponed,
        reason_zh=reason_zh,
        reason_en=reason_en,
    )


def raise_sequence(meeting: Meeting, *, timed: bool = False) -> Meeting:
    """One significant change more (RFC 5546 2.1.4); the calendar texts follow. Audited by the verb that calls it.

    `timed` says that the start or the end is another one by it.
    """
    row = locked(Meeting, meeting.id)
    row.sequence += 1
    if timed:
        row.timed_sequence = row.sequence
    refresh(row)
    return row


def _in_state(meeting: Meeting, states: Collection[MeetingState], refusal: str) -> Meeting:
    row = locked(Meeting, meeting.id)
    if row.state not in states:
        raise DomainError(refusal)
    return row


def _move(row: Meeting, state: MeetingState, action: str, by: Actor, **facts: Any) -> Meeting:
    before = {"state": row.state.value, **{name: getattr(row, name) for name in facts}}
    row.state = state
    for name, value in facts.items():
        setattr(row, name, value)
    refresh(row)
    after = {"state": state.value, **facts}
    record(action, row, by=by, before=before, after=after, label=row.title(), meeting_id=row.id)
    return row
