"""What the record of a meeting knows that a notice may tell: who came, what was on the agenda, who spoke."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, or_, select

from eventsys.agenda.models import AgendaItem, AgendaKind
from eventsys.attendance.queries import RollRow, roll_in_full
from eventsys.attendance.states import PRESENT, RollState
from eventsys.core.clock import to_local
from eventsys.directory.models import Appointment, Organization, Person, Post
from eventsys.extensions import db
from eventsys.invitations.models import PlaceRole
from eventsys.meetings.models import Meeting

Words = Mapping[str, str]
Held = tuple[int, Words, Words]


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

    `posts` are by person the posts that presenters held on the day: organization, words, and the person's name.
    """

    meeting: Meeting
    guests: Sequence[Guest]
    items: Sequence[Item]
    units: Mapping[int, Unit]
    posts: Mapping[int, Held]

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
    """Everything at once, in three queries."""
    units: dict[int, Unit] = {}
    guests = [_guest(row, columns, units) for row, columns in roll_in_full(meeting)]
    items, posts = _agenda(meeting, units)
    return Record(meeting, guests, items, units, posts)


def reporters(meeting: Meeting) -> list[str]:
    """The Chinese names of those who reported, in the order of the agenda."""
    record = record_of(meeting)
    return [record.unit_name(each, "zh") for each in record.reporters]


def _guest(row: RollRow, columns: Any, units: dict[int, Unit]) -> Guest:
    _keep_unit(units, columns, row.organization_id)
    return Guest(
        row.attendee_id,
        columns.person_id,
        row.organization_id,
        row.state,
        row.role,
        _both(columns, "name"),
        _both(columns, "title"),
    )


def _agenda(meeting: Meeting, units: dict[int, Unit]) -> tuple[list[Item], dict[int, Held]]:
    """The items in their order, and by person the post that a presenter held on the day; an item has a row a post."""
    items: dict[int, Item] = {}
    posts: dict[int, Held] = {}
    for row in db.session.execute(_items(meeting)):
        items[row.id] = Item(
            row.id,
            row.kind,
            _both(row, "title"),
            row.presenter_organization_id,
            row.presenter_person_id,
            _both(row, "presenter"),
        )
        organization_id = row.presenter_organization_id or row.post_organization_id
        _keep_unit(units, row, organization_id)
        if row.post_organization_id is not None:
            posts[row.presenter_person_id] = (row.post_organization_id, _both(row, "post"), _both(row, "name"))
    return list(items.values()), posts


def _items(meeting: Meeting) -> Any:
    day = to_local(meeting.starts_at, meeting.zone).date()
    held = and_(
        Appointment.person_id == AgendaItem.presenter_person_id,
        Appointment.starts_on <= day,
        or_(Appointment.ends_on.is_(None), Appointment.ends_on >= day),
    )
    organization_id = func.coalesce(AgendaItem.presenter_organization_id, Post.organization_id)
    return (
        select(
            AgendaItem.id,
            AgendaItem.kind,
            AgendaItem.title_zh,
            AgendaItem.title_en,
            AgendaItem.presenter_organization_id,
            AgendaItem.presenter_person_id,
            AgendaItem.presenter_zh,
            AgendaItem.presenter_en,
            Post.organization_id.label("post_organization_id"),
            Post.title_zh.label("post_zh"),
            Post.title_en.label("post_en"),
            Person.name_zh,
            Person.name_en,
            Organization.name_zh.label("organization_zh"),
            Organization.name_en.label("organization_en"),
            Organization.short_zh,
            Organization.short_en,
        )
        .select_from(AgendaItem)
        .outerjoin(Appointment, held)
        .outerjoin(Post, Post.id == Appointment.post_id)
        .outerjoin(Person, Person.id == Appointment.person_id)
        .outerjoin(Organization, Organization.id == organization_id)
        .where(AgendaItem.meeting_id == meeting.id)
        .order_by(AgendaItem.position, AgendaItem.id, Appointment.id.desc())
    )


def _keep_unit(units: dict[int, Unit], row: Any, organization_id: int | None) -> None:
    if organization_id is not None:
        units[organization_id] = Unit(organization_id, _both(row, "organization"), _both(row, "short"))


def _both(row: Any, column: str) -> Words:
    return {language: getattr(row, f"{column}_{language}") or "" for language in ("zh", "en")}
