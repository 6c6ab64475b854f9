"""Single letters to one person: the decision on their leave, and that they need not attend any more."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from eventsys.core.actor import Actor
from eventsys.core.outbox import Letter, LetterState
from eventsys.extensions import db
from eventsys.invitations import facts
from eventsys.invitations.models import Attendee
from eventsys.invitations.operations.send import queue_once
from eventsys.invitations.queries import send as queries
from eventsys.meetings.models import Meeting

LEAVE_DECISION = "leave_decision"
WITHDRAWAL = "withdrawal"
ASKING = ("invitation", "update")


def tell_leave_decision(attendee: Attendee, *, by: Actor) -> bool:
    """Queue the letter that says whether leave is granted, with the office's words; False without an address.

    Call it once the decision stands on the row. Raises `DomainError` when this decision was told before.
    """
    db.session.flush()
    at = attendee.leave_decided_at.isoformat() if attendee.leave_decided_at else ""
    more = {"decision": attendee.leave.value, "note": attendee.leave_note}
    return _tell(LEAVE_DECISION, attendee, f"leave:{attendee.id}:{at}", more)


def tell_withdrawn(attendee: Attendee, *, by: Actor) -> bool:
    """Queue the letter, with METHOD:CANCEL, that this person alone need not attend; False when none is needed.

    For somebody taken off a place after being told. Nobody is told off before their invitation has left: that one is
    out of date once `link_revoked_at` stands on the row or the person is off the place, and is not sent.
    """
    db.session.flush()
    if attendee.told_at is None or waits(attendee):
        return False
    return _tell(WITHDRAWAL, attendee, f"{WITHDRAWAL}:{attendee.id}:v{attendee.version}", {})


def waits(attendee: Attendee) -> bool:
    """Whether all that this person was ever told still lies in the queue, never tried."""
    states = set(
        db.session.scalars(
            select(Letter.state).where(
                Letter.attendee_id == attendee.id,
                Letter.kind.in_(ASKING),
                Letter.state != LetterState.SUPERSEDED,
            )
        )
    )
    return states == {LetterState.QUEUED}


def _tell(kind: str, attendee: Attendee, key: str, more: dict[str, Any]) -> bool:
    meeting = db.session.get_one(Meeting, attendee.meeting_id)
    found = queries.these(meeting, [attendee.id], withdrawn=True)
    letters = [
        (key, row.recipient(), facts.personal_facts(row, facts.digest(meeting), **more))
        for row in found
        if row.has_address
    ]
    return bool(letters) and bool(queue_once(kind, facts.common_facts(meeting), letters, meeting))
