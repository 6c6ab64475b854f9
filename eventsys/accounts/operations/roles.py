"""Roles are granted and ended."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Protocol

from sqlalchemy import func, select

from eventsys.accounts.models import Account, HeldRole
from eventsys.accounts.queries.actors import holds_on
from eventsys.core.actor import Actor, Role
from eventsys.core.audit import record
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import locked
from eventsys.directory.models import Organization, Person
from eventsys.directory.operations import locked_person
from eventsys.directory.words import office_today
from eventsys.extensions import db

FOR_ORGANIZATION = (Role.ORGANIZER, Role.APPROVER, Role.EDITOR, Role.LIAISON)


class HasId(Protocol):
    """A meeting, of which this room knows only that it has an id."""

    @property
    def id(self) -> int: ...


def grant_role(
    person: Person,
    role: Role,
    organization: Organization | None = None,
    meeting: HasId | None = None,
    *,
    ends_on: date | None = None,
    by: Actor,
) -> HeldRole:
    """Let a person hold a role until `ends_on`, or without an end.

    Organizer, approver, editor and liaison are held for an organization, check-in for a meeting, administrator for all.
    Raises `DomainError` for anything else, a role that is held already, and an end that is past.
    """
    _check_scope(role, organization, meeting)
    if ends_on is not None and ends_on < office_today():
        raise DomainError(_("This day is past. Choose today or a later day, or leave it empty."), field="ends_on")
    person = locked_person(person.id)
    if role is Role.ADMINISTRATOR and ends_on is not None:
        refuse_last_administrator(person.id)
    scope = {
        "organization_id": organization.id if organization else None,
        "meeting_id": meeting.id if meeting else None,
    }
    row = db.session.scalars(select(HeldRole).filter_by(person_id=person.id, role=role, **scope)).first()
    if row is not None and row.ends_on == ends_on:
        raise DomainError(_("This person holds this role already."), field="role")
    if row is None:
        row = HeldRole(person_id=person.id, role=role, **scope)
        db.session.add(row)
    row.ends_on = ends_on
    db.session.flush()
    record(
        "role.grant",
        row,
        by=by,
        label=person.name("zh"),
        after=_facts(row, organization),
        meeting_id=row.meeting_id,
    )
    return row


def end_role(held: HeldRole, *, by: Actor) -> HeldRole:
    """End a role now: yesterday was its last day. Raises `DomainError` for the last administrator's."""
    yesterday = office_today() - timedelta(days=1)
    if held.role is Role.ADMINISTRATOR:
        refuse_last_administrator(held.person_id)
    row = locked(HeldRole, held.id)
    if row.ends_on is not None and row.ends_on <= yesterday:
        return row
    before = _facts(row, row.organization)
    row.ends_on = yesterday
    record(
        "role.end",
        row,
        by=by,
        label=row.person.name("zh"),
        before=before,
        after={"ends_on": yesterday.isoformat()},
        meeting_id=row.meeting_id,
    )
    return row


def refuse_last_administrator(person_id: int) -> None:
    """Raise `DomainError` when nobody but this person could administer: some administrator must be able to sign in.

    Whoever asks holds all administrators' roles until the unit of work ends, so that two do not remove each other.
    """
    everybody = select(HeldRole.id).where(HeldRole.role == Role.ADMINISTRATOR).order_by(HeldRole.id)
    db.session.execute(everybody.with_for_update()).all()
    others = (
        select(func.count())
        .select_from(HeldRole)
        .join(Account, Account.person_id == HeldRole.person_id)
        .where(HeldRole.role == Role.ADMINISTRATOR, HeldRole.ends_on.is_(None))
        .where(Account.active, Account.password.is_not(None), HeldRole.person_id != person_id)
    )
    if _administers(person_id) and not db.session.scalar(others):
        raise DomainError(_("This is the last administrator who can sign in. Make somebody else administrator first."))


def _administers(person_id: int) -> bool:
    mine = select(HeldRole.id).where(HeldRole.person_id == person_id, HeldRole.role == Role.ADMINISTRATOR)
    return db.session.scalar(mine.where(holds_on(office_today())).limit(1)) is not None


def _check_scope(role: Role, organization: Organization | None, meeting: HasId | None) -> None:
    if (organization is not None) != (role in FOR_ORGANIZATION):
        raise DomainError(_("Choose the organization for which this role is held."), field="organization_id")
    if (meeting is not None) != (role is Role.CHECK_IN):
        raise DomainError(_("Choose the meeting at whose door this person checks in."), field="meeting_id")


def _facts(row: HeldRole, organization: Organization | None) -> dict[str, object]:
    facts: dict[str, object] = {"role": row.role.value, "person_id": row.person_id}
    if organization is not None:
        facts |= {"organization_id": organization.id, "organization": organization.name("zh")}
    if row.ends_on is not None:
        facts["ends_on"] = row.ends_on.isoformat()
    return facts
