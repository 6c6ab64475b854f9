"""One place's story: who was on it, what they were told, what they answered, who decided what."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, or_, select
from sqlalchemy.orm import joinedload

from eventsys.core.actor import Channel
from eventsys.core.clock import today
from eventsys.core.language import choose
from eventsys.core.outbox import Letter, LetterState
from eventsys.directory.models import Appointment, Person, Post
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Place, ReplyEvent
from eventsys.meetings.models import Meeting

PEOPLE_OFFERED = 500


@dataclass(frozen=True, slots=True)
class AttendeePage:
    """An attendee with place and meeting; `people` is everybody ever put on the place, the first one first."""

    attendee: Attendee
    place: Place
    meeting: Meeting
    people: tuple[Attendee, ...]

    @property
    def id(self) -> int:
        return self.attendee.id


@dataclass(frozen=True, slots=True)
class PlacePage:
    """A place that is to be named."""

    place: Place
    meeting: Meeting

    @property
    def id(self) -> int:
        return self.place.id


Page = AttendeePage | PlacePage


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the story: an answer (`act`) or a letter (`letter`, its state and language)."""

    at: datetime
    attendee_id: int
    who: str
    act: str = ""
    by: str = ""
    channel: Channel | None = None
    source: str = ""
    caller: str = ""
    comment: str = ""
    letter: str = ""
    letter_state: LetterState | None = None
    letter_id: int | None = None
    next_try: datetime | None = None
    letter_language: str = ""
    reason: str = ""


def find_attendee(meeting_id: int, attendee_id: int) -> AttendeePage | None:
    """An attendee of this very meeting."""
    place_id = select(Attendee.place_id).where(Attendee.id == attendee_id, Attendee.meeting_id == meeting_id)
    people = _people_on(Attendee.place_id == place_id.scalar_subquery())
    return next((AttendeePage(row, row.place, row.meeting, people) for row in people if row.id == attendee_id), None)


def find_on_place(meeting_id: int, place_id: int) -> Page | None:
    """A place of this very meeting by whoever is on it, else by whoever was the last; alone where nobody ever was."""
    people = _people_on(Attendee.place_id == place_id, Attendee.meeting_id == meeting_id)
    if not people:
        return find_place(meeting_id, place_id)
    row = next((each for each in people if each.is_current), people[-1])
    return AttendeePage(row, row.place, row.meeting, people)


def _people_on(*conditions: ColumnElement[bool]) -> tuple[Attendee, ...]:
    statement = (
        select(Attendee)
        .where(*conditions)
        .options(
            joinedload(Attendee.place).options(joinedload(Place.organization), joinedload(Place.post)),
            joinedload(Attendee.meeting).joinedload(Meeting.convener),
        )
        .order_by(Attendee.id)
    )
    return tuple(db.session.scalars(statement))


def find_place(meeting_id: int, place_id: int) -> PlacePage | None:
    """A place of this very meeting that is asked for."""
    statement = (
        select(Place)
        .where(Place.id == place_id, Place.meeting_id == meeting_id, Place.withdrawn_at.is_(None))
        .options(
            joinedload(Place.organization),
            joinedload(Place.post),
            joinedload(Place.meeting).joinedload(Meeting.convener),
        )
    )
    row = db.session.scalars(statement).one_or_none()
    return PlacePage(row, row.meeting) if row else None


def story(page: Page) -> list[Step]:
    """Everything that happened on the place, oldest first, in two queries; letters to the liaisons about it too."""
    people = page.people if isinstance(page, AttendeePage) else ()
    names = {row.id: row.name() or row.title() for row in people}
    events = db.session.scalars(select(ReplyEvent).where(ReplyEvent.attendee_id.in_(names)).order_by(ReplyEvent.id))
    letters = db.session.execute(
        select(
            Letter.id,
            Letter.kind,
            Letter.state,
            Letter.due_at,
            Letter.language,
            Letter.sent_at,
            Letter.queued_at,
            Letter.attendee_id,
            Letter.reason,
            Letter.recipient,
            case((Letter.attendee_id.is_(None), Letter.facts)).label("facts"),
        )
        .where(
            Letter.state != LetterState.SUPERSEDED,
            or_(Letter.attendee_id.in_(names), _is_to_liaisons(page)),
        )
        .order_by(Letter.id)
    )
    steps = [
        Step(
            row.sent_at or row.queued_at,
            row.attendee_id or 0,
            names.get(row.attendee_id) or row.recipient,
            letter=row.kind,
            letter_id=row.id,
            next_try=row.due_at if row.state is LetterState.DEFERRED else None,
            letter_state=row.state,
            letter_language=row.language,
            reason=row.reason,
        )
        for row in letters
        if row.attendee_id or _is_about(row.facts, page.place.id, names)
    ]
    steps += [
        Step(
            event.at,
            event.attendee_id,
            names[event.attendee_id],
            act=event.act,
            by=event.by,
            channel=event.channel,
            source=event.source,
            caller=event.caller,
            comment=event.comment,
        )
        for event in events
    ]
    return sorted(steps, key=lambda step: step.at)


def _is_to_liaisons(page: Page) -> ColumnElement[bool]:
    if page.place.organization_id is None:
        return false()
    return and_(
        Letter.meeting_id == page.meeting.id,
        Letter.organization_id == page.place.organization_id,
        Letter.attendee_id.is_(None),
    )


def _is_about(facts: Mapping[str, Any] | None, place_id: int, people: Collection[int]) -> bool:
    """Whether a letter to the organization's liaisons speaks of this place or of somebody who was on it."""
    said = facts or {}
    return place_id in {place[0] for place in said.get("places", ())} or bool(
        {said.get("attendee"), *said.get("attendees", ())} & set(people)
    )


def people_of(organization_ids: Collection[int | None], zone: str) -> dict[int | None, list[tuple[int, str]]]:
    """Whom each organization can name: its people of today with their posts, for a select; one query."""
    ids = [organization_id for organization_id in organization_ids if organization_id is not None]
    if not ids:
        return {}
    on = today(zone)
    rows = db.session.execute(
        select(Post.organization_id, Person.id, Person.name_zh, Person.name_en, Post.title_zh, Post.title_en)
        .join(Appointment, Appointment.person_id == Person.id)
        .join(Post, Post.id == Appointment.post_id)
        .where(
            Post.organization_id.in_(ids),
            Appointment.starts_on <= on,
            (Appointment.ends_on.is_(None)) | (Appointment.ends_on >= on),
        )
        .order_by(Post.position, Person.sort_key, Person.id)
        .limit(PEOPLE_OFFERED)
    )
    found: dict[int | None, dict[int, str]] = {}
    for row in rows:
        name, title = choose(row.name_zh, row.name_en), choose(row.title_zh, row.title_en)
        found.setdefault(row.organization_id, {}).setdefault(row.id, choose(f"{name}（{title}）", f"{name}, {title}"))
    return {organization_id: list(people.items()) for organization_id, people in found.items()}
