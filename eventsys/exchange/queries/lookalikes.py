"""People on record who may be those of some rows: by e-mail address, name and number, asked for many at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from eventsys.core.language import choose
from eventsys.core.names import sort_key
from eventsys.directory.models import DistinctPeople, Person
from eventsys.directory.words import phone_key
from eventsys.extensions import db

SHORTEST_PHONE = 6


@dataclass(frozen=True, slots=True)
class Known:
    """A person on record, as far as it takes to tell them apart."""

    id: int
    name_zh: str
    name_en: str
    email: str
    phone_key: str
    sort_key: str
    sort_key_en: str

    @property
    def name(self) -> str:
        return choose(self.name_zh, self.name_en)


@dataclass(frozen=True, slots=True)
class Sign:
    """By what a row's person is recognized, made by the same rules as the record's own columns."""

    email: str
    key: str
    key_en: str
    phone: str


@dataclass(slots=True)
class Alike:
    """Who on record has the same address, name or number as some signs."""

    by_email: dict[str, list[Known]] = field(default_factory=dict)
    by_key: dict[str, list[Known]] = field(default_factory=dict)
    by_key_en: dict[str, list[Known]] = field(default_factory=dict)
    by_phone: dict[str, list[Known]] = field(default_factory=dict)

    def of(self, sign: Sign, besides: Iterable[int] = ()) -> dict[int, Known]:
        """Everybody who shares anything with the sign, by number."""
        found = [
            *self.by_email.get(sign.email, ()),
            *self.by_key.get(sign.key, ()),
            *self.by_key_en.get(sign.key_en, ()),
            *self.by_phone.get(sign.phone, ()),
        ]
        left_out = set(besides)
        return {known.id: known for known in found if known.id not in left_out}


def sign_of(cells: Mapping[str, str]) -> Sign:
    """The sign of a person's cells."""
    name_zh, name_en = cells.get("name_zh", ""), cells.get("name_en", "")
    digits = phone_key(cells.get("phone", ""))
    return Sign(
        cells.get("email", ""),
        sort_key(name_zh, name_en, person=True),
        sort_key(name_en, name_zh, person=True),
        digits if len(digits) >= SHORTEST_PHONE else "",
    )


def alike(signs: Sequence[Sign]) -> Alike:
    """Who on record shares something with one of the signs; four questions, however many there are."""
    found = Alike()
    for name, column, index in (
        ("email", Person.email, found.by_email),
        ("key", Person.sort_key, found.by_key),
        ("key_en", Person.sort_key_en, found.by_key_en),
        ("phone", Person.phone_key, found.by_phone),
    ):
        wanted = {getattr(sign, name) for sign in signs} - {""}
        for known in _known(column, wanted):
            index.setdefault(getattr(known, column.key), []).append(known)
    return found


def distinct_pairs(ids: Iterable[int]) -> set[tuple[int, int]]:
    """Pairs of records confirmed to be two people, of which one is among the ids; the lower number first."""
    wanted = list(ids)
    if not wanted:
        return set()
    statement = select(DistinctPeople.one_id, DistinctPeople.other_id).where(
        DistinctPeople.one_id.in_(wanted) | DistinctPeople.other_id.in_(wanted)
    )
    return {(row[0], row[1]) for row in db.session.execute(statement)}


def people_by_id(ids: Iterable[int]) -> dict[int, Any]:
    """Whole rows of people by number, of those that exist and were not merged away."""
    table = Person.__table__
    rows = db.session.execute(select(table).where(table.c.id.in_(list(ids)), table.c.merged_into_id.is_(None)))
    return {row.id: row for row in rows}


def _known(column: Any, wanted: set[str]) -> list[Known]:
    if not wanted:
        return []
    statement = select(
        Person.id, Person.name_zh, Person.name_en, Person.email, Person.phone_key, Person.sort_key, Person.sort_key_en
    ).where(column.in_(wanted), Person.merged_into_id.is_(None))
    return [Known(*row) for row in db.session.execute(statement)]
