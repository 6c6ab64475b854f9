"""Places at coming meetings whose post has passed to somebody else, or to nobody: the organizer is asked.

Whether somebody holds a post is asked for the meeting's own day: a change after it asks nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased, joinedload

from eventsys.core.clock import now, to_local
from eventsys.core.language import choose
from eventsys.directory.models import Appointment, Organization, Person, Post
from eventsys.directory.words import office_today
from eventsys.extensions import db
from eventsys.invitations import facts
from eventsys.invitations.models import Attendee, Place, Reply
from eventsys.meetings.models import Meeting, MeetingState
from eventsys.succession.models import PlaceDecision

STATES = (MeetingState.DRAFT, MeetingState.SCHEDULED)
Paths = tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Answered:
    """Somebody on the place, with their answer; `last_day` is their last on the post, None when they never held it."""

    attendee_id: int
    person_id: int | None
    name: str
    reply: Reply
    told: bool
    version: int
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class NewHolder:
    """Who holds the post on the meeting's day."""

    person_id: int
    name: str
    has_address: bool
    starts_on: date
    is_expected: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One place: who left its post, who answered instead of them, and who holds the post now.

    `left` is None where nobody is on the place and a holder has come since; `present` is who is on it now (the one who
    left, or their substitute).
    """

    place_id: int
    post_id: int
    meeting_id: int
    meeting: str
    state: MeetingState
    starts_at: datetime
    zone: str
    organization: str
    post: str
    liaisons_told: bool
    left: Answered | None
    present: Answered | None
    holders: tuple[NewHolder, ...]

    @property
    def about(self) -> str:
        """What the question is about; a decision holds until this changes."""
        return about(self.left.attendee_id if self.left else 0, self.holders)

    @property
    def mark(self) -> str:
        """What somebody saw when they decided."""
        people = [(each.attendee_id, each.version) for each in (self.left, self.present) if each]
        return facts.mark(self.about, people, [each.is_expected for each in self.holders])

    @property
    def people(self) -> list[Answered]:
        """Who is on the place or was and handed it on, the first one first."""
        return list({each.attendee_id: each for each in (self.left, self.present) if each}.values())

    @property
    def anybody_knows(self) -> bool:
        """Whether somebody was told of the place: then whoever comes to it is told as well."""
        told = self.liaisons_told or any(each.told for each in self.people)
        return told and self.state is MeetingState.SCHEDULED


def about(attendee_id: int, holders: Iterable[NewHolder]) -> str:
    return facts.mark(attendee_id, sorted(each.person_id for each in holders))


def questions(paths: Paths) -> list[Question]:
    """What waits for the organizers of these tree paths (None: all), the next meeting first; one query."""
    return _questions(_rows(paths))


def question_of(place_id: int) -> Question | None:
    """The question of one place, None when there is none (any more)."""
    return next(iter(_questions(_rows(None, place_id))), None)


def find_place(place_id: int) -> Place | None:
    """A place with its meeting and the convening organization, None when it does not exist."""
    statement = select(Place).where(Place.id == place_id)
    loaded = statement.options(joinedload(Place.meeting).joinedload(Meeting.convener))
    return db.session.scalars(loaded).one_or_none() if place_id < 2**31 else None


def may_wait(day: Any) -> ColumnElement[bool]:
    """The condition that a place at a meeting to come may ask something: who is on it has left its post, or nobody is
    on it and somebody holds the post. Whether it does, the days of the appointments tell."""
    theirs = and_(Appointment.post_id == Place.post_id, Appointment.person_id == Attendee.person_id)
    has_left = exists().where(theirs, Appointment.ends_on.is_not(None))
    still_holds = exists().where(theirs, Appointment.ends_on.is_(None), Appointment.starts_on <= day)
    here = exists().where(Attendee.place_id == Place.id)
    lasts = or_(Appointment.ends_on.is_(None), Appointment.ends_on >= day)
    return and_(
        Place.withdrawn_at.is_(None),
        Place.post_id.is_not(None),
        Meeting.state.in_(STATES),
        or_(
            here.where(_counts(Attendee), has_left, ~still_holds),
            and_(~here.where(Attendee.is_current), exists().where(Appointment.post_id == Place.post_id, lasts)),
        ),
    )


def asks_at_meeting(day: Any) -> ColumnElement[bool]:
    """The condition that some place of the statement's meeting may ask something."""
    return exists().where(Place.meeting_id == Meeting.id, may_wait(day)).correlate(Meeting)


def _counts(attendee: Any) -> ColumnElement[bool]:
    """Whether an attendee is on the place, or handed it on and still knows of it."""
    handed_on = and_(attendee.reply == Reply.DELEGATED, attendee.link_revoked_at.is_(None))
    return or_(attendee.is_current, handed_on)


