"""People: lists, search, one person's record, and records that look like the same person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from eventsys.core import search
from eventsys.core.language import choose, current_language
from eventsys.core.names import sort_key
from eventsys.core.search_text import query_terms
from eventsys.directory.models import Appointment, DistinctPeople, Organization, Person, Post
from eventsys.directory.queries.lists import Cursor, Page, Rows, page_of
from eventsys.directory.queries.posts import held_on
from eventsys.directory.words import office_today, phone_key, post_words
from eventsys.extensions import db

LIKELY = 10


@dataclass(frozen=True, slots=True)
class HeldPost:
    """One appointment of a person, with the words of its post and organization."""

    appointment_id: int
    person_id: int
    post_id: int
    title_zh: str
    title_en: str
    organization_id: int
    organization_zh: str
    organization_en: str
    starts_on: date
    ends_on: date | None

    @property
    def title(self) -> str:
        return choose(self.title_zh, self.title_en)

    @property
    def organization(self) -> str:
        return choose(self.organization_zh, self.organization_en)

    def lasts(self, on: date) -> bool:
        return self.starts_on <= on and (self.ends_on is None or self.ends_on >= on)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person in a list, with the posts of that day."""

    id: int
    name_zh: str
    name_en: str
    email: str
    phone: str
    posts: tuple[HeldPost, ...] = ()

    @property
    def name(self) -> str:
        return choose(self.name_zh, self.name_en)

    @property
    def person_id(self) -> int:
        return self.id

    @property
    def organization_ids(self) -> frozenset[int]:
        return frozenset(post.organization_id for post in self.posts)


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A person to choose from: name, and post with organization, without phone number and e-mail address."""

    id: int
    name_zh: str
    name_en: str
    posts: tuple[str, ...]

    @property
    def name(self) -> str:
        return choose(self.name_zh, self.name_en)

    @property
    def label(self) -> str:
        return " · ".join((self.name, *self.posts))


@dataclass(frozen=True, slots=True)
class PersonFile:
    """A person's record: every appointment, the latest first, and where they hold or will hold a post."""

    person: Person
    held: tuple[HeldPost, ...]
    organization_ids: frozenset[int]

    @property
    def person_id(self) -> int:
        return self.person.id


@dataclass(frozen=True, slots=True)
class LikelyPerson:
    """A record that may be of the same person, and what is the same ("name", "email", "phone")."""

    person: PersonRow
    same: tuple[str, ...]


def find_person(person_id: int) -> Person | None:
    """The person's record; the address of one that was merged away leads to the one that stays."""
    person = db.session.get(Person, person_id)
    return person if person is None or person.merged_into_id is None else db.session.get(Person, person.merged_into_id)


def person_file(person_id: int, on: date) -> PersonFile | None:
    """The record of one person, None when there is none."""
    person = find_person(person_id)
    if person is None:
        return None
    statement = _appointments().where(Appointment.person_id == person.id)
    rows = db.session.execute(statement.order_by(Appointment.starts_on.desc(), Appointment.id.desc()))
    held = tuple(HeldPost(*row) for row in rows)
    return PersonFile(person, held, frozenset(post.organization_id for post in held if _not_over(post, on)))


def people_page(
    q: str, on: date, cursor: Cursor, *, only: frozenset[int] | None = None, **filters: Any
) -> Page[PersonRow]:
    """People by name in the page's language; filters as for `people_export`."""
    name = Person.sort_key_en if current_language() == "en" else Person.sort_key
    page = page_of(_found(q, on, only, **filters), (name, Person.id), cursor)
    return Page(_with_posts([row[:5] for row in page.rows], on), page.previous, page.next)


def people_export(q: str, on: date, *, only: frozenset[int] | None = None, **filters: Any) -> list[PersonRow]:
    """The whole list: `under` keeps those with a post at or below a tree path, `without_post` those without any,
    `only` those with a post in these organizations, `contacts` also finds an e-mail address or phone number."""
    name = Person.sort_key_en if current_language() == "en" else Person.sort_key
    rows = db.session.execute(_found(q, on, only, **filters).order_by(name, Person.id)).all()
    return _with_posts(rows, on)


def people_search(
    q: str, limit: int = 20, ids: Iterable[int] = (), on: date | None = None, only: frozenset[int] | None = None
) -> list[FoundPerson]:
    """People found by name, post or organization; and those with these ids, which stand first.

    `only` looks among those with a post in these organizations, where an empty query finds all.
    """
    chosen, on = list(ids), on or office_today()
    rows = list(db.session.execute(_people().where(Person.id.in_(chosen)))) if chosen else []
    if query_terms(q) or only is not None:
        statement = _found(q, on, only).where(Person.id.not_in(chosen))
        rows += db.session.execute(statement.order_by(Person.sort_key, Person.id).limit(limit))
    return [
        FoundPerson(
            row.id, row.name_zh, row.name_en, tuple(post_words(post.organization, post.title) for post in row.posts)
        )
        for row in _with_posts(rows, on)
    ]


