"""Who cannot be meant: expected in two meetings at once, a substitute with a place already, a post that is left.

Two queries whatever the number of places: the meetings held at the same time, then the places that conflict. People are
matched by id; somebody entered in words only by their name together with their own address or telephone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Date,
    Executable,
    Row,
    and_,
    bindparam,
    case,
    false,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from eventsys.core import reading
from eventsys.core.clock import to_local
from eventsys.core.columns import UtcDateTime
from eventsys.core.language import choose
from eventsys.directory.models import Appointment, Organization, Post
from eventsys.invitations.models import Attendee, Place, Reply
from eventsys.invitations.queries import replies
from eventsys.meetings.facts import LONGEST
from eventsys.meetings.models import Meeting, MeetingState

OPEN = (MeetingState.SCHEDULED, MeetingState.IN_SESSION)
MATTERS = (MeetingState.DRAFT, *OPEN)
EXPECTED = (Reply.PENDING, Reply.ACCEPTED, Reply.TENTATIVE)
Convener, Other, Its = aliased(Organization), aliased(Attendee), aliased(Place)


class ConflictKind(StrEnum):
    """What is wrong with a place."""

    ELSEWHERE = "elsewhere"
    TWICE = "twice"
    LEFT = "left"
    NOT_YET = "not_yet"
    ABOLISHED = "abolished"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class OtherMeeting:
    """A meeting held at the same time, and where its convening organization stands in the tree."""

    id: int
    title_zh: str
    title_en: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    path: str

    def title(self) -> str:
        return choose(self.title_zh, self.title_en)


@dataclass(frozen=True, slots=True)
class Conflict:
    """What is wrong with a place; `other` is the meeting at which its attendee is expected too."""

    kind: ConflictKind
    other: OtherMeeting | None = None


@dataclass(frozen=True, slots=True)
class Conflicts:
    """The conflicts of a meeting's places: by place, and of each cell (organization, column, state) the places."""

    by_place: Mapping[int, tuple[Conflict, ...]]
    by_cell: Mapping[tuple[int | None, int, str], frozenset[int]]

    @property
    def places(self) -> frozenset[int]:
        return frozenset(self.by_place)


def conflicts(meeting: Meeting) -> Conflicts:
    """The conflicts of a meeting that is still to come or in session; a past or cancelled one has none."""
    if meeting.state not in MATTERS:
        return Conflicts({}, {})
    others = {row.id: OtherMeeting(*row) for row in reading.rows(AT_THAT_TIME, **window(meeting))}
    found = reading.rows(
        _conflicts(),
        meeting_id=meeting.id,
        day=to_local(meeting.starts_at, meeting.zone).date(),
        others=list(others),
        around=[meeting.id, *others],
    )
    return _gathered(found, others)


def window(meeting: Meeting) -> dict[str, Any]:
    """The parameters of `AT_THAT_TIME`; `earliest` bounds the walk along the index, for no meeting is longer."""
    starts_at, ends_at = meeting.starts_at, meeting.ends_at
    return {"meeting_id": meeting.id, "starts_at": starts_at, "ends_at": ends_at, "earliest": starts_at - LONGEST}


AT_THAT_TIME = (
    select(
        *(Meeting.id, Meeting.title_zh, Meeting.title_en, Meeting.starts_at, Meeting.ends_at, Meeting.zone),
        Convener.path,
    )
    .join(Convener, Convener.id == Meeting.convener_id)
    .where(
        Meeting.id != replies.MEETING,
        Meeting.state.in_(OPEN),
        Meeting.starts_at > bindparam("earliest", type_=UtcDateTime),
        Meeting.starts_at < bindparam("ends_at", type_=UtcDateTime),
        Meeting.ends_at > bindparam("starts_at", type_=UtcDateTime),
    )
    .order_by(Meeting.starts_at, Meeting.id)
)
DAY = bindparam("day", type_=Date)
OTHERS: BindParameter[int] = bindparam("others", expanding=True)
AROUND: BindParameter[int] = bindparam("around", expanding=True)


@lru_cache(maxsize=1)
def _conflicts() -> Executable:
    return union_all(_elsewhere(), _in_words(), _out_of_office())


def _columns(kind: Any, other: Any) -> tuple[Any, ...]:
    return (
        Place.id.label("place_id"),
        Place.organization_id.label("organization_id"),
        replies.column_key().label("column_id"),
        replies.state_column(),
        kind.label("conflict"),
        other.label("other_id"),
    )


def _is_asked(place: Any = Place) -> Any:
    return and_(place.withdrawn_at.is_(None), place.walk_in.is_(false()))


def _is_expected(row: Any = Attendee) -> Any:
    return and_(row.is_current, row.reply.in_(EXPECTED))


