"""Who was asked and what they answered: one question behind the list, its counts, its picture and its export.

Counts are defined here alone. *Places* are those asked for and not withdrawn (nobody asked a walk-in). Each place is in
exactly one state, that of its current attendee; an optional or observing place never counts as unanswered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    case,
    false,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased

from eventsys.core import reading
from eventsys.core.outbox import UNDELIVERED, Letter, LetterState
from eventsys.core.search_text import query_terms
from eventsys.directory.models import Organization, Person, Post, PostKind
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Leave, Place, PlaceRole, Reply
from eventsys.invitations.queries.shapes import (
    ANSWERED,
    FURTHER,
    NEED_NOT_ANSWER,
    OBSERVERS,
    OTHER_POSTS,
    Counts,
    Filters,
    OrganizationCounts,
    PlaceState,
    ReplyRow,
)

__all__ = [
    "ANSWERED",
    "Counts",
    "Filters",
    "OrganizationCounts",
    "PlaceState",
    "ReplyRow",
    "by_organization",
    "column_key",
    "counts",
    "order",
    "organization_columns",
    "places",
    "row_of",
    "rows",
    "state_column",
]

NEEDS_ORGANIZER = (PlaceState.LEAVE_REQUESTED, PlaceState.TO_BE_NAMED)
Original = aliased(Attendee)
MEETING: BindParameter[int] = bindparam("meeting_id", type_=Integer)


def state_column() -> ColumnElement[str]:
    """The state of a place as SQL, over `Place` and its current `Attendee` (outer joined).

    An observer's place that its organization was told of need not be named.
    """
    declined = Attendee.reply == Reply.DECLINED
    stands_in = Attendee.stands_in_for_id.is_not(None)
    need_not = Place.role.in_(NEED_NOT_ANSWER)
    return case(
        (and_(Attendee.id.is_(None), Place.told_at.is_not(None), need_not), PlaceState.OPTIONAL.value),
        (Attendee.id.is_(None), PlaceState.TO_BE_NAMED.value),
        (and_(Attendee.reply == Reply.ACCEPTED, stands_in), PlaceState.SUBSTITUTE.value),
        (Attendee.reply == Reply.ACCEPTED, PlaceState.ACCEPTED.value),
        (Attendee.reply == Reply.TENTATIVE, PlaceState.TENTATIVE.value),
        (and_(declined, Attendee.leave == Leave.REQUESTED), PlaceState.LEAVE_REQUESTED.value),
        (and_(declined, Attendee.leave == Leave.GRANTED), PlaceState.ON_LEAVE.value),
        (declined, PlaceState.DECLINED.value),
        (Attendee.reply == Reply.DELEGATED, PlaceState.SUBSTITUTE.value),
        (and_(Attendee.told_at.is_(None), stands_in), PlaceState.SUBSTITUTE.value),
        (Attendee.told_at.is_(None), PlaceState.PREPARED.value),
        (need_not, PlaceState.OPTIONAL.value),
        else_=PlaceState.NO_REPLY.value,
    ).label("place_state")


def column_key() -> ColumnElement[int]:
    """The column of a place in the matrix: the kind of its post, or `OTHER_POSTS`, `FURTHER`, `OBSERVERS`."""
    return case(
        (Place.post_id.is_not(None), func.coalesce(Post.kind_id, OTHER_POSTS)),
        (Place.role == PlaceRole.OBSERVER, OBSERVERS),
        (Place.is_further, FURTHER),
        else_=OTHER_POSTS,
    )


def counts(meeting_id: int, filters: Filters | None = None) -> Counts:
    """How many places are in each state."""
    found = reading.rows(_counts_statement(filters or Filters()), meeting_id=meeting_id)
    return Counts(**{row.place_state: row.number for row in found})


@lru_cache(maxsize=128)
def _counts_statement(filters: Filters) -> Select[Any]:
    return places(MEETING, filters, state_column(), func.count().label("number")).group_by("place_state")


def by_organization(meeting_id: int, filters: Filters | None = None) -> list[OrganizationCounts]:
    """The counts of each organization with places, in the directory's order; those of no organization last."""
    found: dict[int | None, tuple[str, str, dict[str, int]]] = {}
    for row in reading.rows(_by_organization_statement(filters or Filters()), meeting_id=meeting_id):
        numbers = found.setdefault(row.organization_id, (row.organization_zh, row.organization_en, {}))[2]
        numbers[row.place_state] = row.number
    return [OrganizationCounts(key, zh, en, Counts(**numbers)) for key, (zh, en, numbers) in found.items()]


@lru_cache(maxsize=128)
def _by_organization_statement(filters: Filters) -> Select[Any]:
    columns = (*organization_columns(), state_column(), func.count().label("number"))
    return (
        places(MEETING, filters, *columns)
        .group_by(Place.organization_id, Organization.id, "place_state")
        .order_by(*order()[:4])
    )


def rows(
    meeting_id: int,
    filters: Filters | None = None,
    *,
    after: int | None = None,
    limit: int | None = None,
    only: Sequence[ColumnElement[bool]] = (),
) -> list[ReplyRow]:
    """The places in the order of organizations; the page of `limit` rows that follows the place `after`.

    `only` are further conditions over the joined tables (what a liaison may see).
    """
    statement = places(meeting_id, filters or Filters(), *_row_columns()).where(*only).order_by(*order())
    if after is not None:
        key = _key_of(meeting_id, after)
        if key is None:
            return []
        statement = statement.where(tuple_(*order()) > tuple_(*key))
    return [_reply_row(row) for row in db.session.execute(statement.limit(limit))]


