"""People with an account or a role: one question behind the list and its export, and one person's record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, exists, false, func, or_, select
from sqlalchemy.orm import aliased

from eventsys.accounts.models import Account, HeldRole
from eventsys.accounts.queries.actors import holds_on
from eventsys.core.actor import Role
from eventsys.core.clock import now
from eventsys.core.language import choose, current_language
from eventsys.directory.models import Organization, Person
from eventsys.directory.queries import people_search
from eventsys.directory.queries.lists import Cursor, Page, Rows, matching, page_of
from eventsys.directory.words import office_today
from eventsys.extensions import Model, db

CHOICES = 200


class AccountState(StrEnum):
    """Where a person's account stands; `NONE` for somebody who holds a role without one."""

    NONE = "none"
    INVITED = "invited"
    ACTIVE = "active"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role with the words of what it is held for."""

    id: int
    person_id: int
    role: Role
    organization_zh: str
    organization_en: str
    meeting_zh: str
    meeting_en: str
    ends_on: date | None

    @property
    def scope(self) -> str:
        """The organization or the meeting, "" for the whole installation."""
        return choose(self.organization_zh, self.organization_en) or choose(self.meeting_zh, self.meeting_en)

    @property
    def last_day(self) -> datetime | None:
        """Its last day as noon in UTC, as dates are formatted."""
        return datetime.combine(self.ends_on, time(12), UTC) if self.ends_on else None


@dataclass(frozen=True, slots=True)
class Member:
    """A person with the account and the roles of today."""

    person_id: int
    name_zh: str
    name_en: str
    account_id: int | None
    email: str
    state: AccountState
    last_sign_in_at: datetime | None
    invited_at: datetime | None
    posts: tuple[str, ...] = ()
    roles: tuple[RoleRow, ...] = ()

    @property
    def name(self) -> str:
        return choose(self.name_zh, self.name_en)


@dataclass(frozen=True, slots=True)
class MeetingId:
    """A meeting, of which this room knows the id alone."""

    id: int


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of members is narrowed to; empty texts ask for everything."""

    q: str = ""
    state: str = ""
    role: str = ""


def member_page(filters: Filters, cursor: Cursor) -> Page[Member]:
    """One page of the members by name."""
    page = page_of(_members(filters), (_name(), Person.id), cursor)
    return Page(_described(page.rows), page.previous, page.next)


def member_export(filters: Filters) -> list[Member]:
    """All members that the same page would list."""
    return _described(db.session.execute(_members(filters).order_by(_name(), Person.id)).all())


def find_member(person_id: int) -> Member | None:
    """One person, whether or not they have an account or a role; None when there is no such person.

    The id of a record that was merged away finds the one that stays.
    """
    old = aliased(Person)
    staying = select(func.coalesce(old.merged_into_id, old.id)).where(old.id == person_id).scalar_subquery()
    rows = db.session.execute(_people().where(Person.id == staying)).all()
    return _described(rows)[0] if rows else None


def find_role(role_id: int) -> HeldRole | None:
    return db.session.get(HeldRole, role_id)


def account_of_person(person_id: int) -> Account | None:
    return db.session.scalars(select(Account).where(Account.person_id == person_id)).one_or_none()


def meeting_choices() -> list[tuple[int, str]]:
    """Meetings that are not over, for a role at their door, the next one first.

    This room stands before the meetings' own, so it asks the table and not the model.
    """
    meeting = Model.metadata.tables["meeting"]
    rows = db.session.execute(
        select(meeting.c.id, meeting.c.title_zh, meeting.c.title_en)
        .where(meeting.c.ends_at >= now(), meeting.c.state.in_(("scheduled", "in_session")))
        .order_by(meeting.c.starts_at, meeting.c.id)
        .limit(CHOICES)
    )
    return [(row.id, choose(row.title_zh, row.title_en)) for row in rows]