def _elsewhere() -> Any:
    """The same person is expected at another meeting at that time; found from those meetings, which are few.

    The added nought keeps the databases from walking along all places of this meeting instead.
    """
    return (
        select(*_columns(literal(ConflictKind.ELSEWHERE.value), Other.meeting_id))
        .select_from(Other)
        .join(Its, Its.id == Other.place_id)
        .join(Attendee, and_(Attendee.meeting_id + 0 == replies.MEETING, Attendee.person_id == Other.person_id))
        .join(Place, Place.id == Attendee.place_id)
        .outerjoin(Post, Post.id == Place.post_id)
        .where(
            *(Other.meeting_id.in_(OTHERS), _is_expected(Other), Its.withdrawn_at.is_(None)),
            *(Attendee.person_id.is_not(None), _is_expected(), _is_asked()),
        )
    )


def _in_words() -> Any:
    """A substitute of whom only words are known has a place already, here or at a meeting at that time."""
    here = Other.meeting_id == Attendee.meeting_id
    return (
        select(
            *_columns(
                case((here, ConflictKind.TWICE.value), else_=ConflictKind.ELSEWHERE.value),
                case((here, null()), else_=Other.meeting_id),
            )
        )
        .select_from(Attendee)
        .join(Place, Place.id == Attendee.place_id)
        .join(Other, and_(Other.meeting_id.in_(AROUND), Other.id != Attendee.id))
        .join(Its, Its.id == Other.place_id)
        .outerjoin(Post, Post.id == Place.post_id)
        .where(
            *(Attendee.meeting_id == replies.MEETING, _is_expected(), _is_asked()),
            Attendee.stands_in_for_id.is_not(None),
            *(_is_expected(Other), Its.withdrawn_at.is_(None)),
            or_(Attendee.person_id.is_(None), Other.person_id.is_(None)),
            or_(_is_same(Attendee.name_zh, Other.name_zh), _is_same(Attendee.name_en, Other.name_en)),
            or_(
                _is_same(func.lower(Attendee.email), func.lower(Other.email)),
                _is_same(Attendee.phone, Other.phone),
            ),
        )
    )


def _is_same(one: Any, other: Any) -> Any:
    return and_(one != "", one == other)


def _out_of_office() -> Any:
    """The holder of the post has left it by the meeting's day or comes later; the post or organization is gone."""
    of_post = and_(Appointment.person_id == Attendee.person_id, Appointment.post_id == Place.post_id)
    held = select(Appointment.id).where(of_post)
    ended = held.where(Appointment.ends_on < DAY)
    on_day = held.where(Appointment.starts_on <= DAY, or_(Appointment.ends_on.is_(None), Appointment.ends_on >= DAY))
    is_holder = and_(Attendee.person_id.is_not(None), Attendee.stands_in_for_id.is_(None), Place.post_id.is_not(None))
    is_closed, is_abolished = Organization.closed_on <= DAY, Post.abolished_on <= DAY
    kind = case(
        (is_closed, ConflictKind.CLOSED.value),
        (is_abolished, ConflictKind.ABOLISHED.value),
        (ended.exists(), ConflictKind.LEFT.value),
        else_=ConflictKind.NOT_YET.value,
    )
    return (
        select(*_columns(kind, null()))
        .select_from(Place)
        .outerjoin(Attendee, and_(Attendee.place_id == Place.id, Attendee.is_current))
        .outerjoin(Organization, Organization.id == Place.organization_id)
        .outerjoin(Post, Post.id == Place.post_id)
        .where(
            Place.meeting_id == replies.MEETING,
            _is_asked(),
            or_(Attendee.id.is_(None), _is_expected()),
            or_(is_closed, is_abolished, and_(is_holder, ~on_day.exists(), held.exists())),
        )
    )


def _gathered(found: Any, others: Mapping[int, OtherMeeting]) -> Conflicts:
    by_place: dict[int, tuple[Conflict, ...]] = {}
    by_cell: dict[tuple[int | None, int, str], frozenset[int]] = {}
    for row in sorted(found, key=_order):
        conflict = Conflict(ConflictKind(row.conflict), others.get(row.other_id or 0))
        kept = by_place.get(row.place_id, ())
        by_place[row.place_id] = kept if conflict in kept else (*kept, conflict)
        cell = (row.organization_id, row.column_id, row.place_state)
        by_cell[cell] = by_cell.get(cell, frozenset()) | {row.place_id}
    return Conflicts(by_place, by_cell)


_KINDS = {kind.value: number for number, kind in enumerate(ConflictKind)}


def _order(row: Row[Any]) -> tuple[int, int, int]:
    return row.place_id, _KINDS[row.conflict], row.other_id or 0
