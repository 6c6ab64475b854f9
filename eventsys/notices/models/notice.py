"""The summary notice: its address and public state, its versions, and who passed them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.core.columns import Json, block, enum, instant, line, refers_to
from eventsys.core.language import choose
from eventsys.extensions import Model
from eventsys.meetings.models import Meeting


class NoticeState(StrEnum):
    """What the public sees at the address."""

    UNPUBLISHED = "unpublished"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class VersionState(StrEnum):
    """draft -> in review -> approved -> published -> superseded; returned to draft with a reason at any step."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class Notice(Model):
    """A notice at `/notices/<year>/<slug>`, fixed once it is published. `published_id` is the version shown there.

    `published_at` is when it was published first; `modified_at` moves with everything that a reader can see.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("year", "slug"),
        Index("ix_notice_public", "state", "published_at", "id"),
        Index("ix_notice_listed", "published_at", "id"),
        Index("ix_notice_modified", "modified_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = refers_to("meeting.id")
    convener_id: Mapped[int] = refers_to("organization.id")
    state: Mapped[NoticeState] = enum(NoticeState, default=NoticeState.UNPUBLISHED)
    year: Mapped[int | None]
    slug: Mapped[str | None] = mapped_column(String(100))
    published_id: Mapped[int | None]
    published_at: Mapped[datetime | None] = instant()
    modified_at: Mapped[datetime] = instant()
    withdrawn_at: Mapped[datetime | None] = instant()
    withdrawn_reason_zh: Mapped[str] = block(1000)
    withdrawn_reason_en: Mapped[str] = block(1000)
    created_at: Mapped[datetime] = instant()
    version: Mapped[int] = mapped_column(default=1)

    meeting: Mapped[Meeting] = relationship()
    versions: Mapped[list[NoticeVersion]] = relationship(back_populates="notice", order_by="NoticeVersion.number")

    __mapper_args__ = {"version_id_col": version}


class NoticeVersion(Model):
    """One text of a notice. The bodies are safe HTML, cleaned when they are saved and ready to show.

    A version with a `published_at` was public at some time, and stays readable. `facts` are the words that the text
    took from the record, by language and fact: `{"zh": {"day": "2024年8月22日"}}`. `round` counts how often it was sent
    for review.
    """

    __tablename__ = "notice_version"
    __table_args__ = (
        UniqueConstraint("notice_id", "number"),
        Index("ix_notice_version_state", "state", "modified_at", "id"),
        Index("ix_notice_version_modified", "modified_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = refers_to("notice.id")
    number: Mapped[int]
    state: Mapped[VersionState] = enum(VersionState, default=VersionState.DRAFT)
    title_zh: Mapped[str] = line()
    title_en: Mapped[str] = line()
    body_zh: Mapped[str] = mapped_column(Text, default="")
    body_en: Mapped[str] = mapped_column(Text, default="")
    author_zh: Mapped[str] = line(120)
    author_en: Mapped[str] = line(120)
    department_zh: Mapped[str] = line()
    department_en: Mapped[str] = line()
    attended_zh: Mapped[str] = block()
    attended_en: Mapped[str] = block()
    correction_zh: Mapped[str] = block(1000)
    correction_en: Mapped[str] = block(1000)
    created_at: Mapped[datetime] = instant()
    modified_at: Mapped[datetime] = instant()
    submitted_at: Mapped[datetime | None] = instant()
    approved_at: Mapped[datetime | None] = instant()
    published_at: Mapped[datetime | None] = instant()
    search_text: Mapped[str] = mapped_column(Text, default="")
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default="{}")
    round: Mapped[int] = mapped_column(default=0, server_default="0")
    version: Mapped[int] = mapped_column(default=1)

    notice: Mapped[Notice] = relationship(back_populates="versions")

    __mapper_args__ = {"version_id_col": version}

    def title(self, language: str | None = None) -> str:
        return choose(self.title_zh, self.title_en, language)

    def body(self, language: str | None = None) -> str:
        return choose(self.body_zh, self.body_en, language)


class NoticeAuthor(Model):
    """An account that saved a version since the last publication: none of them may approve it."""

    __tablename__ = "notice_author"
    __table_args__ = (UniqueConstraint("version_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = refers_to("notice_version.id")
    account_id: Mapped[int] = refers_to("account.id")


class ReviewEvent(Model):
    """Who sent for approval, approved, returned, published, corrected or withdrew, when, and with which words."""

    __tablename__ = "review_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = refers_to("notice.id")
    version_id: Mapped[int] = refers_to("notice_version.id")
    at: Mapped[datetime] = instant()
    account_id: Mapped[int | None]
    by: Mapped[str] = line()
    act: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = block(1000)
