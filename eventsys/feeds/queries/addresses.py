"""Who has an address of which calendar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, bindparam, exists, func, or_, select
from sqlalchemy.orm import joinedload

from eventsys.accounts.queries import office_day
from eventsys.core.language import choose, current_language
from eventsys.directory.models import Appointment, Organization, Person
from eventsys.directory.queries import people_search
from eventsys.directory.queries.lists import Cursor, Page, Rows, matching, page_of
from eventsys.extensions import db
from eventsys.feeds.models import CalendarAddress
from eventsys.feeds.queries.ended import works


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list of addresses is narrowed to: `show` is "" for all, "left" for those to look at."""

    q: str = ""
    show: str = ""
    organization_id: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One address in use, with its holder. `is_working` is False where what it rests on has ended."""

    id: int
    person_id: int
    person_zh: str
    person_en: str
    organization_id: int | None
    organization_zh: str
    organization_en: str
    created_at: datetime
    used_on: date | None
    is_working: bool
    posts: tuple[str, ...] = ()

    @property
    def person(self) -> str:
        return choose(self.person_zh, self.person_en)

    @property
    def organization(self) -> str:
        """The organization whose calendar it is, "" for the holder's own."""
        return choose(self.organization_zh, self.organization_en)

    @property
    def used(self) -> datetime | None:
        """The last day on which it was used, as noon in UTC, as dates are formatted."""
        return noon(self.used_on)


def noon(day: date | None) -> datetime | None:
    """A day as noon in UTC, as dates are formatted."""
    return datetime.combine(day, time(12), UTC) if day else None


def find_address(address_id: int) -> CalendarAddress | None:
    """An address in use with its holder and organization, None for any other."""
    statement = (
        select(CalendarAddress)
        .where(CalendarAddress.id == bindparam("id", type_=Integer), CalendarAddress.revoked_at.is_(None))
        .options(joinedload(CalendarAddress.person), joinedload(CalendarAddress.organization))
    )
    return db.session.scalars(statement, {"id": address_id}).one_or_none()


def address_of(person_id: int, organization_id: int | None = None) -> CalendarAddress | None:
    """The address that a person has of their own calendar, or of an organization's; None where they have none."""
    return db.session.scalars(
        select(CalendarAddress).where(
            CalendarAddress.person_id == person_id,
            CalendarAddress.organization_id.is_(None)
            if organization_id is None
            else CalendarAddress.organization_id == organization_id,
            CalendarAddress.revoked_at.is_(None),
        )
    ).one_or_none()


def addresses_of(organization_ids: Iterable[int]) -> dict[int, list[Line]]:
    """Who has an address of each organization's calendar, by name."""
    statement = _lines().where(CalendarAddress.organization_id.in_(sorted(organization_ids))).order_by(*_order())
    found: dict[int, list[Line]] = {}
    for line in _described(db.session.execute(statement, {"day": office_day()}).all()):
        found.setdefault(line.organization_id or 0, []).append(line)
    return found


def organization_names(organization_ids: Iterable[int]) -> list[tuple[int, str]]:
    """Id and name of organizations, in the order of the tree."""
    rows = db.session.execute(
        select(Organization.id, Organization.name_zh, Organization.name_en)
        .where(Organization.id.in_(sorted(organization_ids)))
        .order_by(Organization.path)
    )
    return [(row.id, choose(row.name_zh, row.name_en)) for row in rows]


def address_page(filters: Filters, cursor: Cursor) -> Page[Line]:
    """One page of all addresses in use, by the holder's name."""
    statement = _lines().where(*_conditions(filters)).params(day=office_day())
    page = page_of(statement, _order(), cursor)
    return Page(_described(page.rows), page.previous, page.next)


def _order() -> tuple[Any, Any]:
    return (Person.sort_key_en if current_language() == "en" else Person.sort_key), CalendarAddress.id


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = matching(Person.search_text, filters.q)
    if filters.organization_id is not None:
        found.append(CalendarAddress.organization_id == filters.organization_id)
    if filters.show == "left":
        found.append(or_(~works(), ~_holds_a_post()))
    return found


def _holds_a_post() -> ColumnElement[bool]:
    today = office_day()
    lasts = or_(Appointment.ends_on.is_(None), Appointment.ends_on >= today)
    return exists().where(Appointment.person_id == CalendarAddress.person_id, Appointment.starts_on <= today, lasts)


def _lines() -> Rows:
    statement: Rows = (
        select(
            *(CalendarAddress.id, CalendarAddress.person_id, Person.name_zh, Person.name_en),
            CalendarAddress.organization_id,
            func.coalesce(Organization.name_zh, "").label("organization_zh"),
            func.coalesce(Organization.name_en, "").label("organization_en"),
            *(CalendarAddress.created_at, CalendarAddress.used_on, works().label("is_working")),
        )
        .join(Person, Person.id == CalendarAddress.person_id)
        .outerjoin(Organization, Organization.id == CalendarAddress.organization_id)
        .where(CalendarAddress.revoked_at.is_(None))
    )
    return statement


def _described(rows: Sequence[Row[Any]]) -> list[Line]:
    """The rows with their holders' posts of today, from one question more."""
    columns = [tuple(row)[:10] for row in rows]
    lines = [Line(*each) for each in columns]
    ids = {line.person_id for line in lines}
    posts = {person.id: person.posts for person in people_search("", limit=len(ids), ids=ids)} if ids else {}
    return [replace(line, posts=posts.get(line.person_id, ())) for line in lines]
