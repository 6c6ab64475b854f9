"""People of an import, written many at once with the truths of the directory's own verbs.

The same columns are filled, the same entries go into the audit log, the same pairs are kept apart; a version that has
moved, an address that somebody has taken and a lookalike that has come since stop the row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from eventsys.core import audit
from eventsys.core.actor import Actor
from eventsys.core.language import gettext as _
from eventsys.directory.models import DistinctPeople, Person
from eventsys.directory.operations.recording import snapshot
from eventsys.directory.words import refresh_person
from eventsys.exchange.checking.checked import in_steps
from eventsys.exchange.checking.people import owned
from eventsys.exchange.columns import Sheet
from eventsys.exchange.findings import Finding, refused
from eventsys.exchange.models import ImportRow, RowState
from eventsys.exchange.operations.numbering import reserved
from eventsys.exchange.operations.plans import Plan, stop_moved
from eventsys.exchange.queries.lookalikes import Sign, alike, distinct_pairs, people_by_id
from eventsys.extensions import db

FACTS = ("name_zh", "name_en", "email", "phone", "language", "note")
COMPARED = {"name_zh", "name_en", "email", "phone"}
WRITTEN = tuple(column.key for column in Person.__table__.columns if column.key not in {"id", "version"})
OF_NAMES = {"name_zh", "name_en", "sort_key", "sort_key_en", "search_text"}


class PeopleWriter:
    """Writes rows of people; what is slow (pinyin, search text) is made before the unit of work."""

    step = 200
    plans_ahead = True
    needs_all = False

    def order(self, rows: Sequence[Any]) -> Sequence[Any]:
        return rows

    def plan(self, rows: Sequence[Any]) -> list[Plan]:
        records = people_by_id(row.subject_id for row in rows if row.subject_id)
        return [_plan(row, records.get(row.subject_id or 0)) for row in rows]

    def write(self, plans: Sequence[Plan], *, by: Actor) -> None:
        for part in in_steps(plans):
            stop_moved(part, Person)
            _stop_lookalikes(part)
        going = [plan for plan in plans if plan.obstacle is None]
        _insert([plan for plan in going if plan.is_new])
        _update([plan for plan in going if not plan.is_new])
        _keep_apart(going)
        audit.record_many(Person.__tablename__, (_told(plan) for plan in going), by=by)


def _plan(row: Any, record: Any) -> Plan:
    person = Person(**(record._mapping if record is not None else {}))
    for name in WRITTEN if record is None else ():
        setattr(person, name, None if Person.__table__.c[name].nullable else "")
    before = snapshot(person) if record is not None else {}
    for name in FACTS:
        if name in row.cells:
            setattr(person, name, row.cells[name] or (None if name == "language" else ""))
    refresh_person(person)
    after = snapshot(person)
    old, new = audit.difference(before, after)
    if record is None:
        new = {key: value for key, value in after.items() if value}
    return Plan(
        row,
        {name: getattr(person, name) for name in WRITTEN},
        old,
        new,
        person.name("zh"),
        Sign(person.email, person.sort_key, person.sort_key_en, person.phone_key if len(person.phone_key) >= 6 else ""),
        list(row.likely),
    )


def _stop_lookalikes(plans: Sequence[Plan]) -> None:
    """Stop rows whose address is taken meanwhile, or that look like somebody who was not known of before."""
    looked = [plan for plan in plans if plan.obstacle is None and (plan.is_new or COMPARED & plan.after.keys())]
    same = alike([plan.sign for plan in looked])
    appeared = {plan.row.id: _appeared(plan, same) for plan in looked}
    ours = _of_import(plans, {number for found in appeared.values() for number in found})
    for plan in looked:
        owners = [known for known in same.by_email.get(plan.sign.email, ()) if known.id != plan.row.subject_id]
        others = set(appeared[plan.row.id]) - ours
        if plan.sign.email and owners:
            plan.obstacle = owned(owners[0])
        elif others:
            plan.obstacle = _come(min(others))


def _come(number: int) -> Finding:
    return refused(
        "",
        lambda: _(
            "Somebody who looks the same has come on record since the preview, number %(number)s.", number=number
        ),
    )


def _appeared(plan: Plan, same: Any) -> list[int]:
    return list(same.of(plan.sign, [*plan.known, plan.row.subject_id or 0]))


def _of_import(plans: Sequence[Plan], numbers: set[int]) -> set[int]:
    """Which of the people this import itself has written: they were compared with one another in the file."""
    if not numbers or not plans:
        return set()
    statement = select(ImportRow.subject_id).where(
        ImportRow.import_id == plans[0].row.import_id,
        ImportRow.sheet == Sheet.PEOPLE,
        ImportRow.state == RowState.WRITTEN,
        ImportRow.subject_id.in_(numbers),
    )
    return {number for number in db.session.scalars(statement) if number is not None}


def _insert(plans: Sequence[Plan]) -> None:
    for plan, number in zip(plans, reserved(Person, len(plans)), strict=True):
        plan.subject_id = number
    values = [{**plan.values, "id": plan.subject_id, "version": 1} for plan in plans]
    if values:
        db.session.connection().execute(insert(Person), values)


def _update(plans: Iterable[Plan]) -> None:
    """Write the columns; those of the names only where a name changed, since the search index follows them."""
    with_names: list[dict[str, Any]] = []
    without: list[dict[str, Any]] = []
    for plan in plans:
        named = bool({"name_zh", "name_en"} & plan.after.keys())
        values = {f"new_{name}": value for name, value in plan.values.items() if named or name not in OF_NAMES}
        (with_names if named else without).append({"the_id": plan.subject_id, **values})
    for names, rows in ((WRITTEN, with_names), (_UNNAMED, without)):
        if rows:
            db.session.connection().execute(_update_of(names), rows)


def _update_of(names: Sequence[str]) -> Any:
    table: Any = Person.__table__
    new = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
    return update(table).where(table.c.id == bindparam("the_id")).values(version=table.c.version + 1, **new)


_UNNAMED = tuple(name for name in WRITTEN if name not in OF_NAMES)


def _keep_apart(plans: Sequence[Plan]) -> None:
    """Remember that those who look the same are others, so that nobody is asked again."""
    asked = {
        (min(number, plan.subject_id or 0), max(number, plan.subject_id or 0))
        for plan in plans
        for number in plan.known
        if number != plan.subject_id
    }
    if not asked:
        return
    known = distinct_pairs({plan.subject_id or 0 for plan in plans if plan.known and not plan.is_new})
    values = [{"one_id": one, "other_id": other} for one, other in sorted(asked - known)]
    if values:
        db.session.connection().execute(insert(DistinctPeople), values)


def _told(plan: Plan) -> audit.Told:
    action = "person.add" if plan.is_new else "person.revise"
    return audit.Told(action, plan.subject_id or 0, plan.label, plan.before, plan.after)
