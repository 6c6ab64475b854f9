"""Audiences resolved: the posts and people that a rule means on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from eventsys.core.language import choose
from eventsys.directory.models import Appointment, Organization, Person, Post
from eventsys.directory.queries.lists import Rows
from eventsys.directory.queries.organizations import is_open, tree_order
from eventsys.directory.queries.posts import exists_on, held_on
from eventsys.extensions import db

LARGEST_ID = 2**31 - 1
RULE_KEYS = ("organization_kinds", "post_kind_ids", "organization_ids", "within_ids", "post_ids", "person_ids")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One post with one holder, a post that nobody holds (no person), or a person without a post (no organization).

    `language` is the person's, else the organization's. `also` names the further posts of the rule that the same
    person holds: nobody is asked twice.
    """

    organization_id: int | None
    organization_path: str
    organization_zh: str
    organization_en: str
    post_id: int | None
    title_zh: str
    title_en: str
    person_id: int | None
    name_zh: str
    name_en: str
    email: str
    phone: str
    language: str
    also: tuple[tuple[str, str], ...] = ()

    @property
    def organization(self) -> str:
        return choose(self.organization_zh, self.organization_en)

    @property
    def title(self) -> str:
        return choose(self.title_zh, self.title_en)

    @property
    def name(self) -> str:
        return choose(self.name_zh, self.name_en)


def candidates(rule: Mapping[str, Any], on: date) -> list[Candidate]:
    """Whom the rule means on that day, in display order: organizations by tree, posts by their order.

    `rule` is as in `Audience.rule`; unknown ids mean nobody. At most four queries.
    """
    meant = _meant(rule, on)
    rows = list(db.session.execute(_posts(on).where(meant))) if meant is not None else []
    people = ids(rule, "person_ids") - {row.person_id for row in rows}
    if people:
        rows += _first_posts(db.session.execute(_posts(on).where(Person.id.in_(people))))
    order = tree_order(row.organization_id for row in rows) if rows else {}
    rows.sort(key=lambda row: (order[row.organization_id], row.post_position, row.post_id, row.starts_on or on))
    found = _once([_candidate(row) for row in rows])
    return found + _without_post(people - {each.person_id for each in found})


def ids(rule: Mapping[str, Any], key: str) -> set[int]:
    """The ids under a key of the rule; what is no id is left out."""
    texts = (str(value) for value in rule.get(key) or ())
    found = {int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 11}
    return {each for each in found if 0 < each <= LARGEST_ID}


def _meant(rule: Mapping[str, Any], on: date) -> ColumnElement[bool] | None:
    """The posts that the rule means; None when it means none."""
    kinds = [str(kind) for kind in rule.get("organization_kinds") or ()]
    organizations, post_kinds = ids(rule, "organization_ids"), ids(rule, "post_kind_ids")
    meant: list[ColumnElement[bool]] = []
    if kinds or organizations or post_kinds:
        where = or_(Organization.kind.in_(kinds), Organization.id.in_(organizations))
        meant.append(
            and_(
                where if kinds or organizations else true(),
                Post.kind_id.in_(post_kinds) if post_kinds else true(),
                _within(ids(rule, "within_ids")),
            )
        )
    if ids(rule, "post_ids"):
        meant.append(Post.id.in_(ids(rule, "post_ids")))
    return and_(or_(false(), *meant), exists_on(on), is_open(on)) if meant else None


def _within(roots: set[int]) -> ColumnElement[bool]:
    if not roots:
        return true()
    root = select(Organization.path).where(Organization.id.in_(roots))
    paths = db.session.scalars(root).all()
    return or_(false(), *(Organization.path.like(f"{path}%") for path in paths))


def _posts(on: date) -> Rows:
    return (
        select(
            Organization.id.label("organization_id"),
            Organization.path,
            Organization.name_zh.label("organization_zh"),
            Organization.name_en.label("organization_en"),
            Organization.language.label("organization_language"),
            Post.id.label("post_id"),
            Post.title_zh,
            Post.title_en,
            Post.position.label("post_position"),
            Person.id.label("person_id"),
            Person.name_zh,
            Person.name_en,
            Person.email,
            Person.phone,
            Person.language,
            Appointment.starts_on,
        )
        .join(Organization, Organization.id == Post.organization_id)
        .outerjoin(Appointment, and_(Appointment.post_id == Post.id, held_on(on)))
        .outerjoin(Person, Person.id == Appointment.person_id)
        .order_by(Organization.position, Post.position, Post.id)
    )


def _first_posts(rows: Iterable[Any]) -> list[Any]:
    """The first post of each person."""
    first: dict[int, Any] = {}
    for row in rows:
        first.setdefault(row.person_id, row)
    return list(first.values())


def _candidate(row: Any) -> Candidate:
    return Candidate(
        organization_id=row.organization_id,
        organization_path=row.path,
        organization_zh=row.organization_zh,
        organization_en=row.organization_en,
        post_id=row.post_id,
        title_zh=row.title_zh,
        title_en=row.title_en,
        person_id=row.person_id,
        name_zh=row.name_zh or "",
        name_en=row.name_en or "",
        email=row.email or "",
        phone=row.phone or "",
        language=row.language or row.organization_language,
    )


def _once(found: list[Candidate]) -> list[Candidate]:
    """Each person once; their further posts are named beside the first."""
    kept: dict[tuple[str, int], Candidate] = {}
    for each in found:
        key = ("person", each.person_id) if each.person_id else ("post", each.post_id or 0)
        first = kept.get(key)
        further = (each.title_zh, each.title_en)
        kept[key] = replace(first, also=(*first.also, further)) if first else each
    return list(kept.values())


def _without_post(people: set[int]) -> list[Candidate]:
    if not people:
        return []
    present = Person.id.in_(people), Person.merged_into_id.is_(None)
    statement = select(Person).where(*present).order_by(Person.sort_key, Person.id)
    return [
        Candidate(
            None, "", "", "", None, "", "", row.id, row.name_zh, row.name_en, row.email, row.phone, row.language or "zh"
        )
        for row in db.session.scalars(statement)
    ]
