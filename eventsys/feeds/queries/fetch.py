"""Who fetches a calendar, and whether anything in it changed since: one query, before anything is read or joined."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, String, Subquery, bindparam, func, select

from eventsys.accounts.queries import office_day
from eventsys.core import reading
from eventsys.core.language import LANGUAGES, choose
from eventsys.core.tokens import LINK_ID_LENGTH
from eventsys.directory.models import Organization, Person
from eventsys.feeds.address import link_id_of
from eventsys.feeds.models import CalendarAddress
from eventsys.feeds.queries.ended import works
from eventsys.feeds.queries.meetings import State, of_organization, of_person
from eventsys.meetings.queries.feed import first_moment

NOBODY = "-" * LINK_ID_LENGTH


@dataclass(frozen=True, slots=True)
class Fetched:
    """A calendar that somebody brings the address of. `organization_id` is None for the holder's own.

    `since` begins its window. `state` was read only where it was asked for.
    """

    id: int
    person_id: int
    organization_id: int | None
    names: tuple[str, str]
    language: str
    since: datetime
    created_at: datetime
    used_on: date | None
    state: State | None

    def name(self, language: str) -> str:
        """Whose calendar it is: the person, or the organization."""
        return choose(*self.names, language)


def find_fetched(token: str, at: datetime, *, with_state: bool) -> Fetched | None:
    """The calendar of a genuine address in use; None otherwise, after the same work.

    An address ends with its holder's account, an organization's when the holder is no liaison of it any more.
    """
    since = first_moment(at)
    statement = _WITH_STATE if with_state else _ADDRESS
    row = reading.row(statement, link_id=link_id_of(token) or NOBODY, day=office_day(), since=since)
    return _fetched(row, since, with_state=with_state) if row is not None else None


def _fetched(row: Row[Any], since: datetime, *, with_state: bool) -> Fetched:
    language = row.language or row.organization_language
    return Fetched(
        id=row.id,
        person_id=row.person_id,
        organization_id=row.organization_id,
        names=(row.organization_zh, row.organization_en) if row.organization_id else (row.name_zh, row.name_en),
        language=language if language in LANGUAGES else LANGUAGES[0],
        since=since,
        created_at=row.created_at,
        used_on=row.used_on,
        state=State.of(*row[-len(State._fields) :]) if with_state else None,
    )


def _held(column: Any) -> Any:
    """The person or the organization of the address that was brought."""
    asked = CalendarAddress.link_id == bindparam("link_id", type_=String)
    return select(column).where(asked, CalendarAddress.revoked_at.is_(None)).scalar_subquery()


def _own() -> Subquery:
    own = _held(CalendarAddress.organization_id).is_(None)
    return of_person(_held(CalendarAddress.person_id)).where(own).subquery("own")


def _theirs() -> Subquery:
    return of_organization(_held(CalendarAddress.organization_id)).subquery("theirs")


def _address(*columns: Any) -> Select[Any]:
    shown: list[Any] = [
        *(CalendarAddress.id, CalendarAddress.person_id, CalendarAddress.organization_id),
        *(CalendarAddress.created_at, CalendarAddress.used_on),
        *(Person.name_zh, Person.name_en, Person.language),
        Organization.name_zh.label("organization_zh"),
        Organization.name_en.label("organization_en"),
        Organization.language.label("organization_language"),
    ]
    statement: Select[Any] = (
        select(*shown, *columns)
        .select_from(CalendarAddress)
        .join(Person, Person.id == CalendarAddress.person_id)
        .outerjoin(Organization, Organization.id == CalendarAddress.organization_id)
        .where(
            CalendarAddress.link_id == bindparam("link_id", type_=String),
            CalendarAddress.revoked_at.is_(None),
            works(),
        )
    )
    return statement


def _with_state() -> Select[Any]:
    """One row of numbers stands beside the address: of the person, or of the organization."""
    own, theirs = _own(), _theirs()
    mine = CalendarAddress.organization_id.is_(None)
    columns = [func.coalesce(own.c[name], theirs.c[name]) for name in State._fields]
    return _address(*columns).outerjoin(own, mine).outerjoin(theirs, ~mine)


_ADDRESS = _address()
_WITH_STATE = _with_state()