def row_of(meeting_id: int, place_id: int) -> ReplyRow | None:
    """One place as it stands in the list."""
    statement = places(meeting_id, Filters(), *_row_columns(), walk_ins=True).where(Place.id == place_id)
    found = db.session.execute(statement).one_or_none()
    return _reply_row(found) if found else None


def condition(filters: Filters) -> list[ColumnElement[bool]]:
    """The filters as SQL over the joined tables."""
    found: list[ColumnElement[bool]] = []
    if filters.show:
        found.append(state_column().element.in_([state.value for state in filters.show]))
    if filters.organization_id is not None:
        found.append(_is(Place.organization_id, filters.organization_id))
    if filters.kind_id is not None:
        found.append(column_key() == filters.kind_id)
    if filters.place_ids is not None:
        found.append(Place.id.in_(sorted(filters.place_ids)))
    if filters.needs_me:
        waiting = [state.value for state in NEEDS_ORGANIZER]
        found.append(or_(state_column().element.in_(waiting), _mail_returned()))
    return found + _found_by(filters.q)


def _is(column: Any, value: int) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.is_(None) if value == 0 else column == value
    return found


def _found_by(q: str) -> list[ColumnElement[bool]]:
    """One condition a term: it begins a word of the organization, the post or the person, or stands in a free name."""
    found = []
    for term in query_terms(q):
        pattern = f"% {term}%"
        texts = (Organization.search_text, Post.search_text, Person.search_text)
        free = (Attendee.name_zh, Attendee.name_en, Attendee.title_zh, Attendee.title_en)
        found.append(
            or_(*(text.like(pattern) for text in texts), *(text.icontains(term, autoescape=True) for text in free))
        )
    return found


def places(meeting_id: Any, filters: Filters, *columns: Any, walk_ins: bool = False) -> Select[Any]:
    """The one question: columns of the places asked for, joined with attendee, organization, post and post kind.

    `meeting_id` is a number, or `MEETING`, the parameter of a statement that is made once.
    """
    statement = (
        select(*columns)
        .select_from(Place)
        .outerjoin(Attendee, and_(Attendee.place_id == Place.id, Attendee.is_current))
        .outerjoin(Organization, Organization.id == Place.organization_id)
        .outerjoin(Post, Post.id == Place.post_id)
        .outerjoin(PostKind, PostKind.id == Post.kind_id)
        .where(Place.meeting_id == meeting_id, Place.withdrawn_at.is_(None), *condition(filters))
    )
    if not walk_ins:
        statement = statement.where(Place.walk_in.is_(false()))
    if filters.q:
        statement = statement.outerjoin(Person, Person.id == Attendee.person_id)
    return statement


def order() -> tuple[Any, ...]:
    """The order of every list: the directory's order of organizations, then of posts, then as they were asked for."""
    return (
        case((Place.organization_id.is_(None), 1), else_=0),
        func.coalesce(Organization.position, 0),
        func.coalesce(Organization.sort_key, ""),
        func.coalesce(Place.organization_id, 0),
        func.coalesce(PostKind.position, 1_000_000),
        Place.position,
        Place.id,
    )


def _key_of(meeting_id: int, place_id: int) -> Sequence[Any] | None:
    statement = places(meeting_id, Filters(), *order()).where(Place.id == place_id)
    return db.session.execute(statement).one_or_none()


def organization_columns() -> tuple[Any, ...]:
    """The organization of a place: its id, and its short name in both languages."""
    return (
        Place.organization_id.label("organization_id"),
        func.coalesce(func.nullif(Organization.short_zh, ""), Organization.name_zh, "").label("organization_zh"),
        func.coalesce(func.nullif(Organization.short_en, ""), Organization.name_en, "").label("organization_en"),
    )


def _mail_returned() -> ColumnElement[bool]:
    """Whether the last letter to the attendee could not be delivered."""
    last = (
        select(Letter.state.in_(UNDELIVERED))
        .where(Letter.attendee_id == Attendee.id, Letter.state != LetterState.SUPERSEDED)
        .order_by(Letter.id.desc())
        .limit(1)
        .correlate(Attendee)
        .scalar_subquery()
    )
    return func.coalesce(last, false())


def _row_columns() -> Iterable[Any]:
    original = (
        select(Original.title_zh).where(Original.id == Attendee.stands_in_for_id).correlate(Attendee).scalar_subquery(),
        select(Original.title_en).where(Original.id == Attendee.stands_in_for_id).correlate(Attendee).scalar_subquery(),
    )
    return (
        Place.id,
        Place.role,
        *organization_columns(),
        Place.post_id,
        Post.kind_id,
        Post.title_zh,
        Post.title_en,
        Attendee.id,
        Attendee.version,
        Attendee.person_id,
        Attendee.name_zh,
        Attendee.name_en,
        Attendee.title_zh,
        Attendee.title_en,
        Attendee.email,
        Attendee.phone,
        state_column(),
        Attendee.reply,
        Attendee.leave,
        Attendee.comment,
        Attendee.reply_channel,
        Attendee.replied_at,
        Attendee.replied_by,
        Attendee.told_at,
        Attendee.reminded_at,
        Attendee.leave_decided_at,
        *original,
        Attendee.stands_in_for_id.is_not(None),
        _mail_returned(),
    )


_TEXTS = frozenset(
    index
    for index, each in enumerate(fields(ReplyRow))
    if each.name.endswith(("_zh", "_en")) or each.name in {"email", "phone", "comment", "replied_by"}
)
_STATE = next(index for index, each in enumerate(fields(ReplyRow)) if each.name == "state")


def _reply_row(row: Row[Any]) -> ReplyRow:
    values: list[Any] = ["" if value is None and index in _TEXTS else value for index, value in enumerate(row)]
    values[_STATE] = PlaceState(values[_STATE])
    values[-1] = bool(values[-1])
    return ReplyRow(*values)
