"""Organizations: the tree, its pages, choices and search."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from eventsys.core import reading
from eventsys.core.language import choose, current_language
from eventsys.directory.models import Appointment, Organization, OrganizationKind, Post
from eventsys.directory.queries.lists import PAGE_SIZE, Cursor, Page, Rows, matching, page_of
from eventsys.directory.words import office_today
from eventsys.extensions import db

Key = tuple[tuple[int, str, int], ...]
SHOWN_CHILDREN = 200


@dataclass(frozen=True, slots=True)
class OrganizationRow:
    """An organization in a list: how many posts it has today, how many nobody holds, how many stand directly below."""

    id: int
    path: str
    parent_id: int | None
    kind: OrganizationKind
    name_zh: str
    name_en: str
    closed_on: date | None
    posts: int
    vacant: int
    below: int

    @property
    def name(self) -> str:
        return choose(self.name_zh, self.name_en)

    @property
    def depth(self) -> int:
        """0 at the top of the tree."""
        return self.path.count("/") - 2


def find_organization(organization_id: int) -> Organization | None:
    return db.session.get(Organization, organization_id)


def organizations_by_id(ids: Iterable[int]) -> dict[int, str]:
    """Names in the page's language by id, of those that exist."""
    statement = select(Organization.id, Organization.name_zh, Organization.name_en).where(Organization.id.in_(ids))
    return {row.id: choose(row.name_zh, row.name_en) for row in db.session.execute(statement)}


def is_open(on: date) -> ColumnElement[bool]:
    """Whether the organization exists on that day."""
    return or_(Organization.closed_on.is_(None), Organization.closed_on > on)


def organization_count() -> int:
    """How many there are at all: an empty directory says what it is for."""
    return db.session.scalar(select(func.count()).select_from(Organization)) or 0


def organization_tree(on: date, *, closed: bool, only: frozenset[int] | None = None) -> list[OrganizationRow]:
    """The top of the tree and what stands directly below it, in display order; `only` these for a liaison."""
    statement = select(Organization.id, Organization.parent_id, Organization.position, Organization.sort_key)
    if not closed:
        statement = statement.where(is_open(on))
    if only is not None:
        rows = _described(select(Organization).where(Organization.id.in_(only)).limit(SHOWN_CHILDREN), on)
        order = tree_order(row.id for row in rows)
        return sorted(rows, key=lambda row: order[row.id])
    roots = db.session.execute(statement.where(Organization.parent_id.is_(None)).limit(SHOWN_CHILDREN)).all()
    top = [root.id for root in roots]
    below = db.session.execute(statement.where(Organization.parent_id.in_(top)).limit(SHOWN_CHILDREN)).all()
    ranked = {row.id: (row.position, row.sort_key, row.id) for row in [*roots, *below]}
    wanted = select(Organization).where(Organization.id.in_(ranked))
    rows = _described(wanted, on)
    return sorted(rows, key=lambda row: (ranked[row.parent_id], ranked[row.id]) if row.parent_id else (ranked[row.id],))


def children_of(organization: Organization, on: date, cursor: Cursor, *, closed: bool = False) -> Page[OrganizationRow]:
    """What stands directly below, in display order."""
    statement = select(Organization.id).where(Organization.parent_id == organization.id)
    if not closed:
        statement = statement.where(is_open(on))
    page = page_of(statement, (Organization.position, Organization.id), cursor, 2 * PAGE_SIZE)
    return _with_counts(page, on)


def organization_page(
    q: str, on: date, cursor: Cursor, *, kind: str = "", closed: bool = False, only: frozenset[int] | None = None
) -> Page[OrganizationRow]:
    """Organizations found by names, pinyin or initials, by name in the page's language."""
    name = Organization.sort_key_en if current_language() == "en" else Organization.sort_key
    return _with_counts(page_of(_found(q, on, kind, closed, only), (name, Organization.id), cursor), on)


def organization_export(
    q: str, on: date, *, kind: str = "", closed: bool = False, only: frozenset[int] | None = None
) -> list[tuple[OrganizationRow, str]]:
    """The whole of the same list in tree order, each with the name of what it stands below."""
    wanted = _found(q, on, kind, closed, only)
    rows, order = _described(wanted, on), tree_order()
    names = organizations_by_id({row.parent_id for row in rows if row.parent_id})
    rows.sort(key=lambda row: order[row.id])
    return [(row, names.get(row.parent_id or 0, "")) for row in rows]


