"""What is exported: every row of a kind as cells, read some at a time so that a long list costs no memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from eventsys.directory.models import Appointment, Organization, Person, Post, PostKind
from eventsys.directory.queries import tree_order
from eventsys.directory.queries.lists import Rows
from eventsys.exchange.columns import Sheet
from eventsys.exchange.texts import TEXTS
from eventsys.extensions import db

STEP = 1000


def exported(sheet: Sheet) -> Iterator[dict[str, str]]:
    """The cells of every record of the kind, by column key: organizations as the tree has them, others by number."""
    rows = _organizations() if sheet is Sheet.ORGANIZATIONS else _by_number(*_STATEMENTS[sheet]())
    texts = TEXTS[sheet]
    return (texts(row) for row in rows)


def posts_with_names() -> tuple[Rows, Any]:
    """Posts with their organization's names and their kind's name, and the column of their numbers."""
    statement = (
        select(
            Post.id,
            Post.organization_id,
            Organization.name_zh.label("organization_zh"),
            Organization.name_en.label("organization_en"),
            Organization.closed_on,
            PostKind.name_zh.label("kind_zh"),
            Post.kind_id,
            Post.title_zh,
            Post.title_en,
            Post.abolished_on,
            Post.version,
        )
        .join(Organization, Organization.id == Post.organization_id)
        .outerjoin(PostKind, PostKind.id == Post.kind_id)
    )
    return statement, Post.id


def appointments_with_names() -> tuple[Rows, Any]:
    """Appointments with the person's names and the post's titles, and the column of their numbers."""
    post = aliased(Post)
    statement = (
        select(
            Appointment.id,
            Appointment.person_id,
            Person.name_zh.label("person_zh"),
            Person.name_en.label("person_en"),
            Appointment.post_id,
            post.title_zh,
            post.title_en,
            Appointment.starts_on,
            Appointment.ends_on,
            Appointment.version,
        )
        .join(Person, Person.id == Appointment.person_id)
        .join(post, post.id == Appointment.post_id)
    )
    return statement, Appointment.id


def _people() -> tuple[Rows, Any]:
    names = ("id", "name_zh", "name_en", "email", "phone", "language", "note")
    statement = select(*(getattr(Person, name) for name in names)).where(Person.merged_into_id.is_(None))
    return statement, Person.id


_STATEMENTS = {
    Sheet.POSTS: posts_with_names,
    Sheet.PEOPLE: _people,
    Sheet.APPOINTMENTS: appointments_with_names,
}


def _by_number(statement: Rows, number: Any) -> Iterator[Any]:
    last = 0
    while rows := db.session.execute(statement.where(number > last).order_by(number).limit(STEP)).all():
        yield from rows
        last = rows[-1].id


def _organizations() -> Iterator[Any]:
    order = tree_order()
    rows = db.session.execute(select(Organization.__table__)).all()
    return iter(sorted((_Office(row) for row in rows), key=lambda row: order.get(row.id, 0)))


class _Office:
    """A row of the table whose kind is asked for by name; the rest is passed on."""

    def __init__(self, row: Any) -> None:
        self._row = row

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)