def _rows(paths: Paths, place_id: int | None = None) -> Sequence[Any]:
    """Each place that may ask something, with everybody ever on it and everybody ever appointed to its post."""
    convener, elsewhere = aliased(Organization), aliased(Attendee)
    is_expected = exists().where(
        elsewhere.meeting_id == Place.meeting_id, elsewhere.person_id == Person.id, elsewhere.is_current
    )
    statement = (
        select(
            *(Place, Meeting, Organization, Post, Attendee, Appointment, PlaceDecision.about),
            *(Person.name_zh, Person.name_en, Person.email, is_expected.label("is_expected")),
        )
        .join(Meeting, Meeting.id == Place.meeting_id)
        .join(convener, convener.id == Meeting.convener_id)
        .join(Post, Post.id == Place.post_id)
        .outerjoin(Organization, Organization.id == Place.organization_id)
        .outerjoin(Attendee, Attendee.place_id == Place.id)
        .outerjoin(Appointment, Appointment.post_id == Place.post_id)
        .outerjoin(Person, Person.id == Appointment.person_id)
        .outerjoin(PlaceDecision, PlaceDecision.place_id == Place.id)
        .where(Place.id.in_(_waiting(paths, place_id)))
        .order_by(Meeting.starts_at, Meeting.id, Place.position, Place.id, Attendee.id, Appointment.starts_on)
    )
    return db.session.execute(statement).all()


def _waiting(paths: Paths, place_id: int | None) -> Any:
    convener = aliased(Organization)
    found = (
        select(Place.id)
        .join(Meeting, Meeting.id == Place.meeting_id)
        .join(convener, convener.id == Meeting.convener_id)
        .where(Meeting.starts_at > now(), may_wait(office_today()))
    )
    if paths is not None:
        found = found.where(or_(*(convener.path.startswith(path, autoescape=True) for path in paths)))
    return found if place_id is None else found.where(Place.id == place_id)


def _questions(rows: Sequence[Any]) -> list[Question]:
    by_place: dict[int, list[Any]] = {}
    for row in rows:
        by_place.setdefault(row.Place.id, []).append(row)
    found = [(_question(of_place), of_place[0].about) for of_place in by_place.values()]
    return [question for question, decided in found if question is not None and question.about != decided]


def _question(rows: Sequence[Any]) -> Question | None:
    """The question of one place; None where its post has not passed on."""
    first = rows[0]
    place, meeting = first.Place, first.Meeting
    here = list({row.Attendee.id: row.Attendee for row in rows if row.Attendee}.values())
    of_post = {row.Appointment.id: row for row in rows if row.Appointment}.values()
    day = to_local(meeting.starts_at, meeting.zone).date()
    before = [row for row in of_post if row.Appointment.starts_on <= day]
    holding = [row for row in before if row.Appointment.ends_on is None or row.Appointment.ends_on >= day]
    present = next((each for each in here if each.is_current), None)
    left = _left(here, before, {row.Appointment.person_id for row in holding})
    holders = _holders(holding)
    if left is None:
        holders = () if present is not None else _new_ones(holders, here)
    if left is None and not holders:
        return None
    return Question(
        place_id=place.id,
        post_id=place.post_id,
        meeting_id=meeting.id,
        meeting=meeting.title(),
        state=meeting.state,
        starts_at=meeting.starts_at,
        zone=meeting.zone,
        organization=first.Organization.name() if first.Organization else "",
        post=first.Post.title(),
        liaisons_told=place.told_at is not None,
        left=left,
        present=_answered(present) if present is not None else None,
        holders=holders,
    )


def _left(here: Sequence[Attendee], before: Sequence[Any], holding: set[int]) -> Answered | None:
    """Who is on the place, or handed it on, held the post before the meeting's day and does not hold it then.

    None where whoever is on the place now holds it.
    """
    if any(each.is_current and each.person_id in holding for each in here):
        return None
    for each in here:
        on_it = each.is_current or (each.reply is Reply.DELEGATED and each.link_revoked_at is None)
        days = [row.Appointment.ends_on for row in before if row.Appointment.person_id == each.person_id]
        if on_it and days and each.person_id not in holding:
            return _answered(each, max(days))
    return None


def _answered(row: Attendee, last_day: date | None = None) -> Answered:
    return Answered(row.id, row.person_id, row.name(), row.reply, row.told_at is not None, row.version, last_day)


def _holders(rows: Sequence[Any]) -> tuple[NewHolder, ...]:
    return tuple(
        NewHolder(
            row.Appointment.person_id,
            choose(row.name_zh, row.name_en),
            bool(row.email),
            row.Appointment.starts_on,
            row.is_expected,
        )
        for row in {row.Appointment.person_id: row for row in rows}.values()
    )


def _new_ones(holders: Sequence[NewHolder], here: Sequence[Attendee]) -> tuple[NewHolder, ...]:
    """Of a place that nobody is on: holders who never were, and could come."""
    known = {each.person_id for each in here}
    return tuple(each for each in holders if each.person_id not in known and not each.is_expected)
