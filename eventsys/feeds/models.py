"""Addresses of calendars."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.core.columns import instant, line, refers_to
from eventsys.directory.models import Organization, Person
from eventsys.extensions import Model

OWN = "revoked_at IS NULL AND organization_id IS NULL"
OF_ORGANIZATION = "revoked_at IS NULL AND organization_id IS NOT NULL"


class CalendarAddress(Model):
    """The right of one person to fetch a calendar by its address: their own, or that of an organization.

    `link_id` is the public half of the address (`core.tokens`). A person has one address in use for each calendar; an
    organization's works while its holder is a liaison of it, so that one who leaves takes nobody else's away.
    `used_on` is the last day on which it was fetched, noted by the worker at most once a day.
    """

    __tablename__ = "calendar_address"
    __table_args__ = (
        Index("uq_calendar_address_own", "person_id", unique=True, sqlite_where=text(OWN), postgresql_where=text(OWN)),
        Index(
            "uq_calendar_address_organization",
            "organization_id",
            "person_id",
            unique=True,
            sqlite_where=text(OF_ORGANIZATION),
            postgresql_where=text(OF_ORGANIZATION),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[str] = mapped_column(String(26), unique=True)
    person_id: Mapped[int] = refers_to("person.id")
    organization_id: Mapped[int | None] = refers_to("organization.id")
    created_at: Mapped[datetime] = instant()
    used_on: Mapped[date | None] = mapped_column(Date)
    revoked_at: Mapped[datetime | None] = instant()
    revoked_by: Mapped[str] = line()

    person: Mapped[Person] = relationship()
    organization: Mapped[Organization | None] = relationship()
