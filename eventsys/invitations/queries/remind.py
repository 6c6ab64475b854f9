"""Who has been told and has not answered."""

from __future__ import annotations

from sqlalchemy import and_

from eventsys.invitations.facts import Invitee
from eventsys.invitations.models import Attendee, Place, Reply
from eventsys.invitations.queries.send import invitees
from eventsys.invitations.queries.shapes import NEED_NOT_ANSWER
from eventsys.meetings.models import Meeting

IS_SILENT = and_(
    Attendee.is_current,
    Attendee.told_at.is_not(None),
    Attendee.reply == Reply.PENDING,
    Place.role.not_in(NEED_NOT_ANSWER),
    Place.walk_in.is_(False),
)


def silent(meeting: Meeting) -> list[Invitee]:
    """Those told who owe an answer; optional and observing places owe none."""
    return invitees(meeting, IS_SILENT)
