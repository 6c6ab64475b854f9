"""What an office keeps for its notices: its steps of review, words to avoid, and sentences of the first draft.

An office without its own uses those of the nearest organization above it that has them.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.core.actor import Role
from eventsys.core.columns import block, enum, instant, line, refers_to
from eventsys.core.language import choose
from eventsys.extensions import Model

MOST_STEPS = 5


class ReviewPlan(Model):
    """An organization's steps of review; in order, or all at once."""

    __tablename__ = "review_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = refers_to("organization.id", unique=True)
    in_order: Mapped[bool] = mapped_column(default=True)
    modified_at: Mapped[datetime] = instant()
    version: Mapped[int] = mapped_column(default=1)

    steps: Mapped[list[ReviewPlanStep]] = relationship(
        order_by="ReviewPlanStep.position", cascade="all, delete-orphan", lazy="selectin"
    )

    __mapper_args__ = {"version_id_col": version}


class ReviewPlanStep(Model):
    """One step: anybody who holds `role`, or (where it is None) the named accounts. `days` after it opens it is due."""

    __tablename__ = "review_plan_step"
    __table_args__ = (
        UniqueConstraint("plan_id", "position"),
        CheckConstraint(f"position BETWEEN 1 AND {MOST_STEPS}", name="position"),
        CheckConstraint("days > 0", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = refers_to("review_plan.id")
    position: Mapped[int]
    name_zh: Mapped[str] = line(80)
    name_en: Mapped[str] = line(80)
    role: Mapped[Role | None] = enum(Role)
    days: Mapped[int | None]

    reviewers: Mapped[list[ReviewPlanReviewer]] = relationship(
        order_by="ReviewPlanReviewer.id", cascade="all, delete-orphan", lazy="selectin"
    )

    def name(self, language: str | None = None) -> str:
        return choose(self.name_zh, self.name_en, language)


class ReviewPlanReviewer(Model):
    """An account named for a step; a substitute stands in when the others cannot."""

    __tablename__ = "review_plan_reviewer"
    __table_args__ = (UniqueConstraint("step_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = refers_to("review_plan_step.id")
    account_id: Mapped[int] = refers_to("account.id")
    is_substitute: Mapped[bool] = mapped_column(default=False)


class AvoidedWord(Model):
    """Words that an office does not want in its notices, what to write instead, and whether they stop a notice."""

    __tablename__ = "avoided_word"
    __table_args__ = (UniqueConstraint("organization_id", "words"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = refers_to("organization.id")
    words: Mapped[str] = line(80)
    instead: Mapped[str] = line(80)
    note: Mapped[str] = line()
    blocks: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = instant()
    by: Mapped[str] = line()


class NoticeSentence(Model):
    """An office's own wording of one sentence of the first draft, in place of the product's."""

    __tablename__ = "notice_sentence"
    __table_args__ = (UniqueConstraint("organization_id", "language", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = refers_to("organization.id")
    language: Mapped[str] = mapped_column(String(2))
    key: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = block(1000)
    modified_at: Mapped[datetime] = instant()
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
