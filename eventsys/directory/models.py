"""Organizations, posts, people, appointments and audiences."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Date, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.core.columns import Json, block, enum, instant, line, refers_to
from eventsys.core.language import choose
from eventsys.extensions import Model


class OrganizationKind(StrEnum):
    """What an organization is; audiences select by it."""

    CITY = "city"
    OFFICE = "office"
    DISTRICT = "district"
    COUNTY = "county"
    COUNTY_CITY = "county_city"
    ASSOCIATION = "association"
    OTHER = "other"


class Organization(Model):
    """A node of the tree. `path` is '/1/5/' (its own id last), so a role for it covers all below by prefix.

    `closed_on` is the first day on which it no longer exists; `sort_key_en` orders lists of English pages.
    """

    __tablename__ = "organization"

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = refers_to("organization.id")
    path: Mapped[str] = mapped_column(String(300), default="", index=True)
    kind: Mapped[OrganizationKind] = enum(OrganizationKind)
    position: Mapped[int] = mapped_column(default=0)
    name_zh: Mapped[str] = line()
    name_en: Mapped[str] = line()
    short_zh: Mapped[str] = line(80)
    short_en: Mapped[str] = line(80)
    address_zh: Mapped[str] = line()
    address_en: Mapped[str] = line()
    phone: Mapped[str] = line(40)
    email: Mapped[str] = line(320)
    language: Mapped[str] = mapped_column(String(2), default="zh")
    closed_on: Mapped[date | None] = mapped_column(Date)
    sort_key: Mapped[str] = mapped_column(String(400), default="", index=True)
    sort_key_en: Mapped[str] = mapped_column(String(400), default="", index=True)
    search_text: Mapped[str] = mapped_column(String(4000), default="")
    version: Mapped[int] = mapped_column(default=1)

    parent: Mapped[Organization | None] = relationship(remote_side=[id])

    __mapper_args__ = {"version_id_col": version}

    def name(self, language: str | None = None) -> str:
        return choose(self.name_zh, self.name_en, language)

    def short(self, language: str | None = None) -> str:
        return choose(self.short_zh or self.name_zh, self.short_en or self.name_en, language)


class PostKind(Model):
    """A function that posts of many organizations share ('foreign affairs director'); audiences select by it."""

    __tablename__ = "post_kind"

    id: Mapped[int] = mapped_column(primary_key=True)
    name_zh: Mapped[str] = line(unique=True)
    name_en: Mapped[str] = line()
    position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    def name(self, language: str | None = None) -> str:
        return choose(self.name_zh, self.name_en, language)


class Post(Model):
    """A function in one organization. `abolished_on` is the first day on which it no longer exists."""

    __tablename__ = "post"

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = refers_to("organization.id")
    kind_id: Mapped[int | None] = refers_to("post_kind.id")
    title_zh: Mapped[str] = line()
    title_en: Mapped[str] = line()
    position: Mapped[int] = mapped_column(default=0)
    abolished_on: Mapped[date | None] = mapped_column(Date)
    search_text: Mapped[str] = mapped_column(String(4000), default="")
    version: Mapped[int] = mapped_column(default=1)

    organization: Mapped[Organization] = relationship()
    kind: Mapped[PostKind | None] = relationship()

    __mapper_args__ = {"version_id_col": version}

    def title(self, language: str | None = None) -> str:
        return choose(self.title_zh, self.title_en, language)


class Person(Model):
    """Somebody who holds posts over time. Told apart by id, never by name.

    `email` is kept in small letters, `phone_key` holds the number's digits: both find likely duplicates.
    `merged_into_id` leads to the record that stayed when two were one person; this one is then in no list any more.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    name_zh: Mapped[str] = line(120)
    name_en: Mapped[str] = line(120)
    email: Mapped[str] = line(320, index=True)
    phone: Mapped[str] = line(40)
    phone_key: Mapped[str] = line(40, index=True)
    language: Mapped[str | None] = mapped_column(String(2))
    note: Mapped[str] = block()
    calendar_link_id: Mapped[str | None] = mapped_column(String(26), unique=True)
    merged_into_id: Mapped[int | None] = refers_to("person.id")
    sort_key: Mapped[str] = mapped_column(String(400), default="", index=True)
    sort_key_en: Mapped[str] = mapped_column(String(400), default="", index=True)
    search_text: Mapped[str] = mapped_column(String(4000), default="")
    version: Mapped[int] = mapped_column(default=1)

    appointments: Mapped[list[Appointment]] = relationship(back_populates="person", order_by="Appointment.starts_on")

    __mapper_args__ = {"version_id_col": version}

    def name(self, language: str | None = None) -> str:
        return choose(self.name_zh, self.name_en, language)


class Appointment(Model):
    """A person on a post, from one day to another (both included; open when `ends_on` is None)."""

    __tablename__ = "appointment"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = refers_to("person.id")
    post_id: Mapped[int] = refers_to("post.id")
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column(default=1)

    person: Mapped[Person] = relationship(back_populates="appointments")
    post: Mapped[Post] = relationship()

    __mapper_args__ = {"version_id_col": version}


class DistinctPeople(Model):
    """Two records that look alike and were confirmed to be two people; the lower id stands first."""

    __tablename__ = "distinct_people"
    __table_args__ = (UniqueConstraint("one_id", "other_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    one_id: Mapped[int] = refers_to("person.id")
    other_id: Mapped[int] = refers_to("person.id")


class Audience(Model):
    """A saved rule of whom to invite, resolved when invitations are prepared.

    `rule` is `{"organization_kinds": [...], "post_kind_ids": [...], "organization_ids": [...], "post_ids": [...],
    "person_ids": [...], "within_ids": [...]}`, every entry optional: posts of the kinds (all posts where no kind is
    given) in organizations of the kinds and those named one by one, only at and below `within_ids` where given; and the
    posts and people named one by one.
    """

    __tablename__ = "audience"
    __table_args__ = (Index("ix_audience_owner", "owner_id", "name_zh"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = refers_to("organization.id", index=False)
    name_zh: Mapped[str] = line()
    name_en: Mapped[str] = line()
    rule: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    created_at: Mapped[datetime] = instant()
    version: Mapped[int] = mapped_column(default=1)

    owner: Mapped[Organization] = relationship()

    __mapper_args__ = {"version_id_col": version}

    def name(self, language: str | None = None) -> str:
        return choose(self.name_zh, self.name_en, language)
