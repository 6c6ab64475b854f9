"""Posts: who holds them, who held them, which nobody holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from eventsys.core.language import choose, current_language
from eventsys.directory.models import Appointment, Organization, Person, Post, PostKind
from eventsys.directory.queries.lists import Cursor, Page, Rows, matching, page_of
from eventsys.extensions import db


@dataclass(frozen=True, slots=True)
class Holder:
    """A person on a post for a time."""

    appointment_id: int
    post_id: int
    person_id: int
    name_zh: str
    name_en: str
    starts_on: date
    ends_on: date | None

    @property
    def name(self) -> str:
        return choose(self.name_zh, self.name_en)

    def lasts(self, on: date) -> bool:
        return self.starts_on <= on and (self.ends_on is None or self.ends_on >= on)


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post in a list, with those who hold it on the day asked for."""

    id: int
    title_zh: str
    title_en: str
    kind_zh: str
    kind_en: str
    abolished_on: date | None
    organization_id: int
    organization_zh: str
    organization_en: str
    holders: tuple[Holder, ...] = ()

    @property
    def title(self) -> str:
        return choose(self.title_zh, self.title_en)

    @property
    def kind(self) -> str:
        return choose(self.kind_zh, self.kind_en)

    @property
    def organization(self) -> str:
        return choose(self.organization_zh, self.organization_en)


def held_on(on: date) -> ColumnElement[bool]:
    """Whether the appointment holds on that day; first and last day included."""
    return and_(Appointment.starts_on <= on, or_(Appointment.ends_on.is_(None), Appointment.ends_on >= on))


def exists_on(on: date) -> ColumnElement[bool]:
    """Whether the post exists on that day."""
    return or_(Post.abolished_on.is_(None), Post.abolished_on > on)


def find_post(post_id: int) -> Post | None:
    """The post with its organization and kind."""
    statement = select(Post).where(Post.id == post_id).options(joinedload(Post.organization), joinedload(Post.kind))
    return db.session.scalars(statement).one_or_none()


def find_post_kind(kind_id: int) -> PostKind | None:
    return db.session.get(PostKind, kind_id)


def find_appointment(appointment_id: int) -> Appointment | None:
    """The appointment with its person, post and organization."""
    statement = (
        select(Appointment)
        .where(Appointment.id == appointment_id)
        .options(joinedload(Appointment.person), joinedload(Appointment.post).joinedload(Post.organization))
    )
    return db.session.scalars(statement).one_or_none()


def post_kinds() -> list[PostKind]:
    """All post kinds in their order."""
    return list(db.session.scalars(select(PostKind).order_by(PostKind.position, PostKind.id)))


def post_kind_choices() -> list[tuple[int, str]]:
    """Post kinds for a select, in their order."""
    return [(kind.id, kind.name()) for kind in post_kinds()]


def posts_by_kind(on: date) -> dict[int, int]:
    """How many posts of each kind exist on that day."""
    statement = select(Post.kind_id, func.count()).where(exists_on(on), Post.kind_id.is_not(None))
    return {row[0] or 0: row[1] for row in db.session.execute(statement.group_by(Post.kind_id))}


def posts_of(organization_id: int, on: date, *, abolished: bool = False) -> list[PostRow]:
    """The posts of an organization in display order, with their holders of that day."""
    statement = _rows().where(Post.organization_id == organization_id)
    if not abolished:
        statement = statement.where(exists_on(on))
    rows = db.session.execute(statement.order_by(Post.position, Post.id)).all()
    return _with_holders([PostRow(*row) for row in rows], on)


def post_choices(organization_id: int, on: date) -> list[tuple[int, str]]:
    """The posts of an organization for a select; who holds each stands beside its title."""
    return [
        (row.id, row.title + "".join(f" · {holder.name}" for holder in row.holders))
        for row in posts_of(organization_id, on)
    ]


