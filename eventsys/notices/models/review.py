"""The steps that one version goes through, as its office had set them when it was sent."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.core.actor import Role
from eventsys.core.columns import block, enum, instant, line, refers_to
from eventsys.core.language import choose
from eventsys.extensions import Model


class StepState(StrEnum):
    """waiting -> open -> passed | returned; ended with its round when another step returned the text."""

    WAITING = "waiting"
    OPEN = "open"
    PASSED = "passed"
    RETURNED = "returned"
    ENDED = "ended"


class NoticeReview(Model):
    """One step of one round: who may take it, until when, and what came of it.

    `revision_id` is the saved text that was passed or returned; `stood_in` says that a substitute did.
    """

    __tablename__ = "notice_review"
    __table_args__ = (
        UniqueConstraint("version_id", "round", "position"),
        Index("ix_notice_review_open", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = refers_to("notice_version.id")
    round: Mapped[int]
    position: Mapped[int]
    name_zh: Mapped[str] = line(80)
    name_en: Mapped[str] = line(80)
    role: Mapped[Role | None] = enum(Role)
    days: Mapped[int | None]
    in_order: Mapped[bool] = mapped_column(default=True)
    state: Mapped[StepState] = enum(StepState, default=StepState.WAITING)
    opened_at: Mapped[datetime | None] = instant()
    due_at: Mapped[datetime | None] = instant()
    reminded_at: Mapped[datetime | None] = instant()
    decided_at: Mapped[datetime | None] = instant()
    account_id: Mapped[int | None]
    by: Mapped[str] = line()
    stood_in: Mapped[bool] = mapped_column(default=False)
    remarks: Mapped[str] = block(1000)
    revision_id: Mapped[int | None]

    reviewers: Mapped[list[NoticeReviewer]] = relationship(order_by="NoticeReviewer.id", lazy="selectin")

    def name(self, language: str | None = None) -> str:
        return choose(self.name_zh, self.name_en, language)


class NoticeReviewer(Model):
    """An account named for a step of a round."""

    __tablename__ = "notice_reviewer"
    __table_args__ = (UniqueConstraint("review_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = refers_to("notice_review.id")
    account_id: Mapped[int] = refers_to("account.id")
    is_substitute: Mapped[bool] = mapped_column(default=False)
