"""What refers to one person, or to their account, goes over to another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, or_, select, update

from eventsys.accounts.models import HeldRole
from eventsys.accounts.operations import close_account
from eventsys.accounts.operations.roles import refuse_last_administrator
from eventsys.core import audit
from eventsys.core.actor import Actor, Role
from eventsys.core.transaction import locked
from eventsys.directory.models import Appointment, Audience, DistinctPeople, Person
from eventsys.directory.operations.recording import record_change, snapshot
from eventsys.extensions import Model, db
from eventsys.feeds.models import CalendarAddress
from eventsys.feeds.operations import revoke_address
from eventsys.invitations.models import Attendee
from eventsys.notices.models import NoticeAuthor, NoticeReviewer, ReviewPlanReviewer
from eventsys.succession.queries.merging import Comparison, Join
from eventsys.succession.references import OF_ACCOUNT, OF_PERSON, Treatment


def move_all(found: Comparison, *, by: Actor) -> dict[str, Any]:
    """Move everything from `found.pair.gone` to `found.pair.staying`; returns the numbers for the audit log."""
    staying, gone = found.pair.staying, found.pair.gone
    _move_columns(OF_PERSON, gone.id, staying.id)
    _move_appointments(found, by=by)
    _move_roles(found)
    _move_account(found, by=by)
    _move_calendars(staying, gone, by=by)
    _move_attendees(found)
    _move_pairs(staying, gone)
    _move_audiences(found, by=by)
    return {
        "invitations": found.counts.invitations - len(found.over),
        "appointments": len(found.appointments_of(gone)),
        "roles": len(found.roles_of(gone)),
    }


def _move_columns(columns: Mapping[str, Treatment], old: int, new: int) -> None:
    """Every column whose rows simply go over."""
    for name, treatment in columns.items():
        if treatment is Treatment.MOVED:
            table_name, column_name = name.split(".")
            column = Model.metadata.tables[table_name].c[column_name]
            db.session.execute(update(column.table).where(column == old).values({column_name: new}))


def _move_appointments(found: Comparison, *, by: Actor) -> None:
    """Those that overlap on one post become one; the others go over."""
    for join in found.joins:
        _join(join, by=by)
    db.session.flush()
    theirs = Appointment.person_id == found.pair.gone.id
    for row in db.session.scalars(select(Appointment).where(theirs)):
        row.person_id = found.pair.staying.id
    db.session.flush()


def _join(join: Join, *, by: Actor) -> None:
    row = locked(Appointment, join.stays.appointment_id)
    before = snapshot(row)
    label = f"{row.person.name('zh')} · {join.stays.organization}{join.stays.title}"
    for each in join.others:
        other = locked(Appointment, each.appointment_id)
        audit.record("appointment.join", row, by=by, before=snapshot(other), label=label)
        db.session.delete(other)
    row.starts_on, row.ends_on = join.span.starts_on, join.span.ends_on
    db.session.flush()
    record_change("appointment.revise", row, before, by=by, label=label)


def _move_roles(found: Comparison) -> None:
    """A role that both hold is held once, as long as either would have held it."""
    mine = {_scope(row): row for row in found.roles_of(found.pair.staying)}
    for row in found.roles_of(found.pair.gone):
        same = mine.get(_scope(row))
        if same is None:
            row.person_id = found.pair.staying.id
            continue
        ends = None if None in {row.ends_on, same.ends_on} else max(row.ends_on, same.ends_on)  # type: ignore[type-var]
        same.ends_on = ends
        db.session.delete(row)
    db.session.flush()


def _scope(row: HeldRole) -> tuple[Role, int | None, int | None]:
    return row.role, row.organization_id, row.meeting_id


def _move_account(found: Comparison, *, by: Actor) -> None:
    """One person signs in with one account: where both have one, that of the record merged away is closed.

    Raises `DomainError` when no administrator could sign in any more.
    """
    staying, theirs = found.account_of(found.pair.staying), found.account_of(found.pair.gone)
    if theirs is None:
        return
    if staying is None:
        theirs.person_id = found.pair.staying.id
        db.session.flush()
        return
    _move_columns(OF_ACCOUNT, theirs.id, staying.id)
    for model, of in ((NoticeAuthor, "version_id"), (NoticeReviewer, "review_id"), (ReviewPlanReviewer, "step_id")):
        _move_once(model, of, theirs.id, staying.id)
    if theirs.active:
        if not (staying.active and staying.password):
            refuse_last_administrator(found.pair.staying.id)
        close_account(theirs, by=by)


def _move_once(model: Any, of: str, old: int, new: int) -> None:
    """Rows of which one account has one each: where the new account has one, the old one's goes."""
    parent = getattr(model, of)
    known = select(parent).where(model.account_id == new)
    db.session.execute(delete(model).where(model.account_id == old, parent.in_(known)))
    db.session.execute(update(model).where(model.account_id == old).values(account_id=new))


def _move_calendars(staying: Person, gone: Person, *, by: Actor) -> None:
    """One calendar has one address: the staying person's stays, the other is revoked where both have one."""
    mine = {row.organization_id for row in _addresses(staying)}
    for row in _addresses(gone):
        if row.organization_id in mine:
            revoke_address(row, by=by)
    db.session.flush()
    db.session.execute(update(CalendarAddress).where(CalendarAddress.person_id == gone.id).values(person_id=staying.id))


def _addresses(person: Person) -> list[CalendarAddress]:
    in_use = CalendarAddress.person_id == person.id, CalendarAddress.revoked_at.is_(None)
    return list(db.session.scalars(select(CalendarAddress).where(*in_use)))


def _move_attendees(found: Comparison) -> None:
    """All places and their histories; at meetings that are over and hold both, the record of then stays as it was."""
    kept = [clash.gone.attendee_id for clash in found.over]
    db.session.execute(
        update(Attendee)
        .where(Attendee.person_id == found.pair.gone.id, Attendee.id.not_in(kept))
        .values(person_id=found.pair.staying.id)
        .execution_options(synchronize_session=False)
    )


def _move_pairs(staying: Person, gone: Person) -> None:
    """Who is somebody else than the one is somebody else than the other; nobody is somebody else than themself."""
    pairs = or_(DistinctPeople.one_id == gone.id, DistinctPeople.other_id == gone.id)
    others = _apart_from(gone)
    db.session.execute(delete(DistinctPeople).where(pairs))
    for each in sorted(others - _apart_from(staying) - {staying.id}):
        low, high = sorted((each, staying.id))
        db.session.add(DistinctPeople(one_id=low, other_id=high))
    db.session.flush()


def _apart_from(person: Person) -> set[int]:
    """Whom the person was confirmed not to be."""
    pairs = or_(DistinctPeople.one_id == person.id, DistinctPeople.other_id == person.id)
    rows = db.session.execute(select(DistinctPeople.one_id, DistinctPeople.other_id).where(pairs))
    return {each for row in rows for each in row} - {person.id}


def _move_audiences(found: Comparison, *, by: Actor) -> None:
    """Saved rules name the staying person, once."""
    old, new = found.pair.gone.id, found.pair.staying.id
    for each in found.audiences:
        row = locked(Audience, each.id)
        before = snapshot(row)
        people = [new if person == old else person for person in row.rule["person_ids"]]
        row.rule = {**row.rule, "person_ids": list(dict.fromkeys(people))}
        db.session.flush()
        record_change("audience.revise", row, before, by=by, label=row.name("zh"))
