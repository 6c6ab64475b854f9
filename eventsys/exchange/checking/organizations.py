"""Rows of organizations: a tree in any order, without circles, of which a name alone never says which one is meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import select

from eventsys.core.language import gettext as _
from eventsys.core.names import fold
from eventsys.directory.models import Organization
from eventsys.exchange.checking.checked import (
    Checked,
    begun,
    compare,
    refuse_twice,
    unknown_number,
)
from eventsys.exchange.checking.references import Marks, Referred, referred, refused_row, unknown_record
from eventsys.exchange.columns import Sheet
from eventsys.exchange.findings import Finding, asked, refused
from eventsys.exchange.reading.opened import Row
from eventsys.exchange.texts import organization_texts
from eventsys.extensions import db

NAMES = ("name_zh", "name_en")
DEEPEST = 200
Node = int | str


def check_organizations(rows: Sequence[Row], step: Callable[[int], None], _marks: Marks) -> list[Checked]:
    """All rows of organizations with their meaning."""
    found = [begun(row) for row in rows]
    refuse_twice(found, lambda each: each.mark, "number")
    refuse_twice(found, lambda each: each.subject_id, "number")
    records = {row.id: row for row in db.session.execute(select(Organization.__table__))}
    own: Marks = {Sheet.ORGANIZATIONS: {each.mark: each for each in found if each.mark}}
    parents = {id(each): _parent(each, own, records) for each in found}
    named = _by_name(records.values())
    for each in found:
        _compare(each, records, parents[id(each)])
        if not each.is_refused:
            _look_for_others(each, named)
    _refuse_twins([each for each in found if each.subject_id is None and not each.is_refused])
    _refuse_circles(found, parents, records)
    _refuse_below(found, parents)
    step(len(found))
    return found


def _parent(each: Checked, own: Marks, records: dict[int, Any]) -> Referred:
    parent = referred(each, "parent", Sheet.ORGANIZATIONS, own)
    if isinstance(parent, int):
        each.row.cells["parent"] = str(parent)
        if parent not in records:
            each.find(unknown_record("parent"))
            return None
    return parent


def _compare(each: Checked, records: dict[int, Any], parent: Referred) -> None:
    cells = each.row.cells
    if "language" in cells:
        cells["language"] = cells["language"] or "zh"
    if each.subject_id is None:
        if cells.get("closed_on"):
            each.find(_closed())
    elif (record := records.get(each.subject_id)) is None:
        each.find(unknown_number(Sheet.ORGANIZATIONS))
        each.subject_id = None
        return
    else:
        each.basis = record.version
        compare(each, organization_texts(record))
        if "closed_on" in each.changes:
            each.find(_closed())
    moves = each.subject_id is None or "parent" in each.changes
    if moves and isinstance(parent, int) and records[parent].closed_on is not None:
        each.find(refused("parent", lambda: _("This organization is closed. Choose an open one.")))


def _closed() -> Finding:
    return refused("closed_on", lambda: _("An organization is closed on its page, not by a file."))


def _by_name(records: Iterable[Any]) -> dict[tuple[str, str], list[int]]:
    named: dict[tuple[str, str], list[int]] = {}
    for record in records:
        for column in NAMES:
            named.setdefault((column, fold(getattr(record, column))), []).append(record.id)
    return named


def _look_for_others(each: Checked, named: dict[tuple[str, str], list[int]]) -> None:
    if each.subject_id is not None and not set(NAMES) & each.changes.keys():
        return
    others = {
        number
        for column in NAMES
        if each.row.cells.get(column)
        for number in named.get((column, fold(each.row.cells[column])), ())
    } - {each.subject_id}
    if others:
        each.likely = sorted(number for number in others if number is not None)
        each.find(same_name("name_zh", each.likely))


def same_name(column: str, others: Sequence[int]) -> Finding:
    """Something on record has this name; ask whether it is another one."""
    listed = ", ".join(str(number) for number in others[:10])
    return asked(
        column,
        lambda: _("Number %(numbers)s on record has the same name. Write the number if it is meant.", numbers=listed),
    )


def _refuse_twins(new: Sequence[Checked]) -> None:
    """Two new rows of one name below one parent are one organization, written twice."""
    refuse_twice(
        new,
        lambda each: (fold(each.row.cells.get("name_zh", "")), each.row.cells.get("parent", "")),
        "name_zh",
    )


def _refuse_circles(found: Sequence[Checked], parents: dict[int, Referred], records: dict[int, Any]) -> None:
    above: dict[Node, Node | None] = {number: record.parent_id for number, record in records.items()}
    for each in found:
        if "parent" in each.row.cells:
            above[_node(each)] = _node_of(parents[id(each)])
    for each in found:
        if "parent" in each.row.cells and _is_in_circle(_node(each), above):
            each.find(refused("parent", lambda: _("An organization cannot stand below itself. Choose another one.")))


def _refuse_below(found: Sequence[Checked], parents: dict[int, Referred]) -> None:
    """What stands below a refused row is refused, and what stands below that."""
    waiting = [each for each in found if isinstance(parents[id(each)], Checked) and not each.is_refused]
    for _each in range(DEEPEST):
        below = [each for each in waiting if _is_refused(parents[id(each)])]
        if not below:
            return
        for each in below:
            parent = parents[id(each)]
            each.find(refused_row("parent", parent.row.number if isinstance(parent, Checked) else 0))
        waiting = [each for each in waiting if not each.is_refused]


def _is_refused(parent: Referred) -> bool:
    return isinstance(parent, Checked) and parent.is_refused


def _node(each: Checked) -> Node:
    return each.subject_id if each.subject_id is not None else f"row {each.row.number}"


def _node_of(parent: Referred) -> Node | None:
    return _node(parent) if isinstance(parent, Checked) else parent


def _is_in_circle(start: Node, above: dict[Node, Node | None]) -> bool:
    node = above.get(start)
    for _each in range(DEEPEST):
        if node is None:
            return False
        if node == start:
            return True
        node = above.get(node)
    return False
