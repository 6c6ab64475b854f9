"""What every organization is asked for at a meeting: one question behind the list, its totals and its export."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, false, func, select

from eventsys.core.language import choose
from eventsys.directory.models import Organization
from eventsys.directory.queries.lists import Rows, matching
from eventsys.extensions import db
from eventsys.invitations.models import Ask, Attendee, Place, PlaceRole
from eventsys.invitations.queries.replies import ANSWERED, state_column
from eventsys.invitations.queries.shapes import PlaceState

PAGE_SIZE = 50
COUNTS = ("places", "posts", "further", "observers", "to_be_named", "answered")


@dataclass(frozen=True, slots=True)
class AskRow:
    """One organization's ask with how many places of each sort there are."""

    organization_id: int
    name_zh: str
    name_en: str
    note_zh: str
    note_en: str
    reply_by: datetime | None
    is_revoked: bool
    places: int
    posts: int
    further: int
    observers: int
    to_be_named: int
    answered: int

    @property
    def name(self) -> str:
        return choose(self.name_zh, self.name_en)

    @property
    def note(self) -> str:
        return choose(self.note_zh, self.note_en)


def ask_page(meeting_id: int, q: str, page: int) -> tuple[list[AskRow], bool]:
    """A page of the organizations whose names fit `q`, and whether more follow."""
    statement = _asks(meeting_id, q).offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE + 1)
    rows = [AskRow(*row) for row in db.session.execute(statement)]
    return rows[:PAGE_SIZE], len(rows) > PAGE_SIZE


def all_asks(meeting_id: int, q: str) -> list[AskRow]:
    """The whole of the same list."""
    return [AskRow(*row) for row in db.session.execute(_asks(meeting_id, q))]


def totals(meeting_id: int, q: str) -> dict[str, int]:
    """The sums of the list's numbers, and `organizations`, how many it has."""
    each = _asks(meeting_id, q).order_by(None).subquery()
    row = db.session.execute(
        select(func.count().label("organizations"), *(func.coalesce(func.sum(each.c[name]), 0) for name in COUNTS))
    ).one()
    return dict(zip(("organizations", *COUNTS), map(int, row), strict=True))


def _asks(meeting_id: int, q: str) -> Rows:
    state = state_column().element
    observes = and_(Place.is_further, Place.role == PlaceRole.OBSERVER)
    return (
        select(
            Ask.organization_id,
            Organization.name_zh,
            Organization.name_en,
            Ask.note_zh,
            Ask.note_en,
            Ask.reply_by,
            Ask.link_revoked_at.is_not(None).label("is_revoked"),
            func.count(Place.id).label("places"),
            _number(and_(Place.id.is_not(None), Place.is_further.is_(False))).label("posts"),
            _number(and_(Place.is_further, Place.role != PlaceRole.OBSERVER)).label("further"),
            _number(observes).label("observers"),
            _number(and_(Place.id.is_not(None), state == PlaceState.TO_BE_NAMED.value)).label("to_be_named"),
            _number(state.in_([each.value for each in ANSWERED])).label("answered"),
        )
        .select_from(Ask)
        .join(Organization, Organization.id == Ask.organization_id)
        .outerjoin(
            Place,
            and_(
                Place.meeting_id == Ask.meeting_id,
                Place.organization_id == Ask.organization_id,
                Place.withdrawn_at.is_(None),
                Place.walk_in == false(),
            ),
        )
        .outerjoin(Attendee, and_(Attendee.place_id == Place.id, Attendee.is_current))
        .where(Ask.meeting_id == meeting_id, *matching(Organization.search_text, q))
        .group_by(Ask.id, Organization.id)
        .order_by(Organization.position, Organization.sort_key, Organization.id)
    )


def _number(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