def post_page(q: str, on: date, cursor: Cursor, *, kind_id: int = 0, state: str = "") -> Page[PostRow]:
    """Posts by organization; `state` is "held", "vacant", "abolished", or "" for all that exist."""
    keys = _order()
    page = page_of(_found(q, on, kind_id, state), keys, cursor)
    return Page(_with_holders([PostRow(*row[: -len(keys)]) for row in page.rows], on), page.previous, page.next)


def posts_export(q: str, on: date, *, kind_id: int = 0, state: str = "") -> list[PostRow]:
    """The whole of the same list."""
    statement = _found(q, on, kind_id, state).order_by(*_order())
    return _with_holders([PostRow(*row) for row in db.session.execute(statement)], on)


def post_search(q: str, on: date, limit: int = 20, ids: Iterable[int] = ()) -> list[PostRow]:
    """Posts of today found by title, kind or organization; and those with these ids, which stand first."""
    chosen = list(ids)
    rows = db.session.execute(_rows().where(Post.id.in_(chosen))).all() if chosen else []
    terms = matching(Post.search_text, q)
    if terms:
        statement = _rows().where(*terms, exists_on(on), Post.id.not_in(chosen))
        rows = [*rows, *db.session.execute(statement.order_by(Organization.sort_key, Post.position).limit(limit))]
    return _with_holders([PostRow(*row) for row in rows], on)


def former_holders(post_id: int) -> list[Holder]:
    """Everybody ever appointed to the post, the latest first."""
    statement = _holders().where(Appointment.post_id == post_id)
    rows = db.session.execute(statement.order_by(Appointment.starts_on.desc(), Appointment.id.desc()))
    return [Holder(*row) for row in rows]


def overlapping_holders(post_id: int, starts_on: date, ends_on: date | None, *, besides: int = 0) -> list[Holder]:
    """Who holds the post at some time between the two days, apart from the appointment `besides`."""
    statement = _holders().where(
        Appointment.post_id == post_id,
        Appointment.id != besides,
        or_(Appointment.ends_on.is_(None), Appointment.ends_on >= starts_on),
    )
    if ends_on is not None:
        statement = statement.where(Appointment.starts_on <= ends_on)
    return [Holder(*row) for row in db.session.execute(statement.order_by(Appointment.starts_on, Appointment.id))]


def _order() -> tuple[Any, ...]:
    """By the organization's name in the page's language, then in the organization's own order."""
    name = Organization.sort_key_en if current_language() == "en" else Organization.sort_key
    return (name, Organization.id, Post.position, Post.id)


def _found(q: str, on: date, kind_id: int, state: str) -> Rows:
    statement = _rows().where(*matching(Post.search_text, q))
    if kind_id:
        statement = statement.where(Post.kind_id == kind_id)
    if state == "abolished":
        return statement.where(Post.abolished_on <= on)
    statement = statement.where(exists_on(on))
    held = select(Appointment.id).where(Appointment.post_id == Post.id, held_on(on)).exists()
    if state in {"held", "vacant"}:
        statement = statement.where(held if state == "held" else ~held)
    return statement


def _rows() -> Rows:
    return (
        select(
            Post.id,
            Post.title_zh,
            Post.title_en,
            PostKind.name_zh,
            PostKind.name_en,
            Post.abolished_on,
            Organization.id,
            Organization.name_zh,
            Organization.name_en,
        )
        .join(Organization, Organization.id == Post.organization_id)
        .outerjoin(PostKind, PostKind.id == Post.kind_id)
    )


def _holders() -> Rows:
    return select(
        Appointment.id,
        Appointment.post_id,
        Person.id,
        Person.name_zh,
        Person.name_en,
        Appointment.starts_on,
        Appointment.ends_on,
    ).join(Person, Person.id == Appointment.person_id)


def _with_holders(rows: list[PostRow], on: date) -> list[PostRow]:
    statement = _holders().where(Appointment.post_id.in_([row.id for row in rows]), held_on(on))
    holders: dict[int, list[Holder]] = {}
    for row in db.session.execute(statement.order_by(Appointment.starts_on, Appointment.id)):
        holders.setdefault(row.post_id, []).append(Holder(*row))
    return [replace(row, holders=tuple(holders.get(row.id, ()))) for row in rows]
