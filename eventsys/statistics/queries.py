"""How organizations answered in a year: one question behind the table, its sums, each list and its file.

A place counts when somebody was told about it and owed an answer: not withdrawn, not optional or observing, no walk-in,
at a meeting that was not cancelled and whose reply deadline is past. What is left out is named (`left_out`). The first
answer to the meeting's present time counts, because a new time asks everybody anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Integer, Select, String, and_, bindparam, case, exists, false, func, or_, select
from sqlalchemy.orm import aliased

from eventsys.core import reading
from eventsys.core.columns import UtcDateTime
from eventsys.core.language import choose
from eventsys.directory.models import Organization
from eventsys.invitations.models import Ask, Attendee, Leave, Place, Reply, ReplyEvent
from eventsys.invitations.queries.shapes import NEED_NOT_ANSWER
from eventsys.meetings.models import Meeting, MeetingState

ANSWERS = (Reply.ACCEPTED.value, Reply.TENTATIVE.value, Reply.DECLINED.value, "leave", "delegated")
PAGE_SIZE = 50
NOBODYS = 0

Convener = aliased(Organization)
Somebody = aliased(Attendee)


class Show(StrEnum):
    """Which of the places a number counts; each is in exactly one of in time, late and unanswered."""

    ASKED = "asked"
    IN_TIME = "in_time"
    LATE = "late"
    UNANSWERED = "unanswered"
    LEAVE = "leave"
    SUBSTITUTE = "substitute"


@dataclass(frozen=True, slots=True)
class Scope:
    """The meetings of offices at these tree paths (None: of all), in a year of the zone, as things stand at `at`."""

    paths: tuple[str, ...] | None
    year: int
    zone: str
    at: datetime

    def values(self) -> dict[str, Any]:
        """The parameters of every statement here."""
        first, last = (datetime(year, 1, 1, tzinfo=ZoneInfo(self.zone)) for year in (self.year, self.year + 1))
        paths = {f"path_{index}": f"{path}%" for index, path in enumerate(self.paths or ())}
        return {"first": first.astimezone(UTC), "last": last.astimezone(UTC), "at": self.at, **paths}

    @property
    def offices(self) -> int | None:
        """How many paths a statement asks for; None for no such condition."""
        return None if self.paths is None else len(self.paths)


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many places of an organization (0: of none) owed an answer, and what became of them."""

    organization_id: int
    name_zh: str
    name_en: str
    asked: int
    in_time: int
    late: int
    unanswered: int
    leave: int
    substitute: int

    def name(self) -> str:
        return choose(self.name_zh, self.name_en)

    def of(self, show: Show) -> int:
        return int(getattr(self, show.value))


@dataclass(frozen=True, slots=True)
class Line:
    """One place behind a number; it was first answered at `first_at`, and should have been until `deadline`."""

    place_id: int
    attendee_id: int | None
    meeting_id: int
    meeting_zh: str
    meeting_en: str
    starts_at: datetime
    zone: str
    organization_zh: str
    organization_en: str
    name_zh: str
    name_en: str
    title_zh: str
    title_en: str
    deadline: datetime
    first_at: datetime | None
    leave: Leave | None
    is_substitute: bool

    @property
    def outcome(self) -> Show:
        if self.first_at is None:
            return Show.UNANSWERED
        return Show.IN_TIME if self.first_at <= self.deadline else Show.LATE


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Meetings of the year that no number counts, with their titles: called off, or still open for answers."""

    cancelled: Sequence[tuple[int, str]]
    still_open: Sequence[tuple[int, str]]


def by_organization(scope: Scope) -> list[Numbers]:
    """A line for each organization that was asked, in the directory's order, places of none last."""
    return [Numbers(*row) for row in reading.rows(_numbers(scope.offices), **scope.values())]


def total(lines: Sequence[Numbers]) -> Numbers:
    """The sum of the lines."""
    return Numbers(NOBODYS, "", "", *(sum(line.of(show) for line in lines) for show in Show))