def likely_duplicates(
    name_zh: str, name_en: str, email: str, phone: str, on: date, *, besides: Iterable[int] = (), of: int = 0
) -> list[LikelyPerson]:
    """Records with the same name, e-mail address or phone number, at most ten.

    `of` is the person asked about, who is left out with everybody confirmed to be somebody else; so are `besides`.
    """
    same = _sameness(name_zh, name_en, email, phone)
    known = _confirmed_distinct(of) if of else set()
    statement = _people().where(or_(false(), *same.values()), Person.id.not_in({*besides, *known, of}))
    statement = statement.add_columns(*(condition.label(f"same_{name}") for name, condition in same.items()))
    rows = db.session.execute(statement.order_by(Person.sort_key, Person.id).limit(LIKELY)).all()
    reasons = {row.id: tuple(name for name in same if row._mapping[f"same_{name}"]) for row in rows}
    return [LikelyPerson(person, reasons[person.id]) for person in _with_posts([row[:5] for row in rows], on)]


def _sameness(name_zh: str, name_en: str, email: str, phone: str) -> dict[str, ColumnElement[bool]]:
    key, digits = sort_key(name_zh, name_en, person=True), phone_key(phone)
    key_en = sort_key(name_en, name_zh, person=True)
    names = [Person.sort_key == key, Person.sort_key_en == key_en]
    same = {"name": or_(false(), *names) if key else false()}
    if email:
        same["email"] = Person.email == email.lower()
    if len(digits) >= 6:
        same["phone"] = Person.phone_key == digits
    return same


def _confirmed_distinct(person_id: int) -> set[int]:
    statement = select(DistinctPeople.one_id, DistinctPeople.other_id).where(
        or_(DistinctPeople.one_id == person_id, DistinctPeople.other_id == person_id)
    )
    return {each for pair in db.session.execute(statement) for each in pair} - {person_id}


def _not_over(post: HeldPost, on: date) -> bool:
    return post.ends_on is None or post.ends_on >= on


def _found(
    q: str,
    on: date,
    only: frozenset[int] | None,
    *,
    under: str = "",
    without_post: bool = False,
    contacts: bool = False,
) -> Rows:
    current = select(Appointment.id).where(Appointment.person_id == Person.id, held_on(on))
    posts = current.join(Post, Post.id == Appointment.post_id)
    statement = _people().where(_asked_for(q, posts, contacts))
    if under:
        below = posts.join(Organization, Organization.id == Post.organization_id)
        statement = statement.where(below.where(Organization.path.like(f"{under}%")).exists())
    if without_post:
        statement = statement.where(~current.exists())
    if only is not None:
        coming = (
            select(Appointment.id)
            .join(Post, Post.id == Appointment.post_id)
            .where(
                Appointment.person_id == Person.id,
                or_(Appointment.ends_on.is_(None), Appointment.ends_on >= on),
                Post.organization_id.in_(only),
            )
        )
        statement = statement.where(coming.exists())
    return statement


def _asked_for(q: str, posts: Rows, contacts: bool) -> ColumnElement[bool]:
    """Every term is in the person's names or in the words of a post they hold; or it is their address or number."""
    terms = [
        or_(search.holds(Person, [term]), posts.where(search.holds(Post, [term])).exists()) for term in query_terms(q)
    ]
    named = and_(true(), *terms)
    if not contacts:
        return named
    reached = [Person.email == q.strip().lower()] if "@" in q else []
    if len(phone_key(q)) >= 6:
        reached.append(Person.phone_key == phone_key(q))
    return or_(named, *reached)


def _people() -> Rows:
    columns = (Person.id, Person.name_zh, Person.name_en, Person.email, Person.phone)
    return select(*columns).where(Person.merged_into_id.is_(None))


def _appointments() -> Rows:
    return (
        select(
            Appointment.id,
            Appointment.person_id,
            Post.id,
            Post.title_zh,
            Post.title_en,
            Organization.id,
            Organization.name_zh,
            Organization.name_en,
            Appointment.starts_on,
            Appointment.ends_on,
        )
        .join(Post, Post.id == Appointment.post_id)
        .join(Organization, Organization.id == Post.organization_id)
    )


def _with_posts(rows: Iterable[Any], on: date) -> list[PersonRow]:
    people = [PersonRow(*row) for row in rows]
    posts: dict[int, list[HeldPost]] = {}
    statement = _appointments().where(Appointment.person_id.in_([person.id for person in people]), held_on(on))
    for row in db.session.execute(statement.order_by(Organization.position, Organization.id, Post.position, Post.id)):
        posts.setdefault(row.person_id, []).append(HeldPost(*row))
    return [
        PersonRow(each.id, each.name_zh, each.name_en, each.email, each.phone, tuple(posts.get(each.id, ())))
        for each in people
    ]
