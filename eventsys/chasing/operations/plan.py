"""Planning reminders: to add one, to change its time or whom it leaves out, to switch it, to remove it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import select

from eventsys.chasing.models import PlannedReminder, plain
from eventsys.chasing.queries.planned import planned
from eventsys.core import audit
from eventsys.core.actor import Actor
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import check_version, locked
from eventsys.extensions import db
from eventsys.meetings.models import Meeting, MeetingState

LONGEST_DAYS = 90
MOST = 20
PLANNABLE = (MeetingState.DRAFT, MeetingState.SCHEDULED)


def plan_reminder(
    meeting: Meeting, days_before: int, minute: int, left_out: Collection[int] = (), *, by: Actor
) -> PlannedReminder:
    """Plan a reminder so many days before the deadline, at `minute` of that day; it is on at once.

    One that was removed is taken up again. Raises `DomainError` when one stands at that time, there are twenty, or the
    meeting is past being planned.
    """
    row = _lock(meeting)
    if len(planned(row.id)) >= MOST:
        raise DomainError(_("Twenty reminders are enough for one meeting. Remove one first."))
    return _plan(row, days_before, minute, left_out, by=by)


def adopt(meeting: Meeting, times: Iterable[tuple[int, int]], *, by: Actor) -> int:
    """Plan and switch on all that was proposed; returns how many. Does nothing where something is planned by now."""
    row = _lock(meeting)
    if planned(row.id):
        return 0
    return len([_plan(row, days, minute, (), by=by) for days, minute in times])


def change_reminder(
    plan: PlannedReminder, days_before: int, minute: int, left_out: Collection[int], version: int, *, by: Actor
) -> PlannedReminder:
    """Give a planned reminder another time, or other organizations to leave out; returns the one that stands now.

    Raises `Stale` when somebody changed it since the form was opened, and `DomainError` when one stands at that time.
    """
    meeting = _lock(plan.meeting)
    row = locked(PlannedReminder, plan.id)
    check_version(row, version if row.removed_at is None else -1)
    if (row.days_before, row.minute) == (days_before, minute):
        row.left_out = sorted(set(left_out))
        _record("change", row, meeting, by=by)
        return row
    new = _plan(meeting, days_before, minute, left_out, by=by, is_on=row.is_on)
    _remove(row, meeting, by=by)
    return new


def switch_reminder(plan: PlannedReminder, is_on: bool, *, by: Actor) -> bool:
    """Switch a planned reminder on or off; whether that changed anything. What fell due while off is not sent."""
    meeting = _lock(plan.meeting)
    row = locked(PlannedReminder, plan.id)
    if row.is_on == is_on or row.removed_at is not None:
        return False
    row.is_on = is_on
    row.armed_at = now()
    _record("switch_on" if is_on else "switch_off", row, meeting, by=by)
    return True


def remove_reminder(plan: PlannedReminder, *, by: Actor) -> bool:
    """Take a planned reminder off the list; False when it was gone already. What it sent stays in the history."""
    meeting = locked(Meeting, plan.meeting_id)
    row = locked(PlannedReminder, plan.id)
    if row.removed_at is not None:
        return False
    _remove(row, meeting, by=by)
    return True


def _plan(
    meeting: Meeting, days_before: int, minute: int, left_out: Collection[int], *, by: Actor, is_on: bool = True
) -> PlannedReminder:
    if not (0 <= days_before <= LONGEST_DAYS and 0 <= minute < 24 * 60):
        raise ValueError(f"no time before a deadline: {days_before} days, minute {minute}")
    statement = select(PlannedReminder).where(
        PlannedReminder.meeting_id == meeting.id,
        PlannedReminder.days_before == days_before,
        PlannedReminder.minute == minute,
    )
    row = db.session.scalars(statement.with_for_update()).one_or_none()
    if row is not None and row.removed_at is None:
        raise DomainError(_("A reminder is planned for that time already."), field="days_before")
    if row is None:
        row = PlannedReminder(meeting_id=meeting.id, days_before=days_before, minute=minute, created_at=now())
        db.session.add(row)
    values = {
        "is_on": is_on,
        "armed_at": now(),
        "left_out": sorted(set(left_out)),
        "account_id": by.account_id,
        "by": by.label,
        "removed_at": None,
    }
    for name, value in values.items():
        setattr(row, name, value)
    db.session.flush()
    _record("plan", row, meeting, by=by)
    return row


def _remove(row: PlannedReminder, meeting: Meeting, *, by: Actor) -> None:
    row.removed_at, row.is_on = now(), False
    _record("remove", row, meeting, by=by)


def _lock(meeting: Meeting) -> Meeting:
    row = locked(Meeting, meeting.id)
    if row.state not in PLANNABLE:
        raise DomainError(_("Reminders are planned for a meeting that is still to come."))
    return row


def _record(verb: str, row: PlannedReminder, meeting: Meeting, *, by: Actor) -> None:
    db.session.flush()
    action = f"planned_reminder.{verb}"
    audit.record(action, row, by=by, after=plain(row), label=meeting.title(), meeting_id=meeting.id)
