"""People: added and revised; a likely duplicate is pointed out before it is made."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import insert

from eventsys.core.actor import Actor
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import check_version
from eventsys.directory.models import DistinctPeople, Person, Post
from eventsys.directory.operations.appointments import appoint
from eventsys.directory.operations.facts import (
    LikelyDuplicate,
    PersonFacts,
    checked_email,
    checked_language,
    checked_phone,
    values_of,
)
from eventsys.directory.operations.present import locked_person
from eventsys.directory.operations.recording import record_change, record_new, snapshot
from eventsys.directory.queries.people import LikelyPerson, likely_duplicates
from eventsys.directory.words import office_today, refresh_person
from eventsys.extensions import db

COMPARED = ("name_zh", "name_en", "email", "phone")


def add_person(facts: PersonFacts, *, distinct_from: Collection[int] = (), by: Actor) -> Person:
    """Put a person on record. `distinct_from` are ids of records confirmed to be somebody else.

    Raises `LikelyDuplicate` for records that look the same and are not among them, `DomainError` at a field.
    """
    row = Person()
    _take(row, facts)
    likely = _likely(row)
    _refuse_likely(likely, distinct_from)
    db.session.add(row)
    db.session.flush()
    _keep_apart(row.id, [each.person.id for each in likely])
    record_new("person.add", row, by=by, label=row.name("zh"))
    return row


def add_person_to_post(
    facts: PersonFacts,
    post: Post,
    starts_on: date,
    *,
    distinct_from: Collection[int] = (),
    beside: str = "",
    by: Actor,
) -> Person:
    """Put a person on record and on a post in one act. Raises as `add_person` and `appoint` do."""
    person = add_person(facts, distinct_from=distinct_from, by=by)
    appoint(person, post, starts_on, beside=beside, by=by)
    return person


def revise_person(
    person: Person, facts: PersonFacts, version: int, *, distinct_from: Collection[int] = (), by: Actor
) -> Person:
    """Change a record. Raises as `add_person` does, and `Stale`."""
    row = locked_person(person.id)
    check_version(row, version)
    before = snapshot(row)
    with db.session.no_autoflush:
        _take(row, facts)
        likely = _likely(row) if any(before[name] != getattr(row, name) for name in COMPARED) else []
    _refuse_likely(likely, distinct_from)
    db.session.flush()
    _keep_apart(row.id, [each.person.id for each in likely])
    record_change("person.revise", row, before, by=by, label=row.name("zh"))
    return row


def _take(row: Person, facts: PersonFacts) -> None:
    if not (facts.name_zh or facts.name_en):
        raise DomainError(_("Write the name in Chinese or in English."), field="name_zh")
    values = values_of(facts) | {
        "email": checked_email(facts.email),
        "phone": checked_phone(facts.phone),
        "language": checked_language(facts.language),
    }
    for name, value in values.items():
        setattr(row, name, value)
    refresh_person(row)


def _likely(row: Person) -> list[LikelyPerson]:
    return likely_duplicates(row.name_zh, row.name_en, row.email, row.phone, office_today(), of=row.id or 0)


def _refuse_likely(likely: Collection[LikelyPerson], distinct_from: Collection[int]) -> None:
    if any(each.person.id not in distinct_from for each in likely):
        raise LikelyDuplicate(list(likely))


def _keep_apart(person_id: int, others: Collection[int]) -> None:
    """Remember that these are different people, so that nobody is asked again."""
    pairs = [{"one_id": min(person_id, other), "other_id": max(person_id, other)} for other in others]
    if pairs:
        db.session.execute(insert(DistinctPeople), pairs)
