"""Addresses are made, replaced and revoked; that one was used is noted."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, update

from eventsys.core.actor import WORKER, Actor
from eventsys.core.audit import record
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.tokens import new_link_id
from eventsys.core.transaction import locked
from eventsys.directory.models import Organization, Person
from eventsys.extensions import db
from eventsys.feeds.models import CalendarAddress
from eventsys.feeds.queries.addresses import address_of
from eventsys.feeds.queries.ended import ended


def create_address(person_id: int, organization_id: int | None = None, *, by: Actor) -> CalendarAddress:
    """The address of the person's own calendar, or of an organization's.

    Raises `DomainError` when they have one already: a second click makes no second.
    """
    person = locked(Person, person_id)
    if address_of(person.id, organization_id) is not None:
        raise DomainError(_("You have an address for this calendar already."))
    organization = db.session.get_one(Organization, organization_id) if organization_id else None
    row = CalendarAddress(
        link_id=new_link_id(), person_id=person.id, organization_id=organization_id, created_at=now(), revoked_by=""
    )
    db.session.add(row)
    db.session.flush()
    record("calendar.create", row, by=by, after=_facts(row), label=_label(person, organization))
    return row


def replace_address(address: CalendarAddress, *, by: Actor) -> CalendarAddress:
    """A new address in the place of this one, which opens nothing from now on. Raises `DomainError` when it is none."""
    revoke_address(address, by=by)
    return create_address(address.person_id, address.organization_id, by=by)


def revoke_address(address: CalendarAddress, *, by: Actor, reason: str = "") -> CalendarAddress:
    """The address opens nothing from now on. Raises `DomainError` when it did not before.

    `reason` is for the log.
    """
    row = locked(CalendarAddress, address.id)
    if row.revoked_at is not None:
        raise DomainError(_("This address is revoked already."))
    row.revoked_at, row.revoked_by = now(), by.label
    db.session.flush()
    after = {**_facts(row), "revoked_at": row.revoked_at, **({"reason": reason} if reason else {})}
    record("calendar.revoke", row, by=by, after=after, label=_label(row.person, row.organization))
    return row


def revoke_ended(*, by: Actor = WORKER) -> int:
    """Revoke every address that works no more because its holder's account or role has ended; returns how many.

    So an account that is opened again, or a role that is granted anew, brings no forgotten address back to life.
    """
    found = ended()
    for address in found:
        revoke_address(address, by=by, reason="ended")
    return len(found)


def note_use(address_id: int, day: date) -> bool:
    """Write down that an address was used on a day; False when a day at least as late stands there."""
    earlier = or_(CalendarAddress.used_on.is_(None), CalendarAddress.used_on < day)
    statement = update(CalendarAddress).where(CalendarAddress.id == address_id, earlier).values(used_on=day)
    return bool(db.session.execute(statement).rowcount)  # type: ignore[attr-defined]


def _facts(row: CalendarAddress) -> dict[str, object]:
    """Whose calendar it is; never the address itself."""
    facts: dict[str, object] = {"person_id": row.person_id}
    return facts | ({"organization_id": row.organization_id} if row.organization_id else {})


def _label(person: Person, organization: Organization | None) -> str:
    return " · ".join(each.name("zh") for each in (person, organization) if each is not None)
