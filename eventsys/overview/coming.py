"""The meetings that come, with their replies in numbers, for the first page of the staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from sqlalchemy import Executable, Select, bindparam, or_, select

from eventsys.core import reading
from eventsys.core.actor import Actor, Role
from eventsys.core.clock import to_utc
from eventsys.core.formats import clock, leaf
from eventsys.core.language import choose
from eventsys.directory.models import Organization
from eventsys.invitations.queries.replies import Counts
from eventsys.invitations.queries.several import counts_of
from eventsys.meetings.facts import LONGEST
from eventsys.meetings.models import Meeting, MeetingState

STAFF = (Role.ORGANIZER, Role.APPROVER, Role.EDITOR)
ROWS = 6


@dataclass(frozen=True, slots=True)
class Coming:
    """One meeting of the list; `leaf` is month, day and weekday in the reader's language."""

    id: int
    title: str
    state: MeetingState
    postponed: bool
    starts_at: datetime
    hours: str
    venue: str
    leaf: tuple[str, str, str]
    counts: Counts


def is_staff(actor: Actor) -> bool:
    """Whether the workspace has pages for this actor."""
    return actor.is_administrator or actor.has(*STAFF)


def coming_meetings(actor: Actor, today: date) -> list[Coming]:
    """The next meetings of the organizations that this actor works for, from two queries."""
    morning = to_utc(datetime.combine(today, time()), "Asia/Shanghai")
    paths = None if actor.is_administrator else actor.paths(*STAFF)
    rows = reading.rows(_statement(paths), at=morning, begin=morning - LONGEST)
    counts = counts_of([row.id for row in rows])
    return [_coming(row, counts[row.id]) for row in rows]


@lru_cache(maxsize=256)
def _statement(paths: tuple[str, ...] | None) -> Executable:
    """Meetings below the paths that end after `at`; `begin` bounds the walk along the index."""
    statement: Select[*tuple[Any, ...]] = (
        select(
            Meeting.id,
            Meeting.title_zh,
            Meeting.title_en,
            Meeting.state,
            Meeting.postponed,
            Meeting.starts_at,
            Meeting.ends_at,
            Meeting.zone,
            Meeting.venue_zh,
            Meeting.venue_en,
        )
        .join(Organization, Organization.id == Meeting.convener_id)
        .where(Meeting.starts_at > bindparam("begin"), Meeting.ends_at >= bindparam("at"))
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(ROWS)
    )
    if paths is None:
        return statement
    return statement.where(or_(*(Organization.path.startswith(path, autoescape=True) for path in paths)))


def _coming(row: Any, counts: Counts) -> Coming:
    return Coming(
        row.id,
        choose(row.title_zh, row.title_en),
        row.state,
        row.postponed,
        row.starts_at,
        f"{clock(row.starts_at, row.zone)}–{clock(row.ends_at, row.zone)}",
        choose(row.venue_zh, row.venue_en),
        leaf(row.starts_at, row.zone),
        counts,
    )
