"""Accounts, their sign-ins and the roles that people hold."""

from __future__ import annotations

from datetime import date, datetime

from flask_security import UserMixin
from sqlalchemy import Date, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.core.actor import Role
from eventsys.core.columns import enum, instant, refers_to
from eventsys.directory.models import Organization, Person
from eventsys.extensions import Model


class Account(Model, UserMixin):
    """The right of a person to sign in. Field names are Flask-Security's; `email` is kept in small letters."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = refers_to("person.id", unique=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = instant()
    invited_at: Mapped[datetime | None] = instant()
    last_sign_in_at: Mapped[datetime | None] = instant()

    person: Mapped[Person] = relationship()


class SignIn(Model):
    """One signed-in browser: ending the row ends it everywhere, a copied cookie included.

    The browser's cookie holds the secret and when it was last used (a page view writes nothing here).
    """

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = refers_to("account.id")
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    started_at: Mapped[datetime] = instant()
    ended_at: Mapped[datetime | None] = instant()
    address: Mapped[str] = mapped_column(String(60), default="")
    browser: Mapped[str] = mapped_column(String(300), default="")

    account: Mapped[Account] = relationship()


class HeldRole(Model):
    """A role a person holds for an organization; check-in staff hold theirs for one meeting, administrators for all.

    `ends_on` is its last day, None while no end is known.
    """

    __tablename__ = "held_role"
    __table_args__ = (
        UniqueConstraint("person_id", "role", "organization_id", "meeting_id"),
        Index("ix_held_role_liaison", "role", "organization_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = refers_to("person.id")
    role: Mapped[Role] = enum(Role)
    organization_id: Mapped[int | None] = refers_to("organization.id")
    meeting_id: Mapped[int | None] = refers_to("meeting.id")
    ends_on: Mapped[date | None] = mapped_column(Date)

    person: Mapped[Person] = relationship()
    organization: Mapped[Organization | None] = relationship()
