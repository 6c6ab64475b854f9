"""Planned reminders: when each is due, what became of it, and what is overdue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from eventsys.chasing.models import PlannedReminder, ReminderRun
from eventsys.chasing.queries.waiting import Waiting, day_of
from eventsys.core.clock import now
from eventsys.extensions import db
from eventsys.invitations.deadlines import closes_at
from eventsys.invitations.models import Ask
from eventsys.meetings.models import Meeting, MeetingState

USUAL = ((3, 9 * 60), (1, 9 * 60), (0, 9 * 60))
"""Days before the deadline and minute of the day that are proposed where an office planned nothing before."""


Done = dict[tuple[int, date], ReminderRun]


@dataclass(frozen=True, slots=True)
class Turn:
    """A planned reminder for one day of deadlines: the day and the instant on which it is due."""

    plan: PlannedReminder
    deadline_on: date
    due_on: date
    due_at: datetime


def turn(plan: PlannedReminder, deadline_on: date, zone: str) -> Turn:
    """When the reminder is due for deadlines of this day, where the meeting is."""
    due_on = deadline_on - timedelta(days=plan.days_before)
    return Turn(plan, deadline_on, due_on, instant_of(due_on, plan.minute, zone))


def instant_of(day: date, minute: int, zone: str) -> datetime:
    """The instant of a clock time; one that the zone skips is taken as the time right after the gap."""
    local = datetime.combine(day, time(minute // 60 % 24, minute % 60), tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC)


def planned(meeting_id: int) -> list[PlannedReminder]:
    """The reminders planned for a meeting, the earliest first."""
    statement = (
        select(PlannedReminder)
        .where(PlannedReminder.meeting_id == meeting_id, PlannedReminder.removed_at.is_(None))
        .order_by(PlannedReminder.days_before.desc(), PlannedReminder.minute)
    )
    return list(db.session.scalars(statement))


def find_planned(meeting_id: int, planned_id: int) -> PlannedReminder | None:
    """A planned reminder of this very meeting."""
    statement = (
        select(PlannedReminder)
        .where(
            PlannedReminder.id == planned_id,
            PlannedReminder.meeting_id == meeting_id,
            PlannedReminder.removed_at.is_(None),
        )
        .options(joinedload(PlannedReminder.meeting).joinedload(Meeting.convener))
    )
    return db.session.scalars(statement).one_or_none()


def runs(plans: Iterable[PlannedReminder]) -> Done:
    """What was carried out of these, by planned reminder and day; one query."""
    ids = [plan.id for plan in plans]
    found = db.session.scalars(select(ReminderRun).where(ReminderRun.planned_id.in_(ids))) if ids else ()
    return {(row.planned_id, row.due_on): row for row in found}


def deadlines(meeting: Meeting, own: Iterable[datetime | None]) -> dict[date, datetime]:
    """The days of the deadlines that apply, each with its last instant: the meeting's, and organizations' own."""
    found: dict[date, datetime] = {}
    for deadline in (closes_at(meeting, each) for each in (None, *own)):
        day = day_of(deadline, meeting.zone)
        found[day] = max(deadline, found.get(day, deadline))
    return found


def overdue(
    meeting: Meeting,
    plans: Sequence[PlannedReminder],
    done: Done,
    days: dict[date, datetime],
) -> dict[date, list[Turn]]:
    """What should have been carried out by now and was not, for each day of deadlines, the earliest first."""
    at, found = now(), {}
    for day, last in days.items():
        turns = [turn(plan, day, meeting.zone) for plan in plans if plan.is_on and plan.removed_at is None]
        mine = [
            each
            for each in turns
            if each.plan.armed_at <= each.due_at <= at < last and (each.plan.id, each.due_on) not in done
        ]
        if mine:
            found[day] = sorted(mine, key=lambda each: (each.due_at, each.plan.id))
    return found


def due_meetings() -> list[int]:
    """The scheduled meetings at which a planned reminder is due now, in three queries."""
    statement = (
        select(PlannedReminder, Meeting)
        .join(Meeting, Meeting.id == PlannedReminder.meeting_id)
        .where(
            PlannedReminder.is_on,
            PlannedReminder.removed_at.is_(None),
            Meeting.state == MeetingState.SCHEDULED,
            Meeting.starts_at > now(),
        )
        .order_by(Meeting.starts_at, Meeting.id)
    )
    plans: dict[int, list[PlannedReminder]] = {}
    meetings: dict[int, Meeting] = {}
    for plan, meeting in db.session.execute(statement):
        plans.setdefault(meeting.id, []).append(plan)
        meetings[meeting.id] = meeting
    if not plans:
        return []
    done = runs(plan for each in plans.values() for plan in each)
    own = own_deadlines(plans)
    return [
        key
        for key, meeting in meetings.items()
        if overdue(meeting, plans[key], done, deadlines(meeting, own.get(key, ())))
    ]


def own_deadlines(meeting_ids: Iterable[int]) -> dict[int, list[datetime]]:
    """The deadlines that organizations have for themselves, by meeting."""
    found: dict[int, list[datetime]] = {}
    statement = select(Ask.meeting_id, Ask.reply_by).where(
        Ask.meeting_id.in_(list(meeting_ids)), Ask.reply_by.is_not(None)
    )
    for meeting_id, reply_by in db.session.execute(statement):
        if reply_by is not None:
            found.setdefault(meeting_id, []).append(reply_by)
    return found


def readers(meeting: Meeting, each: Turn, found: Iterable[Waiting]) -> list[Waiting]:
    """Whom a planned reminder reaches: those who can still answer until that day, and have an address.

    Whoever was told (or told anew) only after it was due needs none, and nobody is reminded twice within an hour; of
    one that is still to come that cannot be known yet.
    """
    left_out, is_due = set(each.plan.left_out), each.due_at <= now()
    return [
        row
        for row in found
        if day_of(row.deadline, meeting.zone) == each.deadline_on
        and row.has_address
        and row.is_open()
        and (not is_due or (row.is_quiet() and row.told_at < each.due_at))
        and row.organization_id not in left_out
    ]


@dataclass(frozen=True, slots=True)
class Board:
    """What is planned for a meeting, what was carried out of it, and what is proposed where nothing is planned."""

    plans: list[PlannedReminder]
    done: Done
    proposed: list[tuple[int, int]]


def board(meeting: Meeting) -> Board:
    """Everything about a meeting's planned reminders, from one query.

    Proposed, as days before and minute, is what the office planned last for another of its meetings, else the usual.
    """
    last = (
        select(PlannedReminder.meeting_id)
        .join(Meeting, Meeting.id == PlannedReminder.meeting_id)
        .where(
            Meeting.convener_id == meeting.convener_id,
            Meeting.id != meeting.id,
            PlannedReminder.removed_at.is_(None),
        )
        .order_by(PlannedReminder.created_at.desc(), PlannedReminder.id.desc())
        .limit(1)
    )
    statement = (
        select(PlannedReminder, ReminderRun)
        .outerjoin(ReminderRun, ReminderRun.planned_id == PlannedReminder.id)
        .where(
            or_(PlannedReminder.meeting_id == meeting.id, PlannedReminder.meeting_id == last.scalar_subquery()),
            PlannedReminder.removed_at.is_(None),
        )
        .order_by(PlannedReminder.days_before.desc(), PlannedReminder.minute)
    )
    rows = db.session.execute(statement).all()
    found = list(dict.fromkeys(row[0] for row in rows))
    others = [(plan.days_before, plan.minute) for plan in found if plan.meeting_id != meeting.id]
    return Board(
        plans=[plan for plan in found if plan.meeting_id == meeting.id],
        done={(run.planned_id, run.due_on): run for _plan, run in rows if run is not None},
        proposed=others or list(USUAL),
    )
