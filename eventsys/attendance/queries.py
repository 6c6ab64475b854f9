"""The roll: one question behind the door, the lists, the counts and the sign-in sheet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from eventsys.attendance.models import DoorEvent
from eventsys.attendance.states import Answered, Mark, RollState, Standing, standing, state_of
from eventsys.core.actor import Actor, Role
from eventsys.core.clock import now
from eventsys.core.language import choose
from eventsys.core.search_text import index_text, query_terms
from eventsys.directory.models import Organization, Post, PostKind
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Place, PlaceRole
from eventsys.meetings.models import Meeting, MeetingState

Original = aliased(Attendee)
FOUND_AT_DOOR = 20


@dataclass(frozen=True, slots=True)
class RollRow:
    """One current attendee on a place that is asked for, or a walk-in."""

    attendee_id: int
    place_id: int
    organization_id: int | None
    organization: str
    title: str
    name: str
    phone: str
    role: PlaceRole
    walk_in: bool
    stands_in_for: str
    state: RollState
    at_door: Standing


@dataclass(frozen=True, slots=True)
class OrganizationRoll:
    """One organization's numbers by state."""

    organization_id: int | None
    name: str
    numbers: Counter[RollState] = field(default_factory=Counter)

    def squares(self, shapes: Mapping[RollState, str]) -> list[tuple[str, int]]:
        """The numbers as squares of a picture, in the order of the shapes."""
        return [(shape, self.numbers[state]) for state, shape in shapes.items() if self.numbers[state]]


@dataclass(frozen=True, slots=True)
class Door:
    """A meeting at whose door the actor may stand."""

    id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    venue: str


def roll(meeting: Meeting) -> list[RollRow]:
    """Everybody on the roll in the directory's order, from two queries."""
    return [row for row, _columns in roll_in_full(meeting)]


def roll_in_full(meeting: Meeting) -> list[tuple[RollRow, Any]]:
    """The roll, each row beside its columns (`_attendees`) with the words of both languages; from the same queries."""
    marks = _marks(meeting.id)
    rows = db.session.execute(_attendees(meeting.id))
    return [(_roll_row(row, marks.get(row.id, ()), meeting), row) for row in rows]


def roll_row(meeting: Meeting, attendee_id: int) -> RollRow | None:
    """One attendee of the roll."""
    row = db.session.execute(_attendees(meeting.id).where(Attendee.id == attendee_id)).one_or_none()
    return _roll_row(row, _marks(meeting.id, attendee_id).get(attendee_id, ()), meeting) if row else None


def numbers(rows: Iterable[RollRow]) -> Counter[RollState]:
    """How many are in each state."""
    return Counter(row.state for row in rows)


def by_organization(rows: Iterable[RollRow]) -> list[OrganizationRoll]:
    """The numbers of each organization, in the order of the roll."""
    found: dict[int | None, OrganizationRoll] = {}
    for row in rows:
        entry = found.setdefault(row.organization_id, OrganizationRoll(row.organization_id, row.organization))
        entry.numbers[row.state] += 1
    return list(found.values())


def found_by(rows: Iterable[RollRow], asked: str) -> list[RollRow]:
    """Those whose organization, post or name holds every term; at most twenty, and none without a term."""
    terms = [f" {term}" for term in query_terms(asked)]
    if not terms:
        return []
    matching = (row for row in rows if all(term in _words(row) for term in terms))
    return [row for row, _number in zip(matching, range(FOUND_AT_DOOR), strict=False)]


def last_arrivals(rows: Iterable[RollRow], limit: int = 8) -> list[RollRow]:
    """Who came last, the latest first."""
    arrived = [row for row in rows if row.at_door.arrived_at is not None]
    return sorted(arrived, key=lambda row: (row.at_door.arrived_at or now(), row.attendee_id), reverse=True)[:limit]


def doors(actor: Actor) -> list[Door]:
    """Meetings of today and the coming ones, and those just past whose roll is open, at whose door the actor stands."""
    ids = [held.meeting_id for held in actor.held if held.role is Role.CHECK_IN and held.meeting_id]
    paths = [Organization.path.startswith(path, autoescape=True) for path in actor.paths(Role.ORGANIZER)]
    statement = (
        select(Meeting)
        .join(Organization, Organization.id == Meeting.convener_id)
        .where(
            or_(Meeting.id.in_(ids), *paths),
            Meeting.state.in_((MeetingState.SCHEDULED, MeetingState.IN_SESSION)),
            Meeting.roll_closed_at.is_(None),
            Meeting.ends_at > now() - timedelta(days=7),
        )
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(30)
    )
    return [
        Door(row.id, row.title(), row.starts_at, row.ends_at, row.zone, row.venue())
        for row in db.session.scalars(statement)
    ]


def _words(row: RollRow) -> str:
    return index_text(names=(row.organization, row.title, row.name, row.stands_in_for))


def _attendees(meeting_id: int) -> Any:
    return (
        select(
            Attendee.id,
            Attendee.place_id,
            Attendee.person_id,
            Attendee.name_zh,
            Attendee.name_en,
            Attendee.title_zh,
            Attendee.title_en,
            Attendee.phone,
            Attendee.reply,
            Attendee.leave,
            Attendee.created_at,
            Place.role,
            Place.walk_in,
            Place.organization_id,
            Organization.name_zh.label("organization_zh"),
            Organization.name_en.label("organization_en"),
            Organization.short_zh,
            Organization.short_en,
            Original.title_zh.label("original_zh"),
            Original.title_en.label("original_en"),
        )
        .join(Place, Place.id == Attendee.place_id)
        .outerjoin(Organization, Organization.id == Place.organization_id)
        .outerjoin(Post, Post.id == Place.post_id)
        .outerjoin(PostKind, PostKind.id == Post.kind_id)
        .outerjoin(Original, Original.id == Attendee.stands_in_for_id)
        .where(Attendee.meeting_id == meeting_id, Attendee.is_current, Place.withdrawn_at.is_(None))
        .order_by(
            Organization.id.is_(None),
            Organization.position,
            Organization.sort_key,
            PostKind.position,
            Place.position,
            Place.id,
        )
    )


def _marks(meeting_id: int, attendee_id: int | None = None) -> dict[int, list[Mark]]:
    statement = (
        select(DoorEvent.attendee_id, DoorEvent.act, DoorEvent.at, DoorEvent.represented_by)
        .where(DoorEvent.meeting_id == meeting_id)
        .order_by(DoorEvent.id)
    )
    if attendee_id is not None:
        statement = statement.where(DoorEvent.attendee_id == attendee_id)
    found: dict[int, list[Mark]] = defaultdict(list)
    for row in db.session.execute(statement):
        found[row.attendee_id].append(Mark(row.act, row.at, row.represented_by))
    return found


def _roll_row(row: Any, marks: Iterable[Mark], meeting: Meeting) -> RollRow:
    at_door = standing(marks)
    answer = Answered(row.reply, row.leave, row.role, row.created_at, row.walk_in)
    return RollRow(
        row.id,
        row.place_id,
        row.organization_id,
        choose(row.short_zh or row.organization_zh, row.short_en or row.organization_en),
        choose(row.title_zh, row.title_en),
        choose(row.name_zh, row.name_en),
        row.phone,
        row.role,
        row.walk_in,
        choose(row.original_zh, row.original_en),
        state_of(at_door, answer, meeting.starts_at, meeting.roll_closed_at),
        at_door,
    )
