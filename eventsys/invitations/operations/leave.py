"""To decide on leave: grant it, refuse it with a reason, or grant it and ask for a substitute."""

from __future__ import annotations

from enum import StrEnum

from eventsys.core.actor import Actor
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import check_version
from eventsys.invitations.models import Attendee, Leave
from eventsys.invitations.operations.place import Identified, answer_of, check_open, lock_attendee, put_down
from eventsys.invitations.operations.tell import tell_leave_decision


class LeaveDecision(StrEnum):
    """What the convening office decides."""

    GRANT = "grant"
    GRANT_AND_ASK = "grant_and_ask"
    REFUSE = "refuse"


def decide_leave(
    attendee: Identified, decision: LeaveDecision, note: str = "", *, by: Actor, version: int | None = None
) -> Attendee:
    """Decide on leave that was asked for, and tell whoever asked.

    Granted leave is excused; refused leave keeps the decline and needs a reason; to ask for a substitute makes the
    place one to be named. Raises `Stale` when the answer changed, `Closed`, `DomainError` when no leave is asked.
    """
    found = lock_attendee(attendee.id)
    row = found.attendee
    if version is not None:
        check_version(row, version)
    check_open(found.meeting, found.place, by.channel)
    if row.leave is not Leave.REQUESTED or not row.is_current:
        raise DomainError(_("No leave is asked for here any more. Look at the answer again."))
    if decision is LeaveDecision.REFUSE and not note.strip():
        raise DomainError(_("Say why leave is refused."), field="note")
    before = answer_of(row)
    row.leave = Leave.REFUSED if decision is LeaveDecision.REFUSE else Leave.GRANTED
    row.leave_decided_at, row.leave_decided_by, row.leave_note = now(), by.label, note
    if decision is LeaveDecision.GRANT_AND_ASK:
        row.is_current = False
    put_down(f"leave_{row.leave.value}", found, before, by=by, channel=by.channel, comment=note)
    tell_leave_decision(row, by=by)
    return row
