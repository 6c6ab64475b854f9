"""Reads of the audit log: one question behind the page and its export, the newest entry first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, or_, select

from eventsys.accounts.models import Account
from eventsys.core.audit import AuditEntry
from eventsys.core.language import choose
from eventsys.directory.models import Person
from eventsys.extensions import Model, db

PAGE_SIZE = 50
CHUNK = 1000


@dataclass(frozen=True, slots=True)
class AuditFilters:
    """What is asked of the log; empty ones ask for everything. Days are days of the office, both included."""

    who: str = ""
    account: int = 0
    kind: str = ""
    verb: str = ""
    subject: str = ""
    meeting: int = 0
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some entries, and the ids that lead to newer and older ones (None at the ends)."""

    entries: Sequence[AuditEntry]
    newer: int | None
    older: int | None


def audit_page(filters: AuditFilters, zone: str, *, below: int = 0, above: int = 0) -> AuditPage:
    """Entries with ids under `below`, or the next ones over `above`, or the newest."""
    statement = _entries(filters, zone)
    if above:
        rows = _rows(statement.where(AuditEntry.id > above).order_by(AuditEntry.id))
        more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE][::-1]
        return AuditPage(rows, rows[0].id if rows and more else None, rows[-1].id if rows else None)
    if below:
        statement = statement.where(AuditEntry.id < below)
    rows = _rows(statement.order_by(AuditEntry.id.desc()))
    more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
    return AuditPage(rows, rows[0].id if rows and below else None, rows[-1].id if more else None)


def audit_export(filters: AuditFilters, zone: str) -> Iterator[AuditEntry]:
    """Every entry that the page would list, read in portions."""
    statement = _entries(filters, zone).order_by(AuditEntry.id.desc())
    yield from db.session.scalars(statement.execution_options(yield_per=CHUNK))


def account_names(ids: Iterable[int] | None = None) -> dict[int, str]:
    """Names of accounts' people by account, in the language of the page; of all accounts without `ids`."""
    statement = select(Account.id, Person.name_zh, Person.name_en).join(Person, Person.id == Account.person_id)
    if ids is not None:
        statement = statement.where(Account.id.in_(set(ids)))
    return {row.id: choose(row.name_zh, row.name_en) for row in db.session.execute(statement)}


def meeting_titles(ids: Sequence[int]) -> dict[int, str]:
    """Titles of meetings by id. This room stands before the meetings' own, so it asks the table and not the model."""
    meeting = Model.metadata.tables["meeting"]
    rows = db.session.execute(select(meeting.c.id, meeting.c.title_zh, meeting.c.title_en).where(meeting.c.id.in_(ids)))
    return {row.id: choose(row.title_zh, row.title_en) for row in rows}


def _rows(statement: Select[AuditEntry]) -> Sequence[AuditEntry]:
    return db.session.scalars(statement.limit(PAGE_SIZE + 1)).all()


def _entries(filters: AuditFilters, zone: str) -> Select[AuditEntry]:
    return select(AuditEntry).where(*_conditions(filters, zone))


def _conditions(filters: AuditFilters, zone: str) -> Iterator[ColumnElement[bool]]:
    if filters.who:
        named = or_(*(name.contains(filters.who, autoescape=True) for name in (Person.name_zh, Person.name_en)))
        theirs = select(Account.id).join(Person, Person.id == Account.person_id).where(named)
        yield or_(AuditEntry.actor.contains(filters.who, autoescape=True), AuditEntry.account_id.in_(theirs))
    if filters.account:
        yield AuditEntry.account_id == filters.account
    if filters.kind:
        yield AuditEntry.action.startswith(filters.kind + ".", autoescape=True)
    if filters.verb:
        yield AuditEntry.action.endswith("." + filters.verb, autoescape=True)
    if filters.subject:
        yield AuditEntry.subject_label.contains(filters.subject, autoescape=True)
    if filters.meeting:
        yield AuditEntry.meeting_id == filters.meeting
    if filters.first:
        yield AuditEntry.at >= _midnight(filters.first, zone)
    if filters.last:
        yield AuditEntry.at < _midnight(filters.last + timedelta(days=1), zone)


def _midnight(day: date, zone: str) -> Any:
    return datetime.combine(day, time(), ZoneInfo(zone))
