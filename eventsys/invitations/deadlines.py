"""Until when a place may be answered for, by which door, and whom to call after that."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from eventsys.core.actor import Channel
from eventsys.core.clock import now
from eventsys.core.language import gettext as _
from eventsys.meetings.models import Meeting, MeetingState

UNTIL_DEADLINE = frozenset({Channel.LINK, Channel.PORTAL, Channel.MAIL})
OPEN_STATES = frozenset({MeetingState.SCHEDULED, MeetingState.IN_SESSION})
STAFF_STATES = OPEN_STATES | {MeetingState.CONCLUDED}


class Dated(Protocol):
    """A meeting, or a row of its times."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def reply_by(self) -> datetime | None: ...


def closes_at(meeting: Dated, own: datetime | None = None) -> datetime:
    """Until when invitees and liaisons may answer: the deadline, else the start.

    `own` is the deadline of their organization alone (`Ask.reply_by`): it counts while it is the later one, and never
    beyond the start.
    """
    deadline = meeting.reply_by or meeting.starts_at
    return min(max(deadline, own), meeting.starts_at) if own is not None else deadline


def is_open(meeting: Meeting, channel: Channel, at: datetime | None = None, own: datetime | None = None) -> bool:
    """Whether an answer is taken: from invitees and liaisons until the deadline, from staff until the roll closes."""
    if channel in UNTIL_DEADLINE:
        return meeting.state in OPEN_STATES and (at or now()) < closes_at(meeting, own)
    return meeting.state in STAFF_STATES and meeting.roll_closed_at is None


def whom_to_call(meeting: Meeting) -> str:
    """Whom an invitee calls when the page can do no more for them."""
    reach = meeting.contact_phone or meeting.contact_email or meeting.convener.phone or meeting.convener.email
    name = meeting.contact_name or meeting.convener.name()
    if not reach:
        return _("Please tell %(name)s.", name=name)
    return _("Please call %(name)s: %(reach)s.", name=name, reach=reach)
