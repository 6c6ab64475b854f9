"""Pairs of records that look like one person, and those that were confirmed to be two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select, union
from sqlalchemy.orm import aliased

from eventsys.core.language import choose
from eventsys.directory.models import DistinctPeople, Person
from eventsys.directory.queries import people_search
from eventsys.directory.queries.lists import Cursor, Page, Rows, page_of
from eventsys.extensions import db

LEAST_DIGITS = 6


@dataclass(frozen=True, slots=True)
class One:
    """One record of a pair, with the posts of today."""

    id: int
    name_zh: str
    name_en: str
    email: str
    phone: str
    posts: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return choose(self.name_zh, self.name_en)


@dataclass(frozen=True, slots=True)
class LikelyPair:
    """Two records, the older first, and what is the same ("name", "email", "phone")."""

    one: One
    other: One
    same: tuple[str, ...]


def likely_pairs(cursor: Cursor) -> Page[LikelyPair]:
    """Pairs with the same name, e-mail address or phone number, by name; not those confirmed to be two people."""
    one, other = aliased(Person), aliased(Person)
    page = page_of(_pairs(one, other), (one.sort_key, one.id, other.id), cursor)
    ids = {each for row in page.rows for each in (row[0], row[5])}
    posts = {found.id: found.posts for found in people_search("", ids=ids)} if ids else {}
    rows = [_pair(row, posts) for row in page.rows]
    return Page(rows, page.previous, page.next)


def confirmed_distinct(one_id: int, other_id: int) -> DistinctPeople | None:
    """The mark that these two records are two people, None when nobody said so."""
    low, high = sorted((one_id, other_id))
    return db.session.scalars(select(DistinctPeople).filter_by(one_id=low, other_id=high)).one_or_none()


def _pairs(one: Any, other: Any) -> Rows:
    same = {
        "name": or_(one.sort_key == other.sort_key, one.sort_key_en == other.sort_key_en),
        "email": (one.email == other.email) & (one.email != ""),
        "phone": (one.phone_key == other.phone_key) & (func.length(one.phone_key) >= LEAST_DIGITS),
    }
    pairs = _same_in_one_column()
    apart = select(DistinctPeople.id).where(DistinctPeople.one_id == one.id, DistinctPeople.other_id == other.id)
    return (
        select(
            *(one.id, one.name_zh, one.name_en, one.email, one.phone),
            *(other.id, other.name_zh, other.name_en, other.email, other.phone),
            *(condition.label(name) for name, condition in same.items()),
        )
        .select_from(pairs)
        .join(one, one.id == pairs.c.one_id)
        .join(other, other.id == pairs.c.other_id)
        .where(~apart.exists())
    )


def _same_in_one_column() -> Any:
    """The ids of the pairs, column by column: each is found by an index, which one condition with OR would not be."""
    found = []
    for name in ("sort_key", "sort_key_en", "email", "phone_key"):
        one, other = aliased(Person), aliased(Person)
        column = getattr(one, name)
        statement = select(one.id.label("one_id"), other.id.label("other_id")).where(
            column == getattr(other, name),
            column != "",
            one.id < other.id,
            one.merged_into_id.is_(None),
            other.merged_into_id.is_(None),
        )
        found.append(statement.where(func.length(column) >= LEAST_DIGITS) if name == "phone_key" else statement)
    return union(*found).subquery("pairs")


def _pair(row: Any, posts: dict[int, tuple[str, ...]]) -> LikelyPair:
    one, other = (One(*row[at : at + 5], posts.get(row[at], ())) for at in (0, 5))  # type: ignore[call-arg]
    same = tuple(name for name, is_same in zip(("name", "email", "phone"), row[10:13], strict=True) if is_same)
    return LikelyPair(one, other, same)
