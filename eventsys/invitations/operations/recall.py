"""Asking somebody again who was told of the meeting before: their calendar takes up where that ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select, update

from eventsys.core.clock import now
from eventsys.core.tokens import new_link_id
from eventsys.extensions import db
from eventsys.invitations.facts import Invitee
from eventsys.invitations.models import Attendee
from eventsys.meetings.models import Meeting


def recall(meeting: Meeting, invitees: Sequence[Invitee]) -> list[Invitee]:
    """The invitees with what their calendars know of this meeting, if it was sent to their address before.

    The event is the same one, by its UID. So what is said now comes after what was said then, a cancellation for that
    person perhaps, by SEQUENCE and DTSTAMP; and the same person keeps the +token address, because to most calendars
    another ORGANIZER is somebody else who meddles.
    """
    earlier = _told_before(meeting)
    return [_recalled(row, earlier.get(row.email.casefold(), [])) if earlier else row for row in invitees]


def _told_before(meeting: Meeting) -> Mapping[str, list[Attendee]]:
    """Those who were told and are on no place any more, by address, the last one first."""
    statement = (
        select(Attendee)
        .where(Attendee.meeting_id == meeting.id, Attendee.is_current.is_(False), Attendee.told_at.is_not(None))
        .order_by(Attendee.id.desc())
    )
    found: dict[str, list[Attendee]] = defaultdict(list)
    for row in db.session.scalars(statement):
        found[row.email.casefold()].append(row)
    return found


def _recalled(invitee: Invitee, earlier: Sequence[Attendee]) -> Invitee:
    if invitee.told_at is not None or not earlier:
        return invitee
    last = max(row.told_at for row in earlier if row.told_at)
    ahead = max(row.sequence_ahead for row in earlier) + 1
    own = next((row for row in earlier if _is_same(row, invitee)), None)
    link_id = own.link_id if own is not None else invitee.link_id
    if own is not None:
        _hand_over(own, invitee)
    _write(invitee.attendee_id, link_id=link_id, sequence_ahead=ahead)
    return replace(invitee, told_at=last, sequence_ahead=ahead, link_id=link_id)


def _is_same(row: Attendee, invitee: Invitee) -> bool:
    """Whether it is the same person: several may share the mailbox of an office."""
    return (row.name_zh, row.name_en) == (invitee.name_zh, invitee.name_en)


def _hand_over(row: Attendee, invitee: Invitee) -> None:
    """The earlier row gives its link away, and nothing opens it any more."""
    _write(row.id, link_id=new_link_id(), link_revoked_at=row.link_revoked_at or now())


def _write(attendee_id: int, **values: object) -> None:
    statement = update(Attendee).where(Attendee.id == attendee_id).values(**values, version=Attendee.version + 1)
    db.session.execute(statement.execution_options(synchronize_session="fetch"))
