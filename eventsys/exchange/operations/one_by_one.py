"""Organizations and posts of an import, written by the directory's own verbs, one after another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import select

from eventsys.core.actor import Actor
from eventsys.core.errors import DomainError, Stale
from eventsys.core.language import LANGUAGES, use_language
from eventsys.core.language import gettext as _
from eventsys.core.transaction import check_version, locked
from eventsys.directory.models import Organization, OrganizationKind, Post
from eventsys.directory.operations import (
    OrganizationFacts,
    PostFacts,
    add_organization,
    add_post,
    move_organization,
    revise_organization,
    revise_post,
)
from eventsys.directory.queries import post_kinds
from eventsys.exchange.columns import Sheet
from eventsys.exchange.findings import REFUSED, Finding
from eventsys.exchange.models import ImportRow, RowState
from eventsys.exchange.operations.plans import Plan, mark_written, moved
from eventsys.extensions import db

FACTS = tuple(OrganizationFacts.__dataclass_fields__)


class OneByOne:
    """Writes rows by a verb each; a row that the verb refuses leaves no trace."""

    step = 40
    plans_ahead = False
    needs_all = False

    def order(self, rows: Sequence[Any]) -> Sequence[Any]:
        return rows

    def plan(self, rows: Sequence[Any]) -> list[Plan]:
        return [Plan(row, known=list(row.likely), subject_id=row.subject_id) for row in rows]

    def write(self, plans: Sequence[Plan], *, by: Actor) -> None:
        for plan in plans:
            attempt(plan, partial(self.carry_out, plan, by=by))
            mark_written([plan])  # at once: the next row may refer to it

    def carry_out(self, plan: Plan, *, by: Actor) -> int:
        """Do what the row says and return the number of its record. Raises `DomainError`."""
        raise NotImplementedError


def attempt(plan: Plan, verb: Callable[[], int]) -> None:
    """Carry the verb out, or keep why it refuses, in both languages."""
    texts: dict[str, str] = {}
    column = ""
    for language in LANGUAGES:
        try:
            with use_language(language), db.session.begin_nested():
                plan.subject_id = verb()
            return
        except Stale:
            plan.obstacle = moved()
            return
        except DomainError as refusal:
            texts[language], column = refusal.message, refusal.field or ""
    plan.obstacle = Finding(column=column, weight=REFUSED, zh=texts["zh"], en=texts["en"])


def number_of(import_id: int, sheet: Sheet, text: str, column: str) -> int:
    """The record that a cell refers to, by number or by the mark of a row that was written before.

    Raises `DomainError` at the column for a mark whose row was not.
    """
    if text.isdigit():
        return int(text)
    return numbers_of(import_id, sheet, [text], column)[text]


def numbers_of(import_id: int, sheet: Sheet, marks: Sequence[str], column: str) -> Mapping[str, int]:
    """The records of marks, by mark. Raises `DomainError` at the column when one is none."""
    statement = select(ImportRow.mark, ImportRow.subject_id).where(
        ImportRow.import_id == import_id,
        ImportRow.sheet == sheet,
        ImportRow.mark.in_(marks),
        ImportRow.subject_id.is_not(None),
    )
    found = {row.mark: row.subject_id for row in db.session.execute(statement)}
    for mark in marks:
        if mark not in found:
            raise DomainError(
                _("The row with the mark “%(mark)s”, to which this refers, was not written.", mark=mark), field=column
            )
    return found


class OrganizationWriter(OneByOne):
    """Organizations, those above before those below."""

    needs_all = True

    def order(self, rows: Sequence[Any]) -> Sequence[Any]:
        waiting = {row.mark: row for row in rows if row.mark}
        ordered: list[Any] = []
        done: set[int] = set()

        def put(row: Any) -> None:
            if row.id in done:
                return
            done.add(row.id)
            above = waiting.get(row.cells.get("parent", ""))
            if above is not None:
                put(above)
            ordered.append(row)

        for row in rows:
            put(row)
        return ordered

    def carry_out(self, plan: Plan, *, by: Actor) -> int:
        row, cells = plan.row, plan.row.cells
        text = cells.get("parent", "")
        parent_id = number_of(row.import_id, Sheet.ORGANIZATIONS, text, "parent") if text else None
        if row.subject_id is None:
            _refuse_come(plan, select(Organization.id).where(Organization.name_zh == cells["name_zh"]))
            parent = db.session.get(Organization, parent_id) if parent_id else None
            facts = {name: cells.get(name, "") for name in FACTS}
            facts["language"] = facts["language"] or "zh"
            return add_organization(_facts(facts), parent, by=by).id
        office = locked(Organization, row.subject_id)
        check_version(office, row.basis)
        if row.changes.keys() - {"parent"}:
            kept = {name: cells.get(name, getattr(office, name)) for name in FACTS}
            office = revise_organization(office, _facts(kept), office.version, by=by)
        if "parent" in row.changes:
            move_organization(office, parent_id, office.version, by=by)
        return office.id


def _facts(values: dict[str, Any]) -> OrganizationFacts:
    return OrganizationFacts(**{**values, "kind": OrganizationKind(values["kind"])})


def _refuse_come(plan: Plan, same: Any) -> None:
    """Something of this name that nobody was asked about has come on record since the preview."""
    come = set(db.session.scalars(same)) - set(plan.known)
    if not come:
        return
    ours = select(ImportRow.subject_id).where(
        ImportRow.import_id == plan.row.import_id, ImportRow.state == RowState.WRITTEN, ImportRow.subject_id.in_(come)
    )
    if come - set(db.session.scalars(ours)):
        raise DomainError(_("The same name has come on record since the preview, number %(number)s.", number=min(come)))


class PostWriter(OneByOne):
    """Posts, each last in its organization."""

    def carry_out(self, plan: Plan, *, by: Actor) -> int:
        row, cells = plan.row, plan.row.cells
        kinds = {kind.name_zh: kind.id for kind in post_kinds()}
        if row.subject_id is None:
            number = number_of(row.import_id, Sheet.ORGANIZATIONS, cells["organization"], "organization")
            office = db.session.get(Organization, number)
            if office is None:
                raise DomainError(_("No record has this number."), field="organization")
            same = select(Post.id).where(Post.organization_id == number, Post.title_zh == cells.get("title_zh", ""))
            _refuse_come(plan, same)
            facts = PostFacts(cells.get("title_zh", ""), cells.get("title_en", ""), _kind(cells, kinds, None))
            return add_post(office, facts, by=by).id
        post = locked(Post, row.subject_id)
        check_version(post, row.basis)
        facts = PostFacts(
            cells.get("title_zh", post.title_zh),
            cells.get("title_en", post.title_en),
            _kind(cells, kinds, post.kind_id),
        )
        return revise_post(post, facts, post.version, by=by).id


def _kind(cells: Mapping[str, str], kinds: Mapping[str, int], kept: int | None) -> int | None:
    """The kind that the row names. Raises `DomainError` when it is no longer on record."""
    if "kind" not in cells:
        return kept
    if cells["kind"] and cells["kind"] not in kinds:
        raise DomainError(_("No kind of post has this name. Add it first, or leave the cell empty."), field="kind")
    return kinds.get(cells["kind"])
