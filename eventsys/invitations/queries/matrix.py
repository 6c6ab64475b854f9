"""Organizations by posts: the same places as the list, gathered into cells by the database whatever their number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from eventsys.core.actor import Channel
from eventsys.core.language import choose
from eventsys.directory.models import Organization, Post, PostKind
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Place
from eventsys.invitations.queries import replies
from eventsys.invitations.queries.shapes import ANSWERED, Counts, Filters, OrganizationCounts, PlaceState

ORGANIZATIONS_A_PAGE = 60


@dataclass(frozen=True, slots=True)
class CellPart:
    """The places of one state in a cell. What stands after `number` is of the place where it is only one."""

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
class Matrix:
    """A page of organizations by post kinds; `next_after` is the organization after which the next page begins."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    organizations: tuple[OrganizationCounts, ...]
    counts: Counts
    next_after: int | None


@dataclass(frozen=True, slots=True)
class Choices:
    """The organizations and post kinds that a meeting's places are of, for the filters."""

    organizations: tuple[tuple[int, str], ...]
    kinds: tuple[tuple[int, str], ...]


def matrix(meeting_id: int, filters: Filters, *, after: int | None = None) -> Matrix:
    """One page of the matrix, in three queries."""
    organizations = replies.by_organization(meeting_id, filters)
    page, next_after = _page(organizations, after)
    columns = _columns(meeting_id, filters)
    ids = [each.organization_id for each in page]
    cells = _cells(meeting_id, filters, ids) if ids else {}
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


def choices(meeting_id: int) -> Choices:
    """What the filters offer, in two queries."""
    organizations = db.session.execute(
        replies.places(meeting_id, Filters(), *replies.organization_columns())
        .group_by(Place.organization_id, Organization.id)
        .order_by(*replies.order()[:4])
    )
    kinds = db.session.execute(
        select(PostKind.id, PostKind.name_zh, PostKind.name_en)
        .where(
            PostKind.id.in_(
                select(Post.kind_id)
                .join(Place, Place.post_id == Post.id)
                .where(Place.meeting_id == meeting_id, Place.withdrawn_at.is_(None))
            )
        )
        .order_by(PostKind.position, PostKind.id)
    )
    return Choices(
        tuple((row.organization_id or 0, choose(row.organization_zh, row.organization_en)) for row in organizations),
        tuple((row.id, choose(row.name_zh, row.name_en)) for row in kinds),
    )


def _page(
    organizations: Sequence[OrganizationCounts], after: int | None
) -> tuple[Sequence[OrganizationCounts], int | None]:
    ids = [each.organization_id or 0 for each in organizations]
    start = ids.index(after) + 1 if after in ids else 0
    page = organizations[start : start + ORGANIZATIONS_A_PAGE]
    more = start + ORGANIZATIONS_A_PAGE < len(organizations)
    return page, (page[-1].organization_id or 0) if more else None


def _columns(meeting_id: int, filters: Filters) -> tuple[Column, ...]:
    statement = replies.places(
        meeting_id,
        filters,
        Post.kind_id.label("kind_id"),
        PostKind.name_zh,
        PostKind.name_en,
        PostKind.position,
        replies.state_column(),
        func.count().label("number"),
    ).group_by(Post.kind_id, PostKind.id, "place_state")
    found: dict[int, tuple[tuple[int, int], str, list[int]]] = {}
    for row in db.session.execute(statement):
        key = (1_000_000, 0) if row.kind_id is None else (row.position, row.kind_id)
        numbers = found.setdefault(row.kind_id or 0, (key, choose(row.name_zh, row.name_en), [0, 0]))[2]
        numbers[0] += row.number
        numbers[1] += row.number if PlaceState(row.place_state) in ANSWERED else 0
    return tuple(
        Column(kind_id, name, numbers[0], numbers[1])
        for kind_id, (_key, name, numbers) in sorted(found.items(), key=lambda item: item[1][0])
    )


def _cells(
    meeting_id: int, filters: Filters, organization_ids: list[int | None]
) -> dict[tuple[int | None, int], list[CellPart]]:
    within = [organization_id for organization_id in organization_ids if organization_id is not None]
    condition: ColumnElement[bool] = Place.organization_id.in_(within)
    if None in organization_ids:
        condition = condition | Place.organization_id.is_(None)
    statement = (
        replies.places(
            meeting_id,
            filters,
            Place.organization_id,
            Post.kind_id,
            replies.state_column(),
            func.count().label("number"),
            func.min(Place.id).label("place_id"),
            func.min(Attendee.id).label("attendee_id"),
            func.min(Attendee.reply_channel).label("channel"),
            func.min(Attendee.replied_at).label("replied_at"),
            func.min(Attendee.reminded_at).label("reminded_at"),
            func.min(Attendee.told_at).label("told_at"),
            func.min(Attendee.leave_decided_at).label("decided_at"),
            func.min(Attendee.title_zh).label("title_zh"),
            func.min(Attendee.title_en).label("title_en"),
            func.max(replies.mail_returned_number()).label("returned"),
        )
        .where(condition)
        .group_by(Place.organization_id, Post.kind_id, "place_state")
    )
    order = {state.value: number for number, state in enumerate(PlaceState)}
    cells: dict[tuple[int | None, int], list[CellPart]] = {}
    for row in sorted(db.session.execute(statement), key=lambda each: order[each.place_state]):
        cells.setdefault((row.organization_id, row.kind_id or 0), []).append(_part(row))
    return cells


def _part(row: Any) -> CellPart:
    return CellPart(
        PlaceState(row.place_state),
        row.number,
        row.place_id,
        row.attendee_id,
        row.channel,
        row.replied_at,
        row.reminded_at,
        row.told_at,
        row.decided_at,
        row.title_zh or "",
        row.title_en or "",
        bool(row.returned),
    )
