"""The audit log: who did what, when, from where, before and after.

Append only: triggers of the database refuse to change or delete an entry. `PROTECTION` makes them wherever the table is
made from the model; a migration executes the same statements.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import DDL, Index, String, event, insert
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.core.actor import Actor
from eventsys.core.clock import now
from eventsys.core.columns import Json, instant
from eventsys.extensions import Model, db


class AuditEntry(Model):
    """One act. `action` is `<subject>.<verb>`; `before` and `after` hold only what changed."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject", "subject_type", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = instant(index=True)
    account_id: Mapped[int | None] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(300))
    channel: Mapped[str] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(String(60))
    action: Mapped[str] = mapped_column(String(60), index=True)
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    subject_label: Mapped[str] = mapped_column(String(400))
    meeting_id: Mapped[int | None] = mapped_column(index=True)
    before: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


PROTECTION = {
    "sqlite": (
        """CREATE TRIGGER audit_entry_keeps BEFORE UPDATE ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'the audit log is append only'); END""",
        """CREATE TRIGGER audit_entry_stays BEFORE DELETE ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'the audit log is append only'); END""",
    ),
    "postgresql": (
        """CREATE OR REPLACE FUNCTION audit_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the audit log is append only'; END $$""",
        """CREATE OR REPLACE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE ON audit_entry
        FOR EACH ROW EXECUTE FUNCTION audit_entry_is_append_only()""",
    ),
}

for _dialect, _statements in PROTECTION.items():
    for _statement in _statements:
        _protect = DDL(_statement).execute_if(dialect=_dialect)  # type: ignore[no-untyped-call]
        event.listen(AuditEntry.__table__, "after_create", _protect)


def record(
    action: str,
    subject: Any,
    *,
    by: Actor,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    label: str = "",
    meeting_id: int | None = None,
) -> None:
    """Write an entry into the open unit of work. `subject` is a model with an id; flush it first."""
    db.session.connection().execute(
        _ENTRY,
        {
            "at": now(),
            "account_id": by.account_id,
            "actor": by.label,
            "channel": by.channel.value,
            "address": by.address,
            "action": action,
            "subject_type": type(subject).__tablename__,
            "subject_id": subject.id,
            "subject_label": label[:400],
            "meeting_id": meeting_id,
            "before": _plain(before or {}),
            "after": _plain(after or {}),
        },
    )


@dataclass(frozen=True, slots=True)
class Told:
    """What one of many entries says; see `record`."""

    action: str
    subject_id: int
    label: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def record_many(subject_type: str, entries: Iterable[Told], *, by: Actor) -> None:
    """Write many entries about rows of one table into the open unit of work, by one statement."""
    shared = {
        "at": now(),
        "account_id": by.account_id,
        "actor": by.label,
        "channel": by.channel.value,
        "address": by.address,
        "subject_type": subject_type,
        "meeting_id": None,
    }
    rows = [
        {
            **shared,
            "action": each.action,
            "subject_id": each.subject_id,
            "subject_label": each.label[:400],
            "before": _plain(each.before),
            "after": _plain(each.after),
        }
        for each in entries
    ]
    if rows:
        db.session.connection().execute(_ENTRY, rows)


_ENTRY = insert(AuditEntry)


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Only the entries that differ, from both sides."""
    changed = [key for key in after if before.get(key) != after[key]]
    return {key: before.get(key) for key in changed}, {key: after[key] for key in changed}


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}
