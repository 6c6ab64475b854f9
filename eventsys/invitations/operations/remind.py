"""Reminding those, and only those, who were told and have not answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update

from eventsys.core import audit
from eventsys.core.actor import Actor
from eventsys.core.clock import now, to_local
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import locked
from eventsys.extensions import db
from eventsys.invitations import facts
from eventsys.invitations.facts import Invitee
from eventsys.invitations.models import Attendee
from eventsys.invitations.operations.send import queue_once
from eventsys.invitations.queries.remind import silent
from eventsys.meetings.models import Meeting, MeetingState

REMINDER = "reminder"


def remind(meeting: Meeting, shown: Sequence[int], *, by: Actor) -> int:
    """Queue a reminder to each of the attendees shown who is still silent; returns how many.

    At most one a day to each. Raises `DomainError` when all have answered or were reminded today, and when the meeting
    no longer awaits answers.
    """
    row = locked(Meeting, meeting.id)
    if not awaits_answers(row):
        raise DomainError(_("This meeting awaits no answers any more. Nobody was reminded."))
    wanted = set(shown)
    waiting = [invitee for invitee in due(row, silent(row)) if invitee.attendee_id in wanted]
    if not waiting:
        raise DomainError(_("All of them have answered or were reminded today. Nobody was reminded twice."))
    mark, today = facts.digest(row), _day(row, now())
    letters = [
        (
            f"{REMINDER}:{invitee.attendee_id}:s{row.sequence}:{today}",
            invitee.recipient(),
            facts.personal_facts(invitee, mark),
        )
        for invitee in waiting
    ]
    count = queue_once(REMINDER, facts.common_facts(row), letters, row)
    _mark_reminded(row, waiting)
    audit.record(
        "invitation.remind",
        row,
        by=by,
        after={"letters": count, "attendees": [invitee.attendee_id for invitee in waiting]},
        label=row.title(),
        meeting_id=row.id,
    )
    return count


def due(meeting: Meeting, waiting: Sequence[Invitee]) -> list[Invitee]:
    """Of those who are silent the ones who have an address and were not reminded today, where the meeting is."""
    today = _day(meeting, now())
    return [row for row in waiting if row.has_address and _day(meeting, row.reminded_at) != today]


def awaits_answers(meeting: Meeting) -> bool:
    """Whether an answer still helps: scheduled, and not begun."""
    return meeting.state is MeetingState.SCHEDULED and now() < meeting.starts_at


def _day(meeting: Meeting, at: datetime | None) -> str:
    return to_local(at, meeting.zone).date().isoformat() if at else ""


def _mark_reminded(meeting: Meeting, waiting: Sequence[Invitee]) -> None:
    ids = [row.attendee_id for row in waiting]
    statement = update(Attendee).where(Attendee.meeting_id == meeting.id, Attendee.id.in_(ids))
    unchanged = Attendee.modified_at  # what calendars show of the row is as it was
    statement = statement.values(reminded_at=now(), version=Attendee.version + 1, modified_at=unchanged)
    db.session.execute(statement.execution_options(synchronize_session=False))
