"""What the record of a meeting knows that a notice may tell: who came, what was on the agenda, who spoke."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from eventsys.agenda.models import AgendaItem, AgendaKind
from eventsys.attendance.queries import roll
from eventsys.attendance.states import PRESENT, RollState
from eventsys.core.clock import to_local
from eventsys.directory.models import Appointment, Organization, Person, Post
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, PlaceRole
from eventsys.meetings.models import Meeting

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Unit:
    """An organization by its full names; `short` are those that it is called by."""

    id: int
    name: Words
    short: Words


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody on the roll; `title` are the words of the post, without those of the organization."""

    attendee_id: int
    person_id: int | None
    organization_id: int | None
    state: RollState
    role: PlaceRole
    name: Words
    title: Words

    @property
    def is_present(self) -> bool:
        return self.state in PRESENT


@dataclass(frozen=True, slots=True)
class Item:
    """One agenda item. Its presenter is an organization, a person with a post, or a line of text."""

    id: int
    kind: AgendaKind
    title: Words
    organization_id: int | None
    person_id: int | None
    presenter: Words


@dataclass(frozen=True, slots=True)
class Record:
    """A meeting with everybody on its roll, in the roll's order, and its agenda, in its own.

    `posts` are the posts that presenters held on the day, for those who are not on the roll.
    """

    meeting: Meeting
    guests: Sequence[Guest]
    items: Sequence[Item]
    units: Mapping[int, Unit]
    posts: Mapping[int, tuple[int, Words, Words]]

    @property
    def present(self) -> list[Guest]:
        return [guest for guest in self.guests if guest.is_present]

    @property
    def present_units(self) -> list[int]:
        """The organizations of which somebody was present, in the order of the roll."""
        ids = (guest.organization_id for guest in self.present)
        return list(dict.fromkeys(each for each in ids if each is not None))

    @property
    def reporters(self) -> list[int]:
        """Organizations with a work report that were present, each once, in the order of the agenda."""
        here = set(self.present_units)
        ids = (item.organization_id for item in self.items if item.kind is AgendaKind.WORK_REPORT)
        return list(dict.fromkeys(each for each in ids if each in here))

    def unit_name(self, organization_id: int | None, language: str) -> str:
        """The full name, "" where there is none in this language."""
        unit = self.units.get(organization_id or 0)
        return unit.name[language] if unit else ""


def record_of(meeting: Meeting) -> Record:
    """Everything at once, in six queries at most."""
    guests = _guests(meeting)
    items = _items(meeting.id)
    posts = _posts(meeting, [item.person_id for item in items if item.person_id is not None])
    ids = {guest.organization_id for guest in guests} | {item.organization_id for item in items}
    return Record(meeting, guests, items, _units(ids | {post[0] for post in posts.values()}), posts)


def reporters(meeting: Meeting) -> list[str]:
    """The Chinese names of those who reported, in the order of the agenda."""
    record = record_of(meeting)
    return [record.unit_name(each, "zh") for each in record.reporters]


def _guests(meeting: Meeting) -> list[Guest]:
    rows = roll(meeting)
    columns = (
        Attendee.id,
        Attendee.person_id,
        Attendee.name_zh,
        Attendee.name_en,
        Attendee.title_zh,
        Attendee.title_en,
    )
    words = {row.id: row for row in db.session.execute(select(*columns).where(Attendee.meeting_id == meeting.id))}
    return [
        Guest(
            row.attendee_id,
            words[row.attendee_id].person_id,
            row.organization_id,
            row.state,
            row.role,
            _both(words[row.attendee_id], "name"),
            _both(words[row.attendee_id], "title"),
        )
        for row in rows
    ]


def _items(meeting_id: int) -> list[Item]:
    statement = (
        select(
            AgendaItem.id,
            AgendaItem.kind,
            AgendaItem.title_zh,
            AgendaItem.title_en,
            AgendaItem.presenter_organization_id,
            AgendaItem.presenter_person_id,
            AgendaItem.presenter_zh,
            AgendaItem.presenter_en,
        )
        .where(AgendaItem.meeting_id == meeting_id)
        .order_by(AgendaItem.position, AgendaItem.id)
    )
    return [
        Item(
            row.id,
            row.kind,
            _both(row, "title"),
            row.presenter_organization_id,
            row.presenter_person_id,
            _both(row, "presenter"),
        )
        for row in db.session.execute(statement)
    ]


def _posts(meeting: Meeting, person_ids: Sequence[int]) -> dict[int, tuple[int, Words, Words]]:
    """By person the post held on the day of the meeting: its organization, its words, and the person's name."""
    if not person_ids:
        return {}
    day = to_local(meeting.starts_at, meeting.zone).date()
    statement = (
        select(Appointment.person_id, Post.organization_id, Post, Person)
        .join(Post, Post.id == Appointment.post_id)
        .join(Person, Person.id == Appointment.person_id)
        .where(Appointment.person_id.in_(person_ids), Appointment.starts_on <= day)
        .where(or_(Appointment.ends_on.is_(None), Appointment.ends_on >= day))
        .order_by(Appointment.id.desc())
    )
    return {
        row.person_id: (row.organization_id, _both(row.Post, "title"), _both(row.Person, "name"))
        for row in db.session.execute(statement)
    }


def _units(ids: Iterable[int | None]) -> dict[int, Unit]:
    statement = select(
        Organization.id,
        Organization.name_zh,
        Organization.name_en,
        Organization.short_zh,
        Organization.short_en,
    ).where(Organization.id.in_({each for each in ids if each is not None}))
    return {row.id: Unit(row.id, _both(row, "name"), _both(row, "short")) for row in db.session.execute(statement)}


def _both(row: Any, column: str) -> Words:
    return {language: getattr(row, f"{column}_{language}") or "" for language in ("zh", "en")}
