"""Organizations by posts: the same places as the list, gathered into cells by the database whatever their number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, exists, false, func, select
from sqlalchemy.orm import aliased

from eventsys.core import reading
from eventsys.core.actor import Channel
from eventsys.core.language import choose
from eventsys.core.outbox import UNDELIVERED, Letter, LetterState
from eventsys.directory.models import Organization, PostKind
from eventsys.invitations.models import Attendee, Place
from eventsys.invitations.queries import replies
from eventsys.invitations.queries.shapes import ANSWERED, Counts, Filters, OrganizationCounts, PlaceState

ORGANIZATIONS_A_PAGE = 150
Returned = Mapping[int, PlaceState]


@dataclass(frozen=True, slots=True)
class CellPart:
    """The places of one state in a cell. What stands after `attendee_id` is of the place where it is only one."""

    state: PlaceState
    number: int
    place_id: int
    attendee_id: int | None
    channel: Channel | None
    replied_at: datetime | None
    reminded_at: datetime | None
    told_at: datetime | None
    decided_at: datetime | None
    title_zh: str
    title_en: str
    mail_returned: bool

    def title(self) -> str:
        return choose(self.title_zh, self.title_en)


@dataclass(frozen=True, slots=True)
class Column:
    """A post kind of the matrix, or one of the columns without one; `places`, `answered` are of all organizations."""

    kind_id: int
    name: str
    places: int
    answered: int


@dataclass(frozen=True, slots=True)
class Line:
    """An organization with its cells, one for each column; 0 stands for places of no organization."""

    organization_id: int
    name: str
    places: int
    answered: int
    cells: tuple[tuple[CellPart, ...], ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """The organizations and columns that a meeting's places are of, for the filters; a kind of post has its name."""

    organizations: tuple[tuple[int, str], ...]
    kinds: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """A page of organizations by post kinds; `next_after` is the organization after which the next page begins."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    organizations: tuple[OrganizationCounts, ...]
    counts: Counts
    next_after: int | None

    @property
    def choices(self) -> Choices:
        """What the filters offer, where nothing is filtered yet."""
        return Choices(
            tuple((each.organization_id or 0, each.name()) for each in self.organizations),
            tuple((column.kind_id, column.name) for column in self.columns),
        )


def matrix(meeting_id: int, filters: Filters, undelivered: Returned, *, after: int | None = None) -> Matrix:
    """One page of the matrix, in one query; `undelivered` are those whose mail came back."""
    groups = reading.rows(_groups(filters), meeting_id=meeting_id)
    organizations = _organizations(groups)
    page, next_after = _page(organizations, after)
    columns = _columns(groups)
    cells = _cells(groups, undelivered)
    lines = tuple(
        Line(
            each.organization_id or 0,
            each.name(),
            each.counts.places,
            each.counts.answered,
            tuple(tuple(cells.get((each.organization_id, column.kind_id), ())) for column in columns),
        )
        for each in page
    )
    return Matrix(columns, lines, tuple(organizations), _total(organizations), next_after)


def whole(meeting_id: int) -> Matrix:
    """All places without a filter, for counts and choices alone: no lines; one query."""
    groups = reading.rows(_groups(Filters()), meeting_id=meeting_id)
    organizations = _organizations(groups)
    return Matrix(_columns(groups), (), tuple(organizations), _total(organizations), None)


def _total(organizations: Sequence[OrganizationCounts]) -> Counts:
    return Counts(**{state.value: sum(each.counts.of(state) for each in organizations) for state in PlaceState})


@lru_cache(maxsize=128)
def _groups(filters: Filters) -> Select[Any]:
    """The places by organization, post kind and state; what a cell says of one place is read where it is only one."""
    return (
        replies.places(
            replies.MEETING,
            filters,
            *replies.organization_columns(),
            replies.column_key().label("column_id"),
            PostKind.name_zh.label("kind_zh"),
            PostKind.name_en.label("kind_en"),
            PostKind.position.label("kind_position"),
            replies.state_column(),
            func.count().label("number"),
            func.min(Place.id).label("place_id"),
            func.min(Attendee.id).label("attendee_id"),
            *(_of_one(column) for column in OF_ONE),
        )
        .group_by(Place.organization_id, Organization.id, "column_id", PostKind.id, "place_state")
        .order_by(*replies.order()[:4])
    )


OF_ONE = (
    Attendee.reply_channel,
    Attendee.replied_at,
    Attendee.reminded_at,
    Attendee.told_at,
    Attendee.leave_decided_at,
    Attendee.title_zh,
    Attendee.title_en,
)


def _of_one(column: Any) -> ColumnElement[Any]:
    return case((func.count() == 1, func.min(column))).label(column.key)


_later = aliased(Letter)
_RETURNED = (
    select(Attendee.id, replies.state_column())
    .select_from(Letter)
    .join(Attendee, Attendee.id == Letter.attendee_id)
    .join(Place, Place.id == Attendee.place_id)
    .where(
        *(Letter.meeting_id == replies.MEETING, Letter.state.in_(UNDELIVERED)),
        ~exists().where(
            _later.attendee_id == Letter.attendee_id, _later.id > Letter.id, _later.state != LetterState.SUPERSEDED
        ),
        *(Attendee.is_current, Place.withdrawn_at.is_(None), Place.walk_in.is_(false())),
    )
)


def returned(meeting_id: int) -> Returned:
    """The attendees on a place whose last letter could not be delivered, with the state of the place."""
    return {row.id: PlaceState(row.place_state) for row in reading.rows(_RETURNED, meeting_id=meeting_id)}


def needing(counts: Counts, undelivered: Returned) -> int:
    """How many places need the organizer: the same as the counts of `Filters(needs_me=True)`."""
    states = replies.NEEDS_ORGANIZER
    return sum(counts.of(state) for state in states) + sum(state not in states for state in undelivered.values())


def _organizations(groups: Sequence[Row[Any]]) -> list[OrganizationCounts]:
    found: dict[int | None, tuple[str, str, dict[str, int]]] = {}
    for row in groups:
        numbers = found.setdefault(row.organization_id, (row.organization_zh, row.organization_en, {}))[2]
        numbers[row.place_state] = numbers.get(row.place_state, 0) + row.number
    return [OrganizationCounts(key, zh, en, Counts(**numbers)) for key, (zh, en, numbers) in found.items()]


def _page(
    organizations: Sequence[OrganizationCounts], after: int | None
) -> tuple[Sequence[OrganizationCounts], int | None]:
    ids = [each.organization_id or 0 for each in organizations]
    start = ids.index(after) + 1 if after in ids else 0
    page = organizations[start : start + ORGANIZATIONS_A_PAGE]
    more = start + ORGANIZATIONS_A_PAGE < len(organizations)
    return page, (page[-1].organization_id or 0) if more else None


def _columns(groups: Sequence[Row[Any]]) -> tuple[Column, ...]:
    found: dict[int, tuple[tuple[int, int], str, list[int]]] = {}
    for row in groups:
        key = (row.kind_position, row.column_id) if row.column_id > 0 else (1_000_000, -row.column_id)
        numbers = found.setdefault(row.column_id, (key, choose(row.kind_zh, row.kind_en), [0, 0]))[2]
        numbers[0] += row.number
        numbers[1] += row.number if row.place_state in ANSWERED else 0
    return tuple(
        Column(kind_id, name, numbers[0], numbers[1])
        for kind_id, (_key, name, numbers) in sorted(found.items(), key=lambda item: item[1][0])
    )


_ORDER = {state.value: number for number, state in enumerate(PlaceState)}


def _cells(groups: Sequence[Row[Any]], undelivered: Returned) -> dict[tuple[int | None, int], list[CellPart]]:
    cells: dict[tuple[int | None, int], list[CellPart]] = {}
    for row in sorted(groups, key=lambda each: _ORDER[each.place_state]):
        cells.setdefault((row.organization_id, row.column_id), []).append(_part(row, undelivered))
    return cells


def _part(row: Row[Any], undelivered: Returned) -> CellPart:
    return CellPart(
        PlaceState(row.place_state),
        row.number,
        row.place_id,
        row.attendee_id,
        row.reply_channel,
        row.replied_at,
        row.reminded_at,
        row.told_at,
        row.leave_decided_at,
        row.title_zh or "",
        row.title_en or "",
        row.number == 1 and row.attendee_id in undelivered,
    )