def places(scope: Scope, show: Show, organization_id: int | None, page: int) -> tuple[list[Line], bool]:
    """A page of the places that a number counts, the newest meeting first, and whether more follow."""
    found = _lines(scope, show, organization_id, start=(page - 1) * PAGE_SIZE, size=PAGE_SIZE + 1)
    return found[:PAGE_SIZE], len(found) > PAGE_SIZE


def all_places(scope: Scope, show: Show, organization_id: int | None) -> Iterator[Line]:
    """Every place that a number counts, read in portions."""
    start = 0
    while found := _lines(scope, show, organization_id, start=start, size=1000):
        yield from found
        start += len(found)


def left_out(scope: Scope) -> LeftOut:
    """The year's meetings that were told to somebody and are not counted."""
    rows = reading.rows(_uncounted(scope.offices), **scope.values())
    named = [(row.id, choose(row.title_zh, row.title_en), row.state is MeetingState.CANCELLED) for row in rows]
    return LeftOut(
        cancelled=[(number, title) for number, title, cancelled in named if cancelled],
        still_open=[(number, title) for number, title, cancelled in named if not cancelled],
    )


def _lines(scope: Scope, show: Show, organization_id: int | None, *, start: int, size: int) -> list[Line]:
    statement = _list(scope.offices, show, None if organization_id is None else organization_id == NOBODYS)
    values = {**scope.values(), "start": start, "size": size}
    if organization_id:
        values["organization_id"] = organization_id
    return [Line(*row) for row in reading.rows(statement, **values)]


_AT = bindparam("at", type_=UtcDateTime)
_GENERAL = func.coalesce(Meeting.reply_by, Meeting.starts_at, type_=UtcDateTime)
_OWN = (
    select(Ask.reply_by)
    .where(Ask.meeting_id == Place.meeting_id, Ask.organization_id == Place.organization_id, Ask.reply_by > _GENERAL)
    .correlate(Place, Meeting)
    .scalar_subquery()
)
_DEADLINE = func.coalesce(_OWN, _GENERAL, type_=UtcDateTime)
_FIRST_AT = (
    select(func.min(ReplyEvent.at, type_=UtcDateTime))
    .join(Somebody, Somebody.id == ReplyEvent.attendee_id)
    .where(Somebody.place_id == Place.id, ReplyEvent.act.in_(ANSWERS), ReplyEvent.sequence >= Meeting.timed_sequence)
    .correlate(Place, Meeting)
    .scalar_subquery()
)
_ASKED_LEAVE = exists().where(Somebody.place_id == Place.id, Somebody.leave != Leave.NONE).correlate(Place)
_SENT_ANOTHER = exists().where(Somebody.place_id == Place.id, Somebody.reply == Reply.DELEGATED).correlate(Place)
_TOLD = or_(
    Place.told_at.is_not(None),
    exists().where(Somebody.place_id == Place.id, Somebody.told_at.is_not(None)).correlate(Place),
)
_CONDITIONS: dict[Show, ColumnElement[bool]] = {
    Show.IN_TIME: _FIRST_AT <= _DEADLINE,
    Show.LATE: _FIRST_AT > _DEADLINE,
    Show.UNANSWERED: _FIRST_AT.is_(None),
    Show.LEAVE: _ASKED_LEAVE,
    Show.SUBSTITUTE: _SENT_ANOTHER,
}
_IS_OVER = and_(Meeting.state.not_in((MeetingState.DRAFT, MeetingState.CANCELLED)), _DEADLINE <= _AT)


def _of_scope(offices: int | None) -> list[ColumnElement[bool]]:
    """The year's meetings of these offices."""
    found = [
        Meeting.starts_at >= bindparam("first", type_=UtcDateTime),
        Meeting.starts_at < bindparam("last", type_=UtcDateTime),
    ]
    if offices is not None:
        paths = (Convener.path.like(bindparam(f"path_{index}", type_=String)) for index in range(offices))
        found.append(or_(false(), *paths))
    return found


