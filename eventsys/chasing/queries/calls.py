"""Whom to call on the last day: who has not answered, by organization, with every number that may help."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Integer, and_, bindparam, func, or_, select
from sqlalchemy.orm import joinedload

from eventsys.accounts.queries import liaisons_of
from eventsys.chasing.models import PhoneCall
from eventsys.chasing.queries.waiting import FURTHER, IS_SILENT, Got, reminders
from eventsys.core import reading
from eventsys.core.language import choose
from eventsys.directory.models import Organization, Person, Post
from eventsys.extensions import db
from eventsys.invitations.deadlines import closes_at
from eventsys.invitations.models import Ask, Attendee, Place
from eventsys.invitations.queries.shapes import NEED_NOT_ANSWER
from eventsys.meetings.models import Meeting


@dataclass(frozen=True, slots=True)
class Said:
    """A call that was made: when, to whom, what was said, and who called."""

    at: datetime
    whom: str
    said: str
    by: str


@dataclass(frozen=True, slots=True)
class ToCall:
    """One place without an answer; `attendee_id` is None while it is to be named. `got` are its reader's reminders."""

    place_id: int
    attendee_id: int | None
    title: str
    name: str
    phone: str
    got: Got
    calls: tuple[Said, ...]
    deadline: datetime


@dataclass(slots=True)
class Office:
    """An organization with its number, its liaisons as name and number, and its places without an answer."""

    organization_id: int
    name: str
    phone: str
    liaisons: list[tuple[str, str]] = field(default_factory=list)
    places: list[ToCall] = field(default_factory=list)


_MEETING = bindparam("meeting_id", type_=Integer)
_TO_CALL = (
    select(
        Place.id,
        Attendee.id,
        func.coalesce(Organization.id, 0).label("office_id"),
        Organization.path,
        func.coalesce(Organization.name_zh, "").label("office_zh"),
        func.coalesce(Organization.name_en, "").label("office_en"),
        func.coalesce(Organization.phone, "").label("office_phone"),
        func.coalesce(func.nullif(Attendee.title_zh, ""), Post.title_zh, "").label("title_zh"),
        func.coalesce(func.nullif(Attendee.title_en, ""), Post.title_en, "").label("title_en"),
        func.coalesce(Attendee.name_zh, "").label("name_zh"),
        func.coalesce(Attendee.name_en, "").label("name_en"),
        func.coalesce(func.nullif(Attendee.phone, ""), Person.phone, "").label("phone"),
        Ask.reply_by,
    )
    .outerjoin(Attendee, and_(Attendee.place_id == Place.id, Attendee.is_current))
    .outerjoin(Person, Person.id == Attendee.person_id)
    .outerjoin(Post, Post.id == Place.post_id)
    .outerjoin(Organization, Organization.id == Place.organization_id)
    .outerjoin(Ask, and_(Ask.meeting_id == Place.meeting_id, Ask.organization_id == Place.organization_id))
    .where(
        Place.meeting_id == _MEETING,
        Place.withdrawn_at.is_(None),
        or_(
            IS_SILENT,
            and_(Attendee.id.is_(None), Place.told_at.is_not(None), Place.role.not_in(NEED_NOT_ANSWER)),
        ),
    )
    .order_by(Organization.position, Organization.sort_key, Organization.id, Place.position, Place.id)
)
_CALLS = (
    select(PhoneCall.place_id, PhoneCall.at, PhoneCall.whom, PhoneCall.said, PhoneCall.by)
    .where(PhoneCall.meeting_id == _MEETING)
    .order_by(PhoneCall.at, PhoneCall.id)
)


def to_call(meeting: Meeting) -> list[Office]:
    """Everybody without an answer, by organization in the directory's order; four queries."""
    rows = reading.rows(_TO_CALL, meeting_id=meeting.id)
    got, calls = reminders(meeting.id), calls_of(meeting.id)
    people = liaisons_of({row.office_id: row.path for row in rows if row.path})
    offices: dict[int, Office] = {}
    for row in rows:
        office = offices.get(row.office_id)
        if office is None:
            numbers = [(who.name(), who.phone) for who in people.get(row.office_id, ())]
            office = Office(row.office_id, choose(row.office_zh, row.office_en), row.office_phone, numbers)
            offices[row.office_id] = office
        title = choose(row.title_zh, row.title_en) or (choose(*FURTHER) if row[1] is None else "")
        mine = got.people.get(row[1], Got()) if row[1] else got.of_organization(row.office_id)
        office.places.append(
            ToCall(
                place_id=row[0],
                attendee_id=row[1],
                title=title,
                name=choose(row.name_zh, row.name_en),
                phone=row.phone,
                got=mine,
                calls=tuple(calls.get(row[0], ())),
                deadline=closes_at(meeting, row.reply_by),
            )
        )
    return list(offices.values())


def calls_of(meeting_id: int) -> dict[int, list[Said]]:
    """The calls that were noted, by place, the oldest first; one query."""
    found: dict[int, list[Said]] = {}
    for place_id, *said in reading.rows(_CALLS, meeting_id=meeting_id):
        found.setdefault(place_id, []).append(Said(*said))
    return found


def find_place(meeting_id: int, place_id: int) -> Place | None:
    """A place of this very meeting that is asked for, with its meeting."""
    statement = (
        select(Place)
        .where(Place.id == place_id, Place.meeting_id == meeting_id, Place.withdrawn_at.is_(None))
        .options(
            joinedload(Place.organization),
            joinedload(Place.post),
            joinedload(Place.meeting).joinedload(Meeting.convener),
        )
    )
    return db.session.scalars(statement).one_or_none()


def holder_of(place: Place) -> Attendee | None:
    """Who is on the place now."""
    statement = select(Attendee).where(Attendee.place_id == place.id, Attendee.is_current)
    return db.session.scalars(statement).one_or_none()
