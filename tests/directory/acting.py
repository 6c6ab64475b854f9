"""Verbs of the directory as an administrator carries them out in tests, each in its own unit of work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import event, select

from eventsys.core.actor import Actor, Held, Role
from eventsys.core.audit import AuditEntry
from eventsys.core.transaction import write
from eventsys.directory import operations
from eventsys.directory.models import Appointment, Organization, OrganizationKind, Person, Post
from eventsys.directory.operations import OrganizationFacts, PersonFacts, PostFacts
from eventsys.extensions import db

ADMINISTRATOR = Actor(label="管理员", account_id=1, held=(Held(Role.ADMINISTRATOR),))
DAY = date(2024, 8, 22)


def added(name_zh: str, parent: Organization | None = None, **facts: Any) -> Organization:
    values = {"kind": OrganizationKind.DISTRICT, "name_zh": name_zh, "name_en": f"En {name_zh}", **facts}
    with write():
        return operations.add_organization(OrganizationFacts(**values), parent, by=ADMINISTRATOR)


def post_in(office: Organization, title_zh: str = "主任", kind_id: int | None = None) -> Post:
    with write():
        return operations.add_post(office, PostFacts(title_zh, f"En {title_zh}", kind_id), by=ADMINISTRATOR)


def known(name_zh: str = "", **facts: Any) -> Person:
    with write():
        return operations.add_person(PersonFacts(name_zh=name_zh, **facts), by=ADMINISTRATOR)


def appointed(
    person: Person, post: Post, starts_on: date = date(2024, 1, 1), ends_on: date | None = None, beside: str = ""
) -> Appointment:
    with write():
        return operations.appoint(person, post, starts_on, ends_on, beside=beside, by=ADMINISTRATOR)


def last_entry() -> AuditEntry:
    return db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()


def selects(act: Callable[[], object]) -> int:
    """How many questions the act asks the database."""
    asked: list[str] = []

    def count(*call: Any) -> None:
        asked.extend([call[2]] if call[2].startswith("SELECT") else [])

    for engine in db.engines.values():
        event.listen(engine, "before_cursor_execute", count)
    try:
        act()
    finally:
        for engine in db.engines.values():
            event.remove(engine, "before_cursor_execute", count)
    return len(asked)


def liaison_of(office: Organization) -> Actor:
    return Actor("联络员", 7, None, (Held(Role.LIAISON, office.id, office.path),), frozenset({office.id}))


def organizer_of(office: Organization) -> Actor:
    return Actor("会务", 8, None, (Held(Role.ORGANIZER, office.id, office.path),))