def _name() -> Any:
    return Person.sort_key_en if current_language() == "en" else Person.sort_key


def _people() -> Rows:
    return select(
        Person.id,
        Person.name_zh,
        Person.name_en,
        Account.id.label("account_id"),
        Account.email,
        Account.active,
        Account.password.is_not(None).label("has_password"),
        Account.last_sign_in_at,
        Account.invited_at,
    ).outerjoin(Account, Account.person_id == Person.id)


def _members(filters: Filters) -> Rows:
    held = exists().where(HeldRole.person_id == Person.id, holds_on(office_today()))
    statement = _people().where(or_(Account.id.is_not(None), held), Person.merged_into_id.is_(None))
    if filters.role in set(Role):
        statement = statement.where(held.where(HeldRole.role == Role(filters.role)))
    if filters.state:
        statement = statement.where(_in_state(filters.state))
    found = matching(Person.search_text, filters.q)
    if filters.q.strip():
        by_address = Account.email.startswith(filters.q.strip().lower(), autoescape=True)
        statement = statement.where(or_(by_address, *([_all(found)] if found else [])))
    return statement


def _all(conditions: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    first, *rest = conditions
    for each in rest:
        first &= each
    return first


def _in_state(state: str) -> ColumnElement[bool]:
    conditions: dict[str, ColumnElement[bool]] = {
        AccountState.NONE: Account.id.is_(None),
        AccountState.INVITED: Account.active & Account.password.is_(None),
        AccountState.ACTIVE: Account.active & Account.password.is_not(None),
        AccountState.CLOSED: Account.active.is_(False),
    }
    return conditions.get(state, false())


def _described(rows: Iterable[Any]) -> list[Member]:
    """The rows with roles and posts, in three questions however many there are."""
    members = [_member(row) for row in rows]
    ids = [member.person_id for member in members]
    roles: dict[int, list[RoleRow]] = {}
    for role in _roles(ids):
        roles.setdefault(role.person_id, []).append(role)
    posts = {person.id: person.posts for person in people_search("", ids=ids)} if ids else {}
    return [
        replace(
            member,
            roles=tuple(roles.get(member.person_id, ())),
            posts=posts.get(member.person_id, ()),
        )
        for member in members
    ]


def _member(row: Any) -> Member:
    return Member(
        person_id=row.id,
        name_zh=row.name_zh,
        name_en=row.name_en,
        account_id=row.account_id,
        email=row.email or "",
        state=_state(row),
        last_sign_in_at=row.last_sign_in_at,
        invited_at=row.invited_at,
    )


def _state(row: Any) -> AccountState:
    if row.account_id is None:
        return AccountState.NONE
    if not row.active:
        return AccountState.CLOSED
    return AccountState.ACTIVE if row.has_password else AccountState.INVITED


def _roles(person_ids: Sequence[int]) -> list[RoleRow]:
    meeting = Model.metadata.tables["meeting"]
    rows = db.session.execute(
        select(
            HeldRole.id,
            HeldRole.person_id,
            HeldRole.role,
            Organization.name_zh.label("organization_zh"),
            Organization.name_en.label("organization_en"),
            meeting.c.title_zh.label("meeting_zh"),
            meeting.c.title_en.label("meeting_en"),
            HeldRole.ends_on,
        )
        .outerjoin(Organization, Organization.id == HeldRole.organization_id)
        .outerjoin(meeting, meeting.c.id == HeldRole.meeting_id)
        .where(HeldRole.person_id.in_(person_ids), holds_on(office_today()))
        .order_by(HeldRole.role, HeldRole.id)
    )
    return [
        RoleRow(
            id=row.id,
            person_id=row.person_id,
            role=row.role,
            organization_zh=row.organization_zh or "",
            organization_en=row.organization_en or "",
            meeting_zh=row.meeting_zh or "",
            meeting_en=row.meeting_en or "",
            ends_on=row.ends_on,
        )
        for row in rows
    ]
