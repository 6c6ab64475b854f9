"""How changes of the directory are written into the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any

from eventsys.core import audit
from eventsys.core.actor import Actor

HIDDEN = frozenset({"id", "version", "sort_key", "sort_key_en", "search_text", "phone_key", "calendar_link_id"})


def snapshot(row: Any) -> dict[str, Any]:
    """The row's columns as plain values, without those that are made from others."""
    return {
        column.key: _plain(getattr(row, column.key)) for column in row.__table__.columns if column.key not in HIDDEN
    }


def record_new(action: str, row: Any, *, by: Actor, label: str) -> None:
    """Log a row that was just flushed, with everything it says."""
    audit.record(action, row, by=by, after={key: value for key, value in snapshot(row).items() if value}, label=label)


def record_change(action: str, row: Any, before: Mapping[str, Any], *, by: Actor, label: str) -> bool:
    """Log what differs from the snapshot; whether anything does."""
    old, new = audit.difference(before, snapshot(row))
    if new:
        audit.record(action, row, by=by, before=old, after=new, label=label)
    return bool(new)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value
