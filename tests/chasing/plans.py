"""What tests of planned reminders share: a deadline on a known clock, and a worker's turn at a moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from eventsys.chasing.models import PlannedReminder, ReminderRun
from eventsys.chasing.operations.plan import plan_reminder
from eventsys.chasing.tasks import remind_all_due
from eventsys.core.actor import Role
from eventsys.core.clock import now, played_at, to_local, to_utc
from eventsys.core.transaction import write
from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.invitations.models import Ask, Attendee, Place
from tests import factories
from tests.invitations.asking import Office, letters, office

ZONE = "Asia/Shanghai"
NINE = 9 * 60
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def local(days: int, hour: int, minute: int = 0) -> datetime:
    """An instant so many days from today at a clock time in Shenyang."""
    day = to_local(now(), ZONE) + timedelta(days=days)
    return to_utc(day.replace(hour=hour, minute=minute, second=0, tzinfo=None), ZONE)


def case(**facts: Any) -> Office:
    """A meeting in ten days at nine whose replies close five days from today at 17:00."""
    facts.setdefault("starts_at", local(10, 9))
    facts.setdefault("reply_by", local(5, 17))
    return office(**facts)


def plan(of: Office, days: int = 1, minute: int = NINE, **options: Any) -> PlannedReminder:
    with write():
        return plan_reminder(of.meeting, days, minute, by=of.by, **options)


def someone(of: Office, **facts: Any) -> Attendee:
    """Somebody who was told long ago and is silent."""
    row = factories.attendee(of.meeting, facts.pop("who", None) or factories.person(), **facts)
    set_(Attendee, row.id, told_at=now() - DAY)
    return row


def unnamed(of: Office, organization: Organization, **facts: Any) -> Place:
    """A place that the organization's liaisons were asked to name somebody for."""
    with write() as session:
        row = Place(
            meeting_id=of.meeting.id,
            organization_id=organization.id,
            told_at=now() - DAY,
            told_sequence=0,
            created_at=now(),
            **facts,
        )
        session.add(row)
    return row


def liaison(organization: Organization, **facts: Any) -> Any:
    who = factories.person(**facts)
    factories.holds(who, Role.LIAISON, organization)
    return who


def own_deadline(of: Office, organization: Organization, at: datetime) -> None:
    with write() as session:
        link = f"ask{organization.id}".ljust(26, "2")
        session.add(
            Ask(meeting_id=of.meeting.id, organization_id=organization.id, reply_by=at, link_id=link, created_at=now())
        )


def set_(model: Any, row_id: int, **values: Any) -> None:
    with write() as session:
        row = session.get_one(model, row_id, populate_existing=True)
        for name, value in values.items():
            setattr(row, name, value)


def sweep(at: datetime) -> int:
    """The worker's turn at a moment."""
    db.session.rollback()
    with played_at(at):
        return remind_all_due()


def reminded() -> list[int | None]:
    """To whom reminders went, by attendee; None stands for a liaison."""
    return [letter.attendee_id for letter in letters("reminder")]


def runs() -> list[tuple[str, int]]:
    """What is on record of planned reminders: outcome and letters, in the order of their days."""
    db.session.rollback()
    rows = db.session.scalars(select(ReminderRun).order_by(ReminderRun.due_on, ReminderRun.id))
    return [(row.outcome.value, row.letters) for row in rows]
