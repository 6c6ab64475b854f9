"""Organizations by posts: the same places as the list, gathered into cells by the database whatever their number."""

from __future__ import annotations

from collections.abc import Sequence
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
from eventsys.directory.models import Organization, Post, PostKind
from eventsys.invitations.models import Attendee, Place
from eventsys.invitations.queries import replies
from eventsys.invitations.queries.shapes import ANSWERED, Counts, Filters, OrganizationCounts, PlaceState

ORGANIZATIONS_A_PAGE = 60


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
    """A post kind of the matrix, 0 for posts of no kind; `places` and `answered` are of all organizations."""

    kind_id: int
    name: str
    places: int
    answered: int


@dataclass(frozen=True, slots=True)
class Line:
    """An organization with its cells, one for each column."""

    organization_id: int
    name: str
    cells: tuple[tuple[CellPart, ...], ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """The organizations and post kinds that a meeting's places are of, for the filters."""

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
            tuple((column.kind_id, column.name) for column in self.columns if column.kind_id),
        )


def matrix(meeting_id: int, filters: Filters, *, after: int | None = None) -> Matrix:
    """One page of the matrix, in two queries."""
    groups = reading.rows(_groups(filters), meeting_id=meeting_id)
    organizations = _organizations(groups)
    page, next_after = _page(organizations, after)
    columns = _columns(groups)
    cells = _cells(groups, _returned(meeting_id))
    lines = tuple(
        Line(
            each.organization_id or 0,
            each.name(),
            tuple(tuple(cells.get((each.organization_id, column.kind_id), ())) for column in columns),
        )
        for each in page
    )
    total = Counts(**{state.value: sum(each.counts.of(state) for each in organizations) for state in PlaceState})
    return Matrix(columns, lines, tuple(organizations), total, next_after)


def choices_of(whole: Matrix) -> Choices:
    """What the filters offer, from a matrix that was not filtered."""
    return Choices(
        tuple((each.organization_id or 0, each.name()) for each in whole.organizations),
        tuple((column.kind_id, column.name) for column in whole.columns if column.kind_id),
    )


def choices(meeting_id: int) -> Choices:
    """What the filters offer, in two queries."""
    return Choices(
        tuple(
            (row.organization_id or 0, choose(row.organization_zh, row.organization_en))
            for row in reading.rows(_ORGANIZATIONS, meeting_id=meeting_id)
        ),
        tuple((row.id, choose(row.name_zh, row.name_en)) for row in reading.rows(_KINDS, meeting_id=meeting_id)),
    )


_ORGANIZATIONS = (
    replies.places(replies.MEETING, Filters(), *replies.organization_columns())
    .group_by(Place.organization_id, Organization.id)
    .order_by(*replies.order()[:4])
)
_KINDS = (
    select(PostKind.id, PostKind.name_zh, PostKind.name_en)
    .where(
        PostKind.id.in_(
            select(Post.kind_id)
            .join(Place, Place.post_id == Post.id)
            .where(Place.meeting_id == replies.MEETING, Place.withdrawn_at.is_(None), Place.walk_in.is_(false()))
        )
    )
    .order_by(PostKind.position, PostKind.id)
)


@lru_cache(maxsize=128)
def _groups(filters: Filters) -> Select[Any]:
    """The places by organization, post kind and state; what a cell says of one place is read where it is only one."""
    return (
        replies.places(
            replies.MEETING,
            filters,
            *replies.organization_columns(),
            Post.kind_id.label("kind_id"),
            PostKind.name_zh.label("kind_zh"),
            PostKind.name_en.label("kind_en"),
            PostKind.position.label("kind_position"),
            replies.state_column(),
            func.count().label("number"),
            func.min(Place.id).label("place_id"),
            func.min(Attendee.id).label("attendee_id"),
            *(_of_one(column) for column in OF_ONE),
        )
        .group_by(Place.organization_id, Organization.id, Post.kind_id, PostKind.id, "place_state")
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
_RETURNED = select(Letter.attendee_id).where(
    Letter.meeting_id == replies.MEETING,
    Letter.state.in_(UNDELIVERED),
    ~exists().where(
        _later.attendee_id == Letter.attendee_id, _later.id > Letter.id, _later.state != LetterState.SUPERSEDED
    ),
)


def _returned(meeting_id: int) -> frozenset[int]:
    """The attendees whose last letter could not be delivered."""
    return frozenset(row[0] for row in reading.rows(_RETURNED, meeting_id=meeting_id))


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
        key = (1_000_000, 0) if row.kind_id is None else (row.kind_position, row.kind_id)
        numbers = found.setdefault(row.kind_id or 0, (key, choose(row.kind_zh, row.kind_en), [0, 0]))[2]
        numbers[0] += row.number
        numbers[1] += row.number if row.place_state in ANSWERED else 0
    return tuple(
        Column(kind_id, name, numbers[0], numbers[1])
        for kind_id, (_key, name, numbers) in sorted(found.items(), key=lambda item: item[1][0])
    )


_ORDER = {state.value: number for number, state in enumerate(PlaceState)}


def _cells(groups: Sequence[Row[Any]], returned: frozenset[int]) -> dict[tuple[int | None, int], list[CellPart]]:
    cells: dict[tuple[int | None, int], list[CellPart]] = {}
    for row in sorted(groups, key=lambda each: _ORDER[each.place_state]):
        cells.setdefault((row.organization_id, row.kind_id or 0), []).append(_part(row, returned))
    return cells


def _part(row: Row[Any], returned: frozenset[int]) -> CellPart:
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
        row.number == 1 and row.attendee_id in returned,
    )
