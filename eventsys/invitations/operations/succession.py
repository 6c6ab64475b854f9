"""Who is on a place now: a substitute steps down, and the place goes back to whom they stood in for."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from eventsys.core.actor import Actor, Channel
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import locked
from eventsys.extensions import db
from eventsys.invitations.deadlines import whom_to_call
from eventsys.invitations.models import Attendee, Leave, Reply
from eventsys.invitations.operations.place import (
    Answering,
    answer_of,
    current_attendee,
    put_down,
)
from eventsys.invitations.operations.tell import tell_return, tell_withdrawn

LONGEST_CHAIN = 3


def ancestors(attendee: Attendee) -> list[Attendee]:
    """For whom they stand in, the nearest first."""
    found: list[Attendee] = []
    above = attendee.stands_in_for_id
    while above is not None and len(found) <= LONGEST_CHAIN:
        row = db.session.get_one(Attendee, above)
        found.append(row)
        above = row.stands_in_for_id
    return found


def take_back(found: Answering, *, by: Actor, channel: Channel) -> Attendee | None:
    """Put an attendee back on the place: instead of their own substitute, whom it returns, or on one nobody holds.

    Raises `DomainError` when somebody else was named, or the person meanwhile holds another place at the meeting.
    """
    present = current_attendee(found.place)
    if present is not None:
        if found.attendee.id not in {row.id for row in ancestors(present)}:
            contact = whom_to_call(found.meeting)
            raise DomainError(_("Somebody else has been named for this place. %(contact)s", contact=contact))
        stand_down(found, present, by=by, channel=channel)
    if holds_another_place(found.attendee):
        raise DomainError(_("This person already has another place at the meeting."))
    found.attendee.is_current = True
    return present


def stand_down(found: Answering, present: Attendee, *, by: Actor, channel: Channel) -> None:
    """Take off the place whoever is on it, and everybody between them and the attendee who has it again."""
    chain = [present, *ancestors(present)]
    for row in chain[: [each.id for each in chain].index(found.attendee.id)]:
        step_down(replace(found, attendee=locked(Attendee, row.id)), by=by, channel=channel)


def step_down(found: Answering, *, by: Actor, channel: Channel, act: str = "stood_down") -> None:
    """Take an attendee off the place, close their link, and tell them; their answer and history stay."""
    before = answer_of(found.attendee)
    found.attendee.is_current = False
    found.attendee.link_revoked_at = now()
    put_down(act, found, before, by=by, channel=channel, comment="")
    tell_withdrawn(found.attendee, by=by)


def give_back(found: Answering, *, by: Actor, channel: Channel) -> None:
    """A substitute declined: the place goes back, unanswered, to whom they stood in for, who is told.

    Where that person meanwhile holds another place, this one is to be named.
    """
    original = locked(Attendee, found.attendee.stands_in_for_id or 0)
    found.attendee.is_current = False
    db.session.flush()
    if holds_another_place(original):
        return
    before = answer_of(original)
    original.is_current = True
    original.reply, original.leave, original.comment = Reply.PENDING, Leave.NONE, ""
    put_down("returned", replace(found, attendee=original), before, by=by, channel=channel)
    tell_return(original, found.attendee, by=by)


def holds_another_place(attendee: Attendee) -> bool:
    """Whether the person is current on another place of the same meeting."""
    if attendee.person_id is None:
        return False
    statement = select(Attendee.id).where(
        Attendee.meeting_id == attendee.meeting_id,
        Attendee.person_id == attendee.person_id,
        Attendee.is_current,
        Attendee.place_id != attendee.place_id,
    )
    return db.session.scalars(statement.limit(1)).first() is not None
