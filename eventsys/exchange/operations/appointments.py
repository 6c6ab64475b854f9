"""Appointments of an import, written many at once with the truths of the directory's own verbs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from eventsys.core import audit
from eventsys.core.actor import Actor
from eventsys.core.language import gettext as _
from eventsys.directory.models import Appointment
from eventsys.exchange.checking.appointments import people_named, posts_named
from eventsys.exchange.checking.checked import in_steps
from eventsys.exchange.columns import Sheet
from eventsys.exchange.findings import Finding, refused
from eventsys.exchange.models import ImportRow, RowState
from eventsys.exchange.operations.numbering import reserved
from eventsys.exchange.operations.plans import Plan, moved, stop_moved
from eventsys.extensions import db

COLUMNS = ("person_id", "post_id", "starts_on", "ends_on")


class AppointmentWriter:
    """Writes rows of appointments; changed ones come first, since an end makes room for who comes after."""

    step = 200
    plans_ahead = False
    needs_all = False

    def order(self, rows: Sequence[Any]) -> Sequence[Any]:
        return rows

    def plan(self, rows: Sequence[Any]) -> list[Plan]:
        return [plan for part in in_steps(rows) for plan in _plans(part)]

    def write(self, plans: Sequence[Plan], *, by: Actor) -> None:
        for part in in_steps(plans):
            stop_moved(part, Appointment)
        for part in in_steps([plan for plan in plans if plan.obstacle is None and not plan.is_new]):
            _stop_overlaps(part, plans)
            _update([plan for plan in part if plan.obstacle is None])
        for part in in_steps([plan for plan in plans if plan.obstacle is None and plan.is_new]):
            _stop_overlaps(part, plans)
            _insert([plan for plan in part if plan.obstacle is None])
        going = [plan for plan in plans if plan.obstacle is None]
        audit.record_many(Appointment.__tablename__, (_told(plan) for plan in going), by=by)


def _plans(rows: Sequence[Any]) -> list[Plan]:
    import_id = rows[0].import_id
    people = _numbers(import_id, Sheet.PEOPLE, {row.cells["person"] for row in rows})
    posts = _numbers(import_id, Sheet.POSTS, {row.cells["post"] for row in rows})
    named, titled = people_named(set(people.values())), posts_named(set(posts.values()))
    table = Appointment.__table__
    subjects = [row.subject_id for row in rows if row.subject_id]
    records = {row.id: row for row in db.session.execute(select(table).where(table.c.id.in_(subjects)))}
    return [
        _plan(
            row,
            named.get(people.get(row.cells["person"], 0)),
            titled.get(posts.get(row.cells["post"], 0)),
            records.get(row.subject_id),
        )
        for row in rows
    ]


def _numbers(import_id: int, sheet: Sheet, texts: set[str]) -> dict[str, int]:
    """Records by the text that refers to them; a mark whose row was not written is left out."""
    marks = [text for text in texts if not text.isdigit()]
    statement = select(ImportRow.mark, ImportRow.subject_id).where(
        ImportRow.import_id == import_id, ImportRow.sheet == sheet, ImportRow.mark.in_(marks)
    )
    found = {row.mark: row.subject_id for row in db.session.execute(statement) if row.subject_id} if marks else {}
    return {**{text: int(text) for text in texts if text.isdigit()}, **found}


def _plan(row: Any, who: Any, post: Any, record: Any) -> Plan:
    plan = Plan(row, known=list(row.likely), subject_id=row.subject_id)
    if who is None or post is None:
        plan.obstacle = _unwritten("person" if who is None else "post")
        return plan
    if row.subject_id and record is None:
        plan.obstacle = moved()
        return plan
    plan.values = {
        "person_id": who.id,
        "post_id": post.id,
        "starts_on": _day(row.cells, "starts_on", record),
        "ends_on": _day(row.cells, "ends_on", record),
    }
    abolished, ends_on = post.abolished_on, plan.values["ends_on"]
    if abolished is not None and (ends_on is None or ends_on >= abolished):
        plan.obstacle = moved("post")
    before = {name: getattr(record, name) for name in COLUMNS} if record is not None else {}
    plan.before, plan.after = audit.difference(before, plan.values)
    if record is None:
        plan.before, plan.after = {}, {name: value for name, value in plan.values.items() if value}
    plan.label = f"{who.name_zh or who.name_en} · {post.organization_zh}{post.title_zh}"
    return plan


def _unwritten(column: str) -> Finding:
    return refused(column, lambda: _("The row or record to which this refers was not written, or is gone."))


def _day(cells: dict[str, str], column: str, record: Any) -> date | None:
    if column not in cells:
        return getattr(record, column) if record is not None else None
    return date.fromisoformat(cells[column]) if cells[column] else None


def _stop_overlaps(part: Sequence[Plan], all_of_them: Sequence[Plan]) -> None:
    """Stop rows whose post somebody else holds then who was not known of when it was decided."""
    if not part:
        return
    table = Appointment.__table__
    posts = {plan.values["post_id"] for plan in part}
    held: dict[int, list[Any]] = {}
    for row in db.session.execute(select(table).where(table.c.post_id.in_(posts))):
        held.setdefault(row.post_id, []).append(row)
    ours = _of_import(all_of_them, {row.id for rows in held.values() for row in rows})
    for plan in part:
        known = {*plan.known, *ours, plan.subject_id}
        others = [row for row in held.get(plan.values["post_id"], ()) if row.id not in known]
        if any(_overlaps(row, plan.values) for row in others):
            plan.obstacle = moved("post")


def _of_import(plans: Sequence[Plan], numbers: set[int]) -> set[int]:
    """Which appointments this import has written: they were compared with one another in the file."""
    found: set[int] = {plan.subject_id for plan in plans if plan.subject_id is not None and plan.obstacle is None}
    if numbers:
        statement = select(ImportRow.subject_id).where(
            ImportRow.import_id == plans[0].row.import_id,
            ImportRow.sheet == Sheet.APPOINTMENTS,
            ImportRow.state == RowState.WRITTEN,
            ImportRow.subject_id.in_(numbers),
        )
        found |= {number for number in db.session.scalars(statement) if number is not None}
    return found


def _overlaps(row: Any, values: dict[str, Any]) -> bool:
    return (values["ends_on"] is None or row.starts_on <= values["ends_on"]) and (
        row.ends_on is None or values["starts_on"] <= row.ends_on
    )


def _insert(plans: Sequence[Plan]) -> None:
    for plan, number in zip(plans, reserved(Appointment, len(plans)), strict=True):
        plan.subject_id = number
    values = [{**plan.values, "id": plan.subject_id, "version": 1} for plan in plans]
    if values:
        db.session.connection().execute(insert(Appointment), values)


def _update(plans: Sequence[Plan]) -> None:
    values = [
        {"the_id": plan.subject_id, "first": plan.values["starts_on"], "last": plan.values["ends_on"]} for plan in plans
    ]
    if values:
        db.session.connection().execute(_DAYS, values)


_TABLE: Any = Appointment.__table__
_DAYS = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("the_id"))
    .values(
        starts_on=bindparam("first", type_=_TABLE.c.starts_on.type),
        ends_on=bindparam("last", type_=_TABLE.c.ends_on.type),
        version=_TABLE.c.version + 1,
    )
)


def _told(plan: Plan) -> audit.Told:
    action = "appointment.add" if plan.is_new else "appointment.revise"
    return audit.Told(action, plan.subject_id or 0, plan.label, plan.before, plan.after)
