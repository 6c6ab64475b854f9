"""Column types and shorthands that every model uses."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Enum, ForeignKey, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

LINE = 300
BLOCK = 4000
CALENDAR_STAMP = "%Y%m%dT%H%M%SZ"


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware UTC in Python, `timestamptz` on PostgreSQL, UTC text on SQLite (which has no zones)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class CalendarStamp(TypeDecorator[datetime]):
    """An instant kept as iCalendar writes it, `20240822T010000Z`, so that a feed of thousands only copies it.

    Whole seconds, aware UTC in Python; as text it sorts by time.
    """

    impl = String(16)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        return value.astimezone(UTC).strftime(CALENDAR_STAMP)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else stamped(value)


def stamped(text: str) -> datetime:
    """The instant of a text such as `20240822T010000Z`."""
    return datetime.strptime(text, CALENDAR_STAMP).replace(tzinfo=UTC)


Json = JSON().with_variant(JSONB(), "postgresql")


def enum(kind: type[StrEnum], **options: Any) -> Mapped[Any]:
    """A column of one of the enumeration's values, kept as its text under a CHECK constraint."""
    column = Enum(
        kind,
        native_enum=False,
        length=24,
        create_constraint=True,
        name=kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )
    return mapped_column(column, **options)


def line(limit: int = LINE, **options: Any) -> Mapped[str]:
    """One line of text, empty when there is none."""
    return mapped_column(String(limit), default="", **options)


def block(limit: int = BLOCK, **options: Any) -> Mapped[str]:
    """Some lines of text, empty when there are none."""
    return mapped_column(String(limit), default="", **options)


def instant(**options: Any) -> Mapped[Any]:
    """An instant in UTC."""
    return mapped_column(UtcDateTime, **options)


def refers_to(target: str, *, index: bool = True, **options: Any) -> Mapped[Any]:
    """A foreign key, indexed; nothing on record is deleted from under it."""
    return mapped_column(ForeignKey(target), index=index, **options)
