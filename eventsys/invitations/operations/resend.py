"""Letters that answer somebody: the invitation once more, a proposal refused, an answer by mail received."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from eventsys.calendar.text import line
from eventsys.core import audit
from eventsys.core.actor import Actor
from eventsys.core.clock import now, to_local
from eventsys.core.outbox import Letter, LetterState
from eventsys.extensions import db
from eventsys.invitations import facts
from eventsys.invitations.facts import REQUESTS
from eventsys.invitations.models import Attendee, Place, Reply
from eventsys.invitations.operations.place import Identified, label_of, lock_attendee
from eventsys.invitations.operations.send import OPEN, queue_once
from eventsys.invitations.operations.tell import reader, tell_row
from eventsys.meetings.models import Meeting, MeetingState

RESEND = "resend"
CANCELLATION = "cancellation"
DECLINE_COUNTER = "decline_counter"
RECEIPT = "receipt"
PAUSE = timedelta(hours=1)
WAITING = (LetterState.QUEUED, LetterState.SENDING, LetterState.DEFERRED)


def resend(attendee: Identified, *, by: Actor) -> bool:
    """Queue once more what the attendee was told last: the request as it stands now, or the cancellation.

    The SEQUENCE stays, the DTSTAMP is new (RFC 5546 3.2.6). False, and nothing is queued, when one was sent again less
    than an hour ago, when a letter to them waits in the queue, and when they were never told, no longer belong to the
    meeting, have no address, or the meeting is over. Raises `LookupError` when there is no such attendee.
    """
    found = lock_attendee(attendee.id)
    row, meeting = found.attendee, found.meeting
    if not knows(meeting, found.place, row) or _is_too_soon(row):
        return False
    to = reader(row, meeting)
    if to is None:
        return False
    is_cancelled = meeting.state is MeetingState.CANCELLED
    kind, common = (CANCELLATION, _why(meeting)) if is_cancelled else (RESEND, {})
    tell_row(row, to, meeting, kind=kind, key=f"{RESEND}:{row.id}:{now().isoformat()}", more={}, common=common)
    audit.record("invitation.resend", row, by=by, after={"letter": kind}, label=label_of(row), meeting_id=meeting.id)
    return True


def decline_proposal(attendee: Identified, note: str, *, stamp: datetime | None, by: Actor) -> bool:
    """Queue the refusal of another time that the attendee proposed (METHOD:DECLINECOUNTER, RFC 5546 3.2.8).

    `note` is a word why, or "". `stamp` is the DTSTAMP of the proposal: one is refused once. False without an address,
    and when the attendee no longer belongs to the meeting. Raises `DomainError` when this one was refused before.
    """
    found = lock_attendee(attendee.id)
    row, meeting = found.attendee, found.meeting
    to = reader(row, meeting)
    if to is None or not knows(meeting, found.place, row) or meeting.state is MeetingState.CANCELLED:
        return False
    key = f"{DECLINE_COUNTER}:{row.id}:{(stamp or now()).isoformat()}"
    tell_row(row, to, meeting, kind=DECLINE_COUNTER, key=key, more={"note": note})
    return True


def send_receipt(attendee: Identified, from_address: str, *, by: Actor) -> bool:
    """Queue a word to the address on file that an answer came by mail, with the answer as it stands on the row.

    `from_address` is where the mail said it came from. At most one a day; False when there was one today, and without
    an address.
    """
    found = lock_attendee(attendee.id)
    row, meeting = found.attendee, found.meeting
    to = reader(row, meeting)
    key = f"{RECEIPT}:{row.id}:{to_local(now(), meeting.zone).date().isoformat()}"
    if to is None or _is_queued(key):
        return False
    more = {"from": line(from_address)[:320], "leave": row.leave.value, "note": row.comment}
    letter = (key, to.recipient(), facts.personal_facts(to, facts.digest(meeting), **more))
    return bool(queue_once(RECEIPT, facts.common_facts(meeting), [letter], meeting))


def knows(meeting: Meeting, place: Place, attendee: Attendee) -> bool:
    """Whether the attendee was told of the meeting, belongs to it, and letters about it still go out."""
    if place.withdrawn_at is not None or attendee.link_revoked_at is not None or attendee.told_at is None:
        return False
    belongs = attendee.is_current or attendee.reply is Reply.DELEGATED
    return belongs and meeting.state in (*OPEN, MeetingState.CANCELLED)


def _is_too_soon(row: Attendee) -> bool:
    """Whether something to them has not left yet, or was sent again within the hour."""
    waits = Letter.kind.in_((*REQUESTS, CANCELLATION)) & Letter.state.in_(WAITING)
    again = Letter.key.startswith(f"{RESEND}:") & (Letter.queued_at > now() - PAUSE)
    statement = select(Letter.id).where(Letter.attendee_id == row.id, waits | again).limit(1)
    return db.session.scalar(statement) is not None


def _is_queued(key: str) -> bool:
    return db.session.scalar(select(Letter.id).where(Letter.key == key)) is not None


def _why(meeting: Meeting) -> dict[str, Any]:
    return {"reason_zh": meeting.reason_zh, "reason_en": meeting.reason_en, "postponed": meeting.postponed}
