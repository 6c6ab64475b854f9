"""Who somebody is: an account's person with the roles they hold, in one query, two for a liaison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from eventsys.accounts.models import Account, HeldRole, SignIn
from eventsys.core.actor import ANONYMOUS, Actor, Held, Role
from eventsys.core.clock import today
from eventsys.core.language import choose
from eventsys.directory.models import Organization, Person
from eventsys.extensions import db


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An open sign-in and the actor behind it."""

    id: int
    actor: Actor


def office_zone() -> str:
    """The time zone of this installation's office, an IANA name."""
    return str(current_app.extensions["eventsys.settings"].zone)


def office_day() -> date:
    """Today where the office is: roles begin and end with its days."""
    return today(office_zone())


def holds_on(day: Any, held: Any = HeldRole) -> Any:
    """The condition that a role is held on that day."""
    return or_(held.ends_on.is_(None), held.ends_on >= day)


def has_left(person_id: Any) -> ColumnElement[bool]:
    """The condition that a person's account was closed: they answer for nobody any more, whatever role they held.

    Somebody who never had an account has not left.
    """
    return exists().where(Account.person_id == person_id, ~Account.active)


def _with_roles(*columns: Any) -> Select[Any]:
    return (
        select(
            *columns,
            Account.id.label("account_id"),
            Person.id.label("person_id"),
            Person.name_zh,
            Person.name_en,
            HeldRole.role,
            HeldRole.organization_id,
            HeldRole.meeting_id,
            Organization.path,
        )
        .select_from(Account)
        .join(Person, Person.id == Account.person_id)
        .outerjoin(HeldRole, and_(HeldRole.person_id == Person.id, holds_on(bindparam("day"))))
        .outerjoin(Organization, Organization.id == HeldRole.organization_id)
        .where(Account.active)
        .order_by(HeldRole.id)
    )


_BY_SECRET = (
    _with_roles(SignIn.id.label("sign_in_id"))
    .join(SignIn, SignIn.account_id == Account.id)
    .where(
        SignIn.secret_hash == bindparam("secret_hash"),
        SignIn.ended_at.is_(None),
        SignIn.started_at > bindparam("since"),
    )
)
_BY_ACCOUNT = _with_roles().where(Account.id == bindparam("account_id"))


def find_sign_in(secret_hash: str, since: datetime) -> SignedIn | None:
    """The open sign-in with this secret that started after `since`, None when there is none."""
    day = office_day()
    rows = db.session.connection().execute(_BY_SECRET, {"secret_hash": secret_hash, "since": since, "day": day}).all()
    return SignedIn(rows[0].sign_in_id, _actor(rows, day)) if rows else None


def load_actor(account_id: int) -> Actor:
    """The actor behind an account with the roles of today; the anonymous one when it is closed or not there."""
    day = office_day()
    rows = db.session.connection().execute(_BY_ACCOUNT, {"account_id": account_id, "day": day}).all()
    return _actor(rows, day) if rows else ANONYMOUS


def _actor(rows: Sequence[Row[Any]], day: date) -> Actor:
    first = rows[0]
    held = tuple(Held(row.role, row.organization_id, row.path or "", row.meeting_id) for row in rows if row.role)
    is_liaison = any(each.role is Role.LIAISON for each in held)
    return Actor(
        label=choose(first.name_zh, first.name_en),
        account_id=first.account_id,
        person_id=first.person_id,
        held=held,
        liaison_for=_answers_for(first.person_id, day) if is_liaison else frozenset(),
    )


def _covered(person_id: Any, below: Any) -> Select[Any]:
    """The organizations below each one a person is liaison for, but for those with a nearer liaison in between."""
    home, nearer_home = aliased(Organization), aliased(Organization)
    held, nearer = aliased(HeldRole), aliased(HeldRole)
    taken = (
        exists()
        .where(nearer.role == Role.LIAISON, holds_on(bindparam("day"), nearer), ~has_left(nearer.person_id))
        .where(nearer_home.id == nearer.organization_id, nearer_home.id != home.id)
        .where(below.path.startswith(nearer_home.path), nearer_home.path.startswith(home.path))
    )
    return (
        select(below.id)
        .select_from(held)
        .join(home, home.id == held.organization_id)
        .join(below, below.path.startswith(home.path))
        .where(held.person_id == person_id, held.role == Role.LIAISON)
        .where(holds_on(bindparam("day"), held), ~taken)
    )


_COVERED = _covered(bindparam("person_id"), aliased(Organization))


def answers_for(person_id: Any, organization_id: Any) -> ColumnElement[bool]:
    """The condition that, on the day of the parameter `day`, the person is a liaison who answers for the organization.

    Both ids are columns of the statement that it becomes part of.
    """
    below = aliased(Organization)
    return _covered(person_id, below).where(below.id == organization_id).exists()


def _answers_for(person_id: int, day: date) -> frozenset[int]:
    return frozenset(db.session.scalars(_COVERED, {"person_id": person_id, "day": day}))


def liaisons_of(organizations: Mapping[int, str]) -> dict[int, list[Person]]:
    """The liaisons who answer for each of the organizations (id and tree path): its own, else those nearest above.

    One whose account was closed has left and is none.
    """
    above = {key: [int(part) for part in path.split("/") if part] for key, path in organizations.items()}
    asked = {organization_id for chain in above.values() for organization_id in chain}
    people: dict[int | None, list[Person]] = {}
    statement = (
        select(HeldRole.organization_id, Person)
        .join(Person, Person.id == HeldRole.person_id)
        .where(HeldRole.role == Role.LIAISON, HeldRole.organization_id.in_(asked), holds_on(office_day()))
        .where(~has_left(HeldRole.person_id))
        .order_by(Person.sort_key, Person.id)
    )
    for organization_id, person in db.session.execute(statement):
        people.setdefault(organization_id, []).append(person)
    return {key: next((people[one] for one in reversed(chain) if one in people), []) for key, chain in above.items()}
