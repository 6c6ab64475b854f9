"""What an attendee's marks at the door and answer add up to. Pure; nobody is absent before the roll is closed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from eventsys.attendance.models import DoorAct
from eventsys.invitations.models import Leave, PlaceRole, Reply

GRACE = timedelta(minutes=5)
MUST_COME = frozenset({PlaceRole.CHAIR, PlaceRole.REQUIRED})


class RollState(StrEnum):
    """The state of one attendee at one meeting, derived and never typed in."""

    HERE = "here"
    LATE = "late"
    LEFT = "left"
    REPRESENTED = "represented"
    EXPECTED = "expected"
    UNKNOWN = "unknown"
    EXCUSED = "excused"
    DECLINED = "declined"
    ABSENT = "absent"


PRESENT = frozenset({RollState.HERE, RollState.LATE, RollState.LEFT, RollState.REPRESENTED})
AWAITED = PRESENT | {RollState.EXPECTED}


@dataclass(frozen=True, slots=True)
class Mark:
    """One recorded act."""

    act: DoorAct
    at: datetime
    represented_by: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an attendee stands at the door: what is left of their marks once the undone ones are taken back."""

    arrived_at: datetime | None = None
    left_at: datetime | None = None
    represented_by: str = ""


def standing(marks: Iterable[Mark]) -> Standing:
    """The marks in the order they were recorded; each `undone` takes back the last one that still counts."""
    kept: list[Mark] = []
    for mark in marks:
        if mark.act is not DoorAct.UNDONE:
            kept.append(mark)
        elif kept:
            kept.pop()
    arrived = next((mark.at for mark in kept if mark.act is DoorAct.ARRIVED), None)
    last = kept[-1] if kept else None
    represented = next((mark for mark in reversed(kept) if mark.act is DoorAct.REPRESENTED), None)
    return Standing(
        arrived_at=arrived or (represented.at if represented else None),
        left_at=last.at if last and last.act is DoorAct.LEFT else None,
        represented_by=represented.represented_by if represented else "",
    )


@dataclass(frozen=True, slots=True)
class Answered:
    """What the roll needs to know of an attendee beside the door."""

    reply: Reply
    leave: Leave
    role: PlaceRole
    asked_at: datetime
    walk_in: bool = False


def state_of(at_door: Standing, answer: Answered, starts_at: datetime, roll_closed_at: datetime | None) -> RollState:
    """The state. Excused, optional and later-joined attendees are never absent; unknown is a state of its own."""
    present = _present(at_door, starts_at)
    if present is not None:
        return present
    if answer.leave is Leave.GRANTED:
        return RollState.EXCUSED
    if roll_closed_at is not None and answer.role in MUST_COME and answer.asked_at <= roll_closed_at:
        return RollState.ABSENT
    if answer.reply is Reply.DECLINED:
        return RollState.DECLINED
    if answer.reply in {Reply.ACCEPTED, Reply.TENTATIVE} and roll_closed_at is None:
        return RollState.EXPECTED
    return RollState.UNKNOWN


def _present(at_door: Standing, starts_at: datetime) -> RollState | None:
    if at_door.represented_by:
        return RollState.REPRESENTED
    if at_door.left_at is not None:
        return RollState.LEFT
    if at_door.arrived_at is None:
        return None
    return RollState.LATE if at_door.arrived_at > starts_at + GRACE else RollState.HERE


def by_ten_minutes(arrivals: Sequence[datetime]) -> list[tuple[datetime, int]]:
    """How many arrived in each ten minutes, from the first to the last, empty ones included."""
    slots = [at.replace(minute=at.minute // 10 * 10, second=0, microsecond=0) for at in arrivals]
    if not slots:
        return []
    count = min(int((max(slots) - min(slots)) / timedelta(minutes=10)) + 1, 72)
    return [
        (slot, slots.count(slot)) for slot in (min(slots) + timedelta(minutes=10) * number for number in range(count))
    ]
