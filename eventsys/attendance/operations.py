"""The verbs of the door: mark, add a walk-in, close the roll, open it again. Every mark is kept, undone ones too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import select

from eventsys.attendance.models import DoorAct, DoorEvent
from eventsys.attendance.states import Mark, Standing, standing
from eventsys.core.actor import Actor
from eventsys.core.audit import record
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.formats import clock
from eventsys.core.language import gettext as _
from eventsys.core.tokens import new_link_id
from eventsys.core.transaction import locked
from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Place, PlaceRole, Reply
from eventsys.meetings.models import Meeting, MeetingState

OPEN = frozenset({MeetingState.SCHEDULED, MeetingState.IN_SESSION, MeetingState.CONCLUDED})


class Identified(Protocol):
    """Anything that carries the id of its row."""

    @property
    def id(self) -> int: ...


@dataclass(frozen=True, slots=True)
class WalkIn:
    """Who came without having been asked, as told at the door."""

    name: str
    title: str = ""
    organization_id: int | None = None
    phone: str = ""


def mark(
    meeting: Identified, attendee_id: int, act: DoorAct, *, key: str, by: Actor, represented_by: str = ""
) -> DoorEvent:
    """Record one act at the door; the same `key` again records nothing and returns what stands.

    Raises `DomainError` when the roll is closed, the attendee is not on it, or the act does not follow from the last
    one (leaving before arriving; arriving twice says since when they are in).
    """
    row = _open_roll(meeting)
    known = _known(key, row.id)
    if known is not None:
        return known
    attendee = db.session.get(Attendee, attendee_id)
    if attendee is None or attendee.meeting_id != row.id or not attendee.is_current:
        raise DomainError(_("This person is not on the roll any more. Search again."))
    _check(act, _standing(attendee_id), represented_by, row.zone)
    return _put_down(row, attendee, act, now(), key=key, by=by, represented_by=represented_by)


def add_walk_in(meeting: Identified, who: WalkIn, *, key: str, by: Actor) -> DoorEvent:
    """Put somebody who was not asked on the roll, as arrived. Raises `DomainError` when the roll is closed."""
    row = _open_roll(meeting)
    known = _known(key, row.id)
    if known is not None:
        return known
    if who.organization_id is not None and db.session.get(Organization, who.organization_id) is None:
        raise DomainError(_("Choose an organization of the directory"), field="organization_id")
    at = now()
    place = Place(
        meeting_id=row.id, organization_id=who.organization_id, role=PlaceRole.OBSERVER, walk_in=True, created_at=at
    )
    db.session.add(place)
    db.session.flush()
    attendee = Attendee(
        meeting_id=row.id,
        place_id=place.id,
        name_zh=who.name,
        title_zh=who.title,
        phone=who.phone,
        link_id=new_link_id(),
        link_revoked_at=at,
        reply=Reply.PENDING,
        created_at=at,
    )
    db.session.add(attendee)
    db.session.flush()
    return _put_down(row, attendee, DoorAct.ARRIVED, at, key=key, by=by)


def close_roll(meeting: Identified, *, by: Actor) -> Meeting:
    """From now on who must come and did not is absent.

    Raises `DomainError` before the meeting's start, or when the roll is closed already.
    """
    row = _open_roll(meeting)
    if now() < row.starts_at:
        raise DomainError(_("The roll can be closed once the meeting has begun."))
    row.roll_closed_at = now()
    record("roll.close", row, by=by, after={"roll_closed_at": row.roll_closed_at}, label=row.title(), meeting_id=row.id)
    return row


def reopen_roll(meeting: Identified, reason: str, *, by: Actor) -> Meeting:
    """Open a closed roll to correct it; the reason is logged. Raises `DomainError` without one, or when it is open."""
    row = locked(Meeting, meeting.id)
    if row.roll_closed_at is None:
        raise DomainError(_("The roll is open already."))
    if not reason:
        raise DomainError(_("Say why the roll is opened again"), field="reason")
    before = {"roll_closed_at": row.roll_closed_at}
    row.roll_closed_at = None
    record(
        "roll.reopen",
        row,
        by=by,
        before=before,
        after={"roll_closed_at": None, "reason": reason},
        label=row.title(),
        meeting_id=row.id,
    )
    return row


def _open_roll(meeting: Identified) -> Meeting:
    """The meeting, locked: two marks for one person come one after the other."""
    row = locked(Meeting, meeting.id)
    if row.roll_closed_at is not None:
        raise DomainError(_("The roll is closed. An organizer can open it again."))
    if row.state not in OPEN:
        raise DomainError(_("This meeting has no roll: it is not scheduled, or it was cancelled."))
    return row


def _known(key: str, meeting_id: int) -> DoorEvent | None:
    event = db.session.scalars(select(DoorEvent).where(DoorEvent.key == key)).one_or_none()
    if event is not None and event.meeting_id != meeting_id:
        raise DomainError(_("This page is out of date. Load it again."))
    return event


def _standing(attendee_id: int) -> Standing:
    events = db.session.scalars(select(DoorEvent).where(DoorEvent.attendee_id == attendee_id).order_by(DoorEvent.id))
    return standing(Mark(event.act, event.at, event.represented_by) for event in events)


def _check(act: DoorAct, at_door: Standing, represented_by: str, zone: str) -> None:
    inside = at_door.arrived_at is not None and at_door.left_at is None
    if act in {DoorAct.ARRIVED, DoorAct.REPRESENTED} and inside and at_door.arrived_at is not None:
        raise DomainError(_("Already here since %(time)s.", time=clock(at_door.arrived_at, zone)))
    if act is DoorAct.LEFT and not inside:
        raise DomainError(_("Only somebody who is here can leave."))
    if act is DoorAct.UNDONE and at_door == Standing():
        raise DomainError(_("There is nothing to undo."))
    if act is DoorAct.REPRESENTED and not represented_by:
        raise DomainError(_("Enter who came instead"), field="represented_by")


def _put_down(
    meeting: Meeting, attendee: Attendee, act: DoorAct, at: datetime, *, key: str, by: Actor, represented_by: str = ""
) -> DoorEvent:
    event = DoorEvent(
        key=key,
        meeting_id=meeting.id,
        attendee_id=attendee.id,
        act=act,
        at=at,
        recorded_at=now(),
        by=by.label,
        account_id=by.account_id,
        represented_by=represented_by,
    )
    db.session.add(event)
    db.session.flush()
    record(
        f"door.{act.value}",
        event,
        by=by,
        after={"attendee_id": attendee.id, "at": at, "represented_by": represented_by},
        label=attendee.title() or attendee.name(),
        meeting_id=meeting.id,
    )
    return event