def _asked(offices: int | None, *columns: Any) -> Select[Any]:
    """The one question: columns of the places that owed an answer."""
    statement: Select[Any] = (
        select(*columns)
        .select_from(Place)
        .join(Meeting, Meeting.id == Place.meeting_id)
        .join(Convener, Convener.id == Meeting.convener_id)
        .outerjoin(Organization, Organization.id == Place.organization_id)
        .where(
            *_of_scope(offices),
            _IS_OVER,
            _TOLD,
            Place.withdrawn_at.is_(None),
            Place.walk_in.is_(false()),
            Place.role.not_in(NEED_NOT_ANSWER),
        )
    )
    return statement


@lru_cache(maxsize=16)
def _numbers(offices: int | None) -> Select[Any]:
    """Sums over the question, so that a place's answers are looked up once."""
    flags = [case((condition, 1), else_=0).label(show.value) for show, condition in _CONDITIONS.items()]
    asked = _asked(offices, Place.organization_id, *flags).subquery()
    key = func.coalesce(asked.c.organization_id, NOBODYS)
    names = [func.coalesce(func.nullif(short, ""), name, "") for short, name in _NAMES]
    return (
        select(key, *names, func.count(), *(func.sum(asked.c[show.value]) for show in _CONDITIONS))
        .select_from(asked)
        .outerjoin(Organization, Organization.id == asked.c.organization_id)
        .group_by(asked.c.organization_id, Organization.id)
        .order_by(
            case((asked.c.organization_id.is_(None), 1), else_=0),
            func.coalesce(Organization.position, 0),
            func.coalesce(Organization.sort_key, ""),
            key,
        )
    )


_NAMES = ((Organization.short_zh, Organization.name_zh), (Organization.short_en, Organization.name_en))


@lru_cache(maxsize=128)
def _list(offices: int | None, show: Show, of_nobody: bool | None) -> Select[Any]:
    """The places behind one number; `of_nobody` None asks for those of all organizations."""
    present = aliased(Attendee)
    columns = (
        *(Place.id, present.id, Meeting.id, Meeting.title_zh, Meeting.title_en, Meeting.starts_at, Meeting.zone),
        *(func.coalesce(func.nullif(short, ""), name, "") for short, name in _NAMES),
        *(func.coalesce(column, "") for column in (present.name_zh, present.name_en)),
        *(func.coalesce(column, "") for column in (present.title_zh, present.title_en)),
        *(_DEADLINE, _FIRST_AT, present.leave, _SENT_ANOTHER),
    )
    statement = _asked(offices, *columns).outerjoin(present, and_(present.place_id == Place.id, present.is_current))
    if show is not Show.ASKED:
        statement = statement.where(_CONDITIONS[show])
    if of_nobody is not None:
        wanted = bindparam("organization_id", type_=Integer)
        statement = statement.where(Place.organization_id.is_(None) if of_nobody else Place.organization_id == wanted)
    return (
        statement.order_by(Meeting.starts_at.desc(), Meeting.id.desc(), Place.id)
        .offset(bindparam("start", type_=Integer))
        .limit(bindparam("size", type_=Integer))
    )


@lru_cache(maxsize=16)
def _uncounted(offices: int | None) -> Select[Any]:
    told = exists().where(Attendee.meeting_id == Meeting.id, Attendee.told_at.is_not(None)).correlate(Meeting)
    columns: tuple[Any, ...] = (Meeting.id, Meeting.title_zh, Meeting.title_en, Meeting.state)
    statement: Select[Any] = (
        select(*columns)
        .join(Convener, Convener.id == Meeting.convener_id)
        .where(*_of_scope(offices), told, or_(Meeting.state == MeetingState.CANCELLED, _GENERAL > _AT))
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return statement


assert [each.name for each in fields(Numbers)][4:] == [show.value for show in _CONDITIONS]
