"""Lists of rows: what a search asks for, and pages by key."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from sqlalchemy import ColumnElement, Select, literal, tuple_

from eventsys.core.search_text import query_terms
from eventsys.extensions import db

PAGE_SIZE = 50
T = TypeVar("T")
Rows: TypeAlias = "Select[*tuple[Any, ...]]"


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list, and the cursors of the pages before and after (None at the ends)."""

    rows: list[T]
    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: after one cursor, or before another."""

    after: str = ""
    before: str = ""


def matching(column: Any, q: str) -> list[ColumnElement[bool]]:
    """One condition for each term of the query: a word of the search text begins with it."""
    return [column.like(f"% {term}%") for term in query_terms(q)]


def page_of(statement: Rows, keys: Sequence[Any], cursor: Cursor, size: int = PAGE_SIZE) -> Page[Any]:
    """One page of the statement in the order of the keys, which together are unique and never NULL.

    The rows carry the keys as their last columns. A cursor that nobody issued counts as none.
    """
    backwards = bool(cursor.before) and not cursor.after
    start = _decoded(cursor.before if backwards else cursor.after, keys)
    found = _rows(statement, keys, start, backwards, size + 1)
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    back = more if backwards else start is not None
    forth = start is not None if backwards else more
    return Page(
        rows=found,
        previous=_encoded(found[0], len(keys)) if found and back else None,
        next=_encoded(found[-1], len(keys)) if found and forth else None,
    )


def _rows(statement: Rows, keys: Sequence[Any], start: list[Any] | None, backwards: bool, limit: int) -> list[Any]:
    if start is not None:
        here, there = tuple_(*keys), tuple_(*(literal(value) for value in start))
        statement = statement.where(here < there if backwards else here > there)
    statement = statement.add_columns(*(key.label(f"key_{at}") for at, key in enumerate(keys)))
    order = [key.desc() if backwards else key for key in keys]
    return list(db.session.execute(statement.order_by(*order).limit(limit)))


def _encoded(row: Any, keys: int) -> str:
    return base64.urlsafe_b64encode(json.dumps(list(row)[-keys:]).encode()).decode().rstrip("=")


def _decoded(cursor: str, keys: Sequence[Any]) -> list[Any] | None:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        return None
    if not isinstance(values, list) or len(values) != len(keys):
        return None
    fits = all(type(value) is key.type.python_type for value, key in zip(values, keys, strict=True))
    return values if fits and all(_harmless(value) for value in values) else None


def _harmless(value: Any) -> bool:
    """Whether both databases take the value: no integer too large, no character that breaks text."""
    return value.isprintable() if isinstance(value, str) else abs(value) < 2**31
