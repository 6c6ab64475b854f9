"""Reminders planned before a deadline, the days on which they were carried out, and calls that somebody made."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Date, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.core.columns import Json, block, enum, instant, line, refers_to
from eventsys.extensions import Model
from eventsys.meetings.models import Meeting

DAY = 24 * 60


class PlannedReminder(Model):
    """A reminder so many days before whatever deadline applies, at `minute` of that day where the meeting is.

    It has no instant of its own: that follows from the deadline, an organization's own one included, and moves with it.
    Only what falls due after `armed_at`, when it was switched on last, is sent. `left_out` are ids of organizations
    that get none. One that was removed keeps its row, and takes it up again when it is planned anew: what it has sent
    stays known.
    """

    __tablename__ = "planned_reminder"
    __table_args__ = (UniqueConstraint("meeting_id", "days_before", "minute"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = refers_to("meeting.id", index=False)
    days_before: Mapped[int]
    minute: Mapped[int]
    is_on: Mapped[bool] = mapped_column(default=False)
    armed_at: Mapped[datetime] = instant()
    left_out: Mapped[list[int]] = mapped_column(Json, default=list)
    account_id: Mapped[int | None]
    by: Mapped[str] = line()
    created_at: Mapped[datetime] = instant()
    removed_at: Mapped[datetime | None] = instant()
    version: Mapped[int] = mapped_column(default=1)

    meeting: Mapped[Meeting] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def clock(self) -> str:
        """The time of the day as forms write it, `09:00`."""
        return f"{self.minute // 60:02}:{self.minute % 60:02}"


class RunOutcome(StrEnum):
    """What became of a planned reminder on a day: sent (if only to nobody), or left out for a later one."""

    SENT = "sent"
    MISSED = "missed"


class ReminderRun(Model):
    """A planned reminder that was carried out for the day `due_on`, and never is again for that day."""

    __tablename__ = "reminder_run"
    __table_args__ = (UniqueConstraint("planned_id", "due_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    planned_id: Mapped[int] = refers_to("planned_reminder.id", index=False)
    due_on: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = instant()
    letters: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[RunOutcome] = enum(RunOutcome)


class PhoneCall(Model):
    """A telephone call about a place: when, to whom, what was said. The answer itself is entered on behalf."""

    __tablename__ = "phone_call"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = refers_to("meeting.id")
    place_id: Mapped[int] = refers_to("place.id")
    attendee_id: Mapped[int | None] = refers_to("attendee.id")
    at: Mapped[datetime] = instant()
    whom: Mapped[str] = line(120)
    said: Mapped[str] = block(1000)
    account_id: Mapped[int | None]
    by: Mapped[str] = line()
    created_at: Mapped[datetime] = instant()


def plain(plan: PlannedReminder) -> dict[str, Any]:
    """A planned reminder as the audit log writes it down."""
    return {"days_before": plan.days_before, "time_of_day": plan.clock, "is_on": plan.is_on}
