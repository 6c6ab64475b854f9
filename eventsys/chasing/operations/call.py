"""Noting a telephone call about a place."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from eventsys.chasing.models import PhoneCall
from eventsys.core import audit
from eventsys.core.actor import Actor
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import locked
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Leave, Place, Reply, ReplyEvent
from eventsys.meetings.models import Meeting

EARLIEST = timedelta(days=366)


def note_call(place: Place, at: datetime, whom: str, said: str, *, by: Actor) -> PhoneCall:
    """Write down who was called about a place, when, and what they said; the answer itself is another act.

    Raises `DomainError` for a time to come, and for a place that is no longer asked for.
    """
    row = locked(Place, place.id)
    if row.withdrawn_at is not None:
        raise DomainError(_("This place is no longer asked for."))
    if at > now() or at < now() - EARLIEST:
        raise DomainError(_("A call is noted after it was made. Enter when that was."), field="time")
    holder = select(Attendee.id).where(Attendee.place_id == row.id, Attendee.is_current)
    call = PhoneCall(
        meeting_id=row.meeting_id,
        place_id=row.id,
        attendee_id=db.session.scalar(holder),
        at=at,
        whom=whom,
        said=said,
        account_id=by.account_id,
        by=by.label,
        created_at=now(),
    )
    db.session.add(call)
    db.session.flush()
    _into_the_story(call, by)
    meeting = db.session.get_one(Meeting, row.meeting_id)
    audit.record(
        "phone_call.note",
        call,
        by=by,
        after={"called_at": at, "whom": whom, "words": said},
        label=meeting.title(),
        meeting_id=meeting.id,
    )
    return call


def _into_the_story(call: PhoneCall, by: Actor) -> None:
    """A step in the history of whoever is asked, beside their answers, as long as they have given none."""
    attendee = db.session.get(Attendee, call.attendee_id) if call.attendee_id else None
    if attendee is None or attendee.reply is not Reply.PENDING:
        return
    step = ReplyEvent(
        attendee_id=attendee.id,
        meeting_id=call.meeting_id,
        at=call.at,
        by=by.label,
        account_id=by.account_id,
        channel=by.channel,
        act="called",
        reply=Reply.PENDING,
        leave=Leave.NONE,
        comment=call.said,
        source="phone",
        sequence=attendee.told_sequence or 0,
    )
    db.session.add(step)
    db.session.flush()
