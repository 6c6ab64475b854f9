"""The agenda with its clock times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, Row, bindparam, func, select
from sqlalchemy.orm import joinedload

from eventsys.agenda.models import AgendaItem, AgendaKind
from eventsys.core import reading
from eventsys.core.language import choose
from eventsys.directory.models import Organization, Person
from eventsys.extensions import db
from eventsys.meetings.models import Meeting


@dataclass(frozen=True, slots=True)
class TimedItem:
    """One item of an agenda with the clock times that follow from the meeting's start and the order.

    `title`, `presenter` and `note` are words in the current language; `number` counts from 1.
    """

    id: int
    number: int
    kind: AgendaKind
    starts_at: datetime
    ends_at: datetime
    minutes: int
    title: str
    presenter: str
    note: str
    version: int


def find_item(meeting_id: int, item_id: int) -> AgendaItem | None:
    """One item of the meeting, with the meeting and its convener; None when it is no item of that meeting."""
    statement = (
        select(AgendaItem)
        .options(joinedload(AgendaItem.meeting).joinedload(Meeting.convener))
        .where(AgendaItem.id == item_id, AgendaItem.meeting_id == meeting_id)
    )
    return db.session.scalars(statement).one_or_none()


def timed_items(meeting: Meeting) -> list[TimedItem]:
    """The items in order, from one query; the first starts with the meeting."""
    return timed(item_rows(meeting.id), meeting.starts_at)


_ITEMS = (
    select(
        AgendaItem.id,
        AgendaItem.kind,
        AgendaItem.title_zh,
        AgendaItem.title_en,
        AgendaItem.minutes,
        AgendaItem.presenter_zh,
        AgendaItem.presenter_en,
        AgendaItem.note_zh,
        AgendaItem.note_en,
        AgendaItem.version,
        Organization.name_zh.label("organization_zh"),
        Organization.name_en.label("organization_en"),
        Organization.short_zh,
        Organization.short_en,
        Person.name_zh.label("person_zh"),
        Person.name_en.label("person_en"),
    )
    .outerjoin(Organization, Organization.id == AgendaItem.presenter_organization_id)
    .outerjoin(Person, Person.id == AgendaItem.presenter_person_id)
    .where(AgendaItem.meeting_id == bindparam("meeting_id", type_=Integer))
    .order_by(AgendaItem.position, AgendaItem.id)
)


def item_rows(meeting_id: int) -> Sequence[Row[Any]]:
    """The items in order with the names of who presents them, one query."""
    return reading.rows(_ITEMS, meeting_id=meeting_id)


def timed(rows: Sequence[Row[Any]], starts_at: datetime) -> list[TimedItem]:
    """Rows of `item_rows` in the current language, one after the other from the start."""
    items: list[TimedItem] = []
    at = starts_at
    for number, row in enumerate(rows, 1):
        until = at + timedelta(minutes=row.minutes)
        items.append(
            TimedItem(
                row.id,
                number,
                row.kind,
                at,
                until,
                row.minutes,
                choose(row.title_zh, row.title_en),
                _presenter(row),
                choose(row.note_zh, row.note_en),
                row.version,
            )
        )
        at = until
    return items


def total_minutes(meeting_id: int) -> int:
    """How long the agenda is, in minutes."""
    statement = select(func.coalesce(func.sum(AgendaItem.minutes), 0)).where(AgendaItem.meeting_id == meeting_id)
    return db.session.scalar(statement) or 0


def overrun(meeting: Meeting, minutes: int) -> int:
    """By how many minutes an agenda of this length is longer than the meeting; 0 when it fits."""
    length = int((meeting.ends_at - meeting.starts_at).total_seconds()) // 60
    return max(0, minutes - length)


def _presenter(row: Row[Any]) -> str:
    organization = choose(row.short_zh or row.organization_zh, row.short_en or row.organization_en)
    words = (organization, choose(row.person_zh, row.person_en), choose(row.presenter_zh, row.presenter_en))
    return choose("　", ", ").join(word for word in words if word)
