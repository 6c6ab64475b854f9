"""Agenda items: ordered, with durations; the clock times follow from the meeting's start and the order."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.core.columns import block, enum, line, refers_to
from eventsys.core.language import choose
from eventsys.directory.models import Organization, Person
from eventsys.extensions import Model
from eventsys.meetings.models import Meeting


class AgendaKind(StrEnum):
    """What happens in an item."""

    OPENING = "opening"
    STUDY = "study"
    SPEECH = "speech"
    WORK_REPORT = "work_report"
    DISCUSSION = "discussion"
    BREAK = "break"
    PLAN = "plan"
    CLOSING = "closing"
    OTHER = "other"


class AgendaItem(Model):
    """One item. The presenter is an organization, a person, or a line of text; several may stand together."""

    __tablename__ = "agenda_item"
    __table_args__ = (
        CheckConstraint("minutes > 0", name="minutes"),
        Index("ix_agenda_item_order", "meeting_id", "position", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = refers_to("meeting.id", index=False)
    position: Mapped[int]
    kind: Mapped[AgendaKind] = enum(AgendaKind)
    title_zh: Mapped[str] = line()
    title_en: Mapped[str] = line()
    minutes: Mapped[int]
    presenter_organization_id: Mapped[int | None] = refers_to("organization.id")
    presenter_person_id: Mapped[int | None] = refers_to("person.id")
    presenter_zh: Mapped[str] = line()
    presenter_en: Mapped[str] = line()
    note_zh: Mapped[str] = block(1000)
    note_en: Mapped[str] = block(1000)
    version: Mapped[int] = mapped_column(default=1)

    meeting: Mapped[Meeting] = relationship()
    presenter_organization: Mapped[Organization | None] = relationship()
    presenter_person: Mapped[Person | None] = relationship()

    __mapper_args__ = {"version_id_col": version}

    def title(self, language: str | None = None) -> str:
        return choose(self.title_zh, self.title_en, language)
