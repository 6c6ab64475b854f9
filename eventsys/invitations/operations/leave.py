"""To decide on leave: grant it, refuse it with a reason, grant it and ask for a substitute; or decide otherwise."""

from __future__ import annotations

from enum import StrEnum

from eventsys.core.actor import Actor
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import check_version
from eventsys.invitations.models import Attendee, Leave
from eventsys.invitations.operations.place import (
    Answering,
    Identified,
    answer_of,
    check_open,
    current_attendee,
    lock_attendee,
    put_down,
)
from eventsys.invitations.operations.succession import holds_another_place
from eventsys.invitations.operations.tell import tell_leave_decision


class LeaveDecision(StrEnum):
    """What the convening office decides."""

    GRANT = "grant"
    GRANT_AND_ASK = "grant_and_ask"
    REFUSE = "refuse"


def decision_of(attendee: Attendee) -> LeaveDecision | None:
    """What was decided on this attendee's leave; None while it waits, or when none was asked for."""
    if attendee.leave is Leave.REFUSED:
        return LeaveDecision.REFUSE
    if attendee.leave is Leave.GRANTED:
        return LeaveDecision.GRANT if attendee.is_current else LeaveDecision.GRANT_AND_ASK
    return None


def decide_leave(
    attendee: Identified, decision: LeaveDecision, note: str = "", *, by: Actor, version: int | None = None
) -> Attendee:
    """Decide on leave that was asked for, or otherwise than before; tell the person and the organization's liaisons.

    Granted leave is excused; refused leave keeps the decline and needs a reason; to ask for a substitute makes the
    place one to be named. Every decision stays in the history. Raises `Stale` when the answer changed, `Closed`,
    `DomainError` when no leave is asked, when it is decided so already, or when somebody else has the place by now.
    """
    found = lock_attendee(attendee.id)
    row = found.attendee
    if version is not None:
        check_version(row, version)
    check_open(found.meeting, found.place, by.channel)
    _check_decision(found, decision, note)
    before = answer_of(row)
    row.leave = Leave.REFUSED if decision is LeaveDecision.REFUSE else Leave.GRANTED
    row.leave_decided_at, row.leave_decided_by, row.leave_note = now(), by.label, note
    row.is_current = decision is not LeaveDecision.GRANT_AND_ASK
    put_down(f"leave_{row.leave.value}", found, before, by=by, channel=by.channel, comment=note)
    tell_leave_decision(row, by=by)
    return row


def _check_decision(found: Answering, decision: LeaveDecision, note: str) -> None:
    row = found.attendee
    if row.leave is Leave.NONE or (row.leave is Leave.REQUESTED and not row.is_current):
        raise DomainError(_("No leave is asked for here any more. Look at the answer again."))
    if decision is LeaveDecision.REFUSE and not note.strip():
        raise DomainError(_("Say why leave is refused."), field="note")
    if decision is decision_of(row) and note == row.leave_note:
        raise DomainError(_("It is decided so already."), field="decision")
    if not row.is_current and (current_attendee(found.place) is not None or holds_another_place(row)):
        raise DomainError(_("Somebody else has been named for this place. The leave stays granted."))