def ancestors_of(organization: Organization) -> list[tuple[int, str]]:
    """What it stands below, from the top down: ids and names in the page's language."""
    above = [int(part) for part in organization.path.strip("/").split("/")[:-1] if part]
    names = organizations_by_id(above) if above else {}
    return [(each, names[each]) for each in above if each in names]


def organization_choices(
    *, below: Iterable[str] | None = None, on: date | None = None, without: str = ""
) -> list[tuple[int, str]]:
    """Open organizations for a select, in tree order, indented by depth.

    `below` keeps only those at and below these tree paths, `without` leaves out one path and all below it.
    """
    day, paths = on or office_today(), None if below is None else tuple(below)
    rows = reading.rows(_TREE)
    places = _places(rows)
    shown = [
        row
        for row in rows
        if (row.closed_on is None or row.closed_on > day)
        and (paths is None or row.path.startswith(paths))
        and not (without and row.path.startswith(without))
    ]
    least = min((row.path.count("/") for row in shown), default=0)
    return [
        (row.id, "\u3000" * (row.path.count("/") - least) + choose(row.name_zh, row.name_en))
        for row in sorted(shown, key=lambda row: _key(row.path, places))
    ]


_TREE = select(
    Organization.id,
    Organization.path,
    Organization.position,
    Organization.sort_key,
    Organization.name_zh,
    Organization.name_en,
    Organization.closed_on,
)


def tree_order(ids: Iterable[int] | None = None) -> dict[int, Key]:
    """What sorts organizations as the tree shows them: each one's place below its parent's place."""
    rows = reading.rows(_TREE)
    places = _places(rows)
    wanted = None if ids is None else set(ids)
    return {row.id: _key(row.path, places) for row in rows if wanted is None or row.id in wanted}


def _places(rows: Iterable[Any]) -> dict[int, tuple[int, str, int]]:
    return {row.id: (row.position, row.sort_key, row.id) for row in rows}


def _key(path: str, places: Mapping[int, tuple[int, str, int]]) -> Key:
    return tuple(places[int(part)] for part in path.strip("/").split("/") if part)


def _found(q: str, on: date, kind: str, closed: bool, only: frozenset[int] | None) -> Rows:
    statement = select(Organization.id).where(*matching(Organization.search_text, q))
    if not closed:
        statement = statement.where(is_open(on))
    if kind in set(OrganizationKind):
        statement = statement.where(Organization.kind == OrganizationKind(kind))
    return statement if only is None else statement.where(Organization.id.in_(only))


def _with_counts(page: Page[Any], on: date) -> Page[OrganizationRow]:
    ids = [row.id for row in page.rows]
    found = {row.id: row for row in _described(select(Organization).where(Organization.id.in_(ids)), on)}
    return Page([found[each] for each in ids if each in found], page.previous, page.next)


def _described(wanted: Rows, on: date) -> list[OrganizationRow]:
    """Rows of the wanted organizations with their counts, in one query."""
    chosen = wanted.with_only_columns(Organization.id).subquery()
    posts = _posts_by_organization(on).subquery()
    below = (
        select(Organization.parent_id.label("id"), func.count().label("below"))
        .where(is_open(on))
        .group_by(Organization.parent_id)
        .subquery()
    )
    statement = (
        select(
            Organization.id,
            Organization.path,
            Organization.parent_id,
            Organization.kind,
            Organization.name_zh,
            Organization.name_en,
            Organization.closed_on,
            func.coalesce(posts.c.posts, 0),
            func.coalesce(posts.c.vacant, 0),
            func.coalesce(below.c.below, 0),
        )
        .join(chosen, chosen.c.id == Organization.id)
        .outerjoin(posts, posts.c.id == Organization.id)
        .outerjoin(below, below.c.id == Organization.id)
    )
    return [OrganizationRow(*row) for row in db.session.execute(statement)]


def _posts_by_organization(on: date) -> Rows:
    held = (
        select(Appointment.id)
        .where(Appointment.post_id == Post.id, Appointment.starts_on <= on)
        .where(or_(Appointment.ends_on.is_(None), Appointment.ends_on >= on))
        .exists()
    )
    return (
        select(
            Post.organization_id.label("id"),
            func.count().label("posts"),
            func.sum(case((and_(~held), 1), else_=0)).label("vacant"),
        )
        .where(or_(Post.abolished_on.is_(None), Post.abolished_on > on))
        .group_by(Post.organization_id)
    )
