"""Rows of posts: each in its organization, with a kind that is on record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from eventsys.core.language import gettext as _
from eventsys.core.names import fold
from eventsys.directory.models import Organization, Post
from eventsys.directory.queries import post_kinds
from eventsys.exchange.checking.checked import Checked, begun, compare, in_steps, refuse_twice, unknown_number
from eventsys.exchange.checking.organizations import same_name
from eventsys.exchange.checking.references import Marks, Referred, check_name, referred, unknown_record
from eventsys.exchange.columns import Sheet, plain
from eventsys.exchange.findings import Finding, refused
from eventsys.exchange.queries.exports import posts_with_names
from eventsys.exchange.reading.opened import Row
from eventsys.exchange.texts import post_texts
from eventsys.extensions import db


@dataclass(frozen=True, slots=True)
class _Kind:
    name_zh: str
    name_en: str


def check_posts(rows: Sequence[Row], step: Callable[[int], None], marks: Marks) -> list[Checked]:
    """All rows of posts with their meaning."""
    found = [begun(row) for row in rows]
    refuse_twice(found, lambda each: each.mark, "number")
    refuse_twice(found, lambda each: each.subject_id, "number")
    kinds = {}
    for kind in post_kinds():
        for name in (kind.name_en, kind.name_zh):
            kinds[plain(name)] = _Kind(kind.name_zh, kind.name_en)
    for part in in_steps(found):
        _check_part(part, marks, kinds)
        step(len(part))
    new = [each for each in found if each.subject_id is None and not each.is_refused]
    refuse_twice(new, lambda each: (each.row.cells["organization"], fold(each.row.cells["title_zh"])), "title_zh")
    return found


def _check_part(part: Sequence[Checked], marks: Marks, kinds: dict[str, _Kind]) -> None:
    offices = {id(each): referred(each, "organization", Sheet.ORGANIZATIONS, marks) for each in part}
    wanted = {number for number in offices.values() if isinstance(number, int)}
    known = {
        row.id: row
        for row in db.session.execute(
            select(Organization.id, Organization.name_zh, Organization.name_en, Organization.closed_on).where(
                Organization.id.in_(wanted)
            )
        )
    }
    statement, number = posts_with_names()
    subjects = [each.subject_id for each in part if each.subject_id]
    records = {row.id: row for row in db.session.execute(statement.where(number.in_(subjects)))}
    titles = _titles(wanted)
    for each in part:
        _check_office(each, offices[id(each)], known)
        _fill_in(each, kinds)
        _compare(each, records)
        if not each.is_refused:
            _look_for_others(each, offices[id(each)], titles)


def _titles(offices: set[int]) -> dict[tuple[int, str], list[int]]:
    found: dict[tuple[int, str], list[int]] = {}
    for row in db.session.execute(
        select(Post.id, Post.organization_id, Post.title_zh).where(Post.organization_id.in_(offices))
    ):
        found.setdefault((row.organization_id, fold(row.title_zh)), []).append(row.id)
    return found


def _check_office(each: Checked, office: Referred, known: dict[int, Any]) -> None:
    if isinstance(office, Checked):
        check_name(each, "organization_name", tuple(office.row.cells.get(key, "") for key in ("name_zh", "name_en")))
    elif office is not None and office not in known:
        each.find(unknown_record("organization"))
    elif office is not None:
        each.row.cells["organization"] = str(office)
        check_name(each, "organization_name", (known[office].name_zh, known[office].name_en))
        if each.subject_id is None and known[office].closed_on is not None:
            each.find(refused("organization", lambda: _("This organization is closed. Choose an open one.")))


def _fill_in(each: Checked, kinds: dict[str, _Kind]) -> None:
    """The kind by its Chinese name, and the titles that are taken from it."""
    cells = each.row.cells
    kind = kinds.get(plain(cells["kind"])) if cells.get("kind") else None
    if cells.get("kind") and kind is None:
        each.find(refused("kind", lambda: _("No kind of post has this name. Add it first, or leave the cell empty.")))
    if kind is not None:
        cells["kind"] = kind.name_zh
        for column, name in (("title_zh", kind.name_zh), ("title_en", kind.name_en)):
            if column in cells or each.subject_id is None:
                cells[column] = cells.get(column) or name


def _compare(each: Checked, records: dict[int, Any]) -> None:
    cells = each.row.cells
    if each.subject_id is None:
        if cells.get("abolished_on"):
            each.find(_abolished())
    elif (record := records.get(each.subject_id)) is None:
        each.find(unknown_number(Sheet.POSTS))
        each.subject_id = None
        return
    else:
        each.basis = record.version
        compare(each, post_texts(record))
        if "organization" in each.changes:
            each.find(refused("organization", lambda: _("A post stays in its organization. Add a new post instead.")))
        if "abolished_on" in each.changes:
            each.find(_abolished())
    for column in ("title_zh", "title_en"):
        if not cells.get(column) and (each.subject_id is None or column in cells):
            each.find(_untitled(column))


def _abolished() -> Finding:
    return refused("abolished_on", lambda: _("A post is abolished on its page, not by a file."))


def _untitled(column: str) -> Finding:
    return refused(column, lambda: _("Write the title, or a kind from which it is taken."))


def _look_for_others(each: Checked, office: Referred, titles: dict[tuple[int, str], list[int]]) -> None:
    if not isinstance(office, int) or (each.subject_id is not None and "title_zh" not in each.changes):
        return
    others = [
        number for number in titles.get((office, fold(each.row.cells["title_zh"])), ()) if number != each.subject_id
    ]
    if others:
        each.likely = sorted(others)
        each.find(same_name("title_zh", each.likely))
