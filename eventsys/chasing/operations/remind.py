"""Reminding those, and only those, who were told and have not answered: by hand, or as planned."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select, update

from eventsys.chasing.models import PlannedReminder, ReminderRun, RunOutcome
from eventsys.chasing.queries.planned import (
    Turn,
    deadlines,
    overdue,
    own_deadlines,
    planned,
    readers,
    runs,
    turn,
)
from eventsys.chasing.queries.waiting import REMINDER, Waiting, awaits_answers, day_of, due_today, waiting
from eventsys.core import audit
from eventsys.core.actor import WORKER, Actor
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import locked
from eventsys.extensions import db
from eventsys.invitations import facts
from eventsys.invitations.facts import Invitee
from eventsys.invitations.models import Attendee, HeldChange
from eventsys.invitations.operations.send import Queued, queue_once
from eventsys.meetings.models import Meeting


def remind(meeting: Meeting, shown: Collection[str], *, by: Actor, organizations: Collection[int] | None = None) -> int:
    """Queue a reminder to each of those shown (`Waiting.key`) who still owes an answer; returns how many.

    `organizations` are those chosen (0: people of none); None means all. At most one a day to each, and none within an
    hour after a planned one. Raises `DomainError` when nobody is left to remind, and when the meeting no longer awaits
    answers.
    """
    row = locked(Meeting, meeting.id)
    if not awaits_answers(row):
        raise DomainError(_("This meeting awaits no answers any more. Nobody was reminded."))
    wanted = set(shown)
    found = [each for each in due_today(row, waiting(row)) if each.key in wanted]
    if organizations is not None:
        found = [each for each in found if each.organization_id in organizations]
    if not found:
        raise DomainError(_("All of them have answered or were reminded today. Nobody was reminded twice."))
    today = day_of(now(), row.zone).isoformat()
    return _send(row, found, f"s{row.sequence}:{today}", by=by, after={})


def remind_due(meeting_id: int) -> int:
    """Carry out what is planned and due at a meeting, in the open unit of work; returns how many letters.

    Of several that are overdue (nobody was there to send them) only the last is sent; the earlier ones are written down
    as missed. Nothing goes out after a deadline, nor while a change of the meeting is held: that goes first, and it may
    move the deadline. Called twice, or by two workers at once, it does everything once.
    """
    row = locked(Meeting, meeting_id)
    if not awaits_answers(row) or _is_changing(row):
        return 0
    plans = planned(row.id)
    own = own_deadlines([row.id]).get(row.id, ())
    late = overdue(row, plans, runs(plans), deadlines(row, own))
    if not late:
        return 0
    found, count = waiting(row), 0
    for turns in late.values():
        for missed in turns[:-1]:
            _put_down(missed, 0, RunOutcome.MISSED)
        count += _carry_out(row, turns[-1], readers(row, turns[-1], found), by=WORKER)
    return count


def send_planned(plan: PlannedReminder, shown: Collection[str], *, by: Actor) -> int:
    """Send a planned reminder now, to those shown who may be reminded; it is not sent again at its own time.

    Returns how many letters. Raises `DomainError` when nobody is left to remind, or it was sent meanwhile.
    """
    row = locked(Meeting, plan.meeting_id)
    if not awaits_answers(row):
        raise DomainError(_("This meeting awaits no answers any more. Nobody was reminded."))
    plan = locked(PlannedReminder, plan.id)
    done = runs([plan])
    wanted, found, count = set(shown), waiting(row), 0
    allowed = {each.key for each in due_today(row, found)} & wanted
    for day in deadlines(row, own_deadlines([row.id]).get(row.id, ())):
        each = turn(plan, day, row.zone)
        if (plan.id, each.due_on) in done:
            continue
        going = [reader for reader in readers(row, each, found) if reader.key in allowed]
        if going:
            count += _carry_out(row, each, going, by=by)
    if not count:
        raise DomainError(_("All of them have answered or were reminded today. Nobody was reminded twice."))
    return count


def _carry_out(meeting: Meeting, each: Turn, found: Sequence[Waiting], *, by: Actor) -> int:
    """Send it to these, and write down that this day's is done."""
    after = {"planned_by": each.plan.by, "due_at": each.due_at.isoformat()}
    count = _send(meeting, found, f"plan{each.plan.id}:{each.due_on}", by=by, after=after) if found else 0
    _put_down(each, count, RunOutcome.SENT)
    return count


def _put_down(each: Turn, letters: int, outcome: RunOutcome) -> None:
    db.session.add(ReminderRun(planned_id=each.plan.id, due_on=each.due_on, at=now(), letters=letters, outcome=outcome))
    db.session.flush()


def _send(meeting: Meeting, found: Sequence[Waiting], act: str, *, by: Actor, after: dict[str, Any]) -> int:
    """Queue the letters of one act, mark the people reminded, and write it into the audit log."""
    mark = facts.digest(meeting)
    letters = [_letter(row, mark, act) for row in found]
    count = queue_once(REMINDER, facts.common_facts(meeting), letters, meeting)
    people = [row.reader.attendee_id for row in found if isinstance(row.reader, Invitee)]
    _mark_reminded(meeting, people)
    places = sorted({place[0] for row in found if not isinstance(row.reader, Invitee) for place in row.reader.places})
    audit.record(
        "invitation.remind",
        meeting,
        by=by,
        after={"letters": count, "attendees": people, "places_to_be_named": places, **after},
        label=meeting.title(),
        meeting_id=meeting.id,
    )
    return count


def _letter(row: Waiting, mark: str, act: str) -> Queued:
    """A letter whose key holds the act and the reader: the same act never reaches somebody twice."""
    more = more_facts(row)
    if isinstance(row.reader, Invitee):
        key = f"{REMINDER}:{row.reader.attendee_id}:{act}"
        return key, row.reader.recipient(), facts.personal_facts(row.reader, mark, **more)
    key = f"{REMINDER}:o{row.reader.organization_id}:p{row.reader.person_id}:{act}"
    return key, row.reader.recipient(), facts.liaison_facts(row.reader, mark, **more)


def more_facts(row: Waiting) -> dict[str, Any]:
    """What a reminder says beside the usual: until when it may leave."""
    return {"until": row.deadline.isoformat()}


def _is_changing(meeting: Meeting) -> bool:
    """Whether a change is held that will be made by itself."""
    statement = select(HeldChange.id).where(HeldChange.meeting_id == meeting.id, HeldChange.obstacle.is_(None))
    return db.session.scalar(statement) is not None


def _mark_reminded(meeting: Meeting, ids: Sequence[int]) -> None:
    if not ids:
        return
    statement = update(Attendee).where(Attendee.meeting_id == meeting.id, Attendee.id.in_(ids))
    unchanged = Attendee.modified_at  # what calendars show of the row is as it was
    statement = statement.values(reminded_at=now(), version=Attendee.version + 1, modified_at=unchanged)
    db.session.execute(statement.execution_options(synchronize_session=False))
