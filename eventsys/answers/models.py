"""An organization's answer sheet, the questions of a meeting with their answers, documents, and late requests."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.core.columns import Json, block, enum, instant, line, refers_to
from eventsys.core.language import choose
from eventsys.extensions import Model
from eventsys.invitations.models import Ask


class QuestionKind(StrEnum):
    """What an answer to a question looks like."""

    LINE = "line"
    TEXT = "text"
    YES_NO = "yes_no"
    CHOICE = "choice"
    NUMBER = "number"
    MOMENT = "moment"


class AnswerSheet(Model):
    """What an organization said as a whole, and what its liaison has typed without sending it.

    `sent_number` counts the sendings: a form that was opened before the last one is compared first. `draft` holds the
    fields of the form by name; `draft_number` grows with each saving of it, so that nobody overwrites one unseen.
    """

    __tablename__ = "answer_sheet"

    id: Mapped[int] = mapped_column(primary_key=True)
    ask_id: Mapped[int] = refers_to("ask.id", index=False, unique=True)
    note: Mapped[str] = block(1000)
    filler: Mapped[str] = line(120)
    filler_phone: Mapped[str] = line(40)
    sent_at: Mapped[datetime | None] = instant()
    sent_by: Mapped[str] = line()
    sent_number: Mapped[int] = mapped_column(default=0)
    draft: Mapped[dict[str, Any] | None] = mapped_column(Json)
    draft_at: Mapped[datetime | None] = instant()
    draft_by: Mapped[str] = line()
    draft_account_id: Mapped[int | None]
    draft_number: Mapped[int] = mapped_column(default=0)

    ask: Mapped[Ask] = relationship()


class Question(Model):
    """Something that a meeting asks beside the answer, of each person who comes or once of the organization.

    `choices` are `{"key", "zh", "en"}`; an answer keeps the key, so that words may change. A question that is
    `withdrawn_at` is asked no more; what was answered to it stays.
    """

    __tablename__ = "meeting_question"
    __table_args__ = (Index("ix_meeting_question_meeting", "meeting_id", "position", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = refers_to("meeting.id", index=False)
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[QuestionKind] = enum(QuestionKind, default=QuestionKind.LINE)
    is_required: Mapped[bool] = mapped_column(default=False)
    of_person: Mapped[bool] = mapped_column(default=True)
    label_zh: Mapped[str] = line()
    label_en: Mapped[str] = line()
    hint_zh: Mapped[str] = line()
    hint_en: Mapped[str] = line()
    choices: Mapped[list[dict[str, str]]] = mapped_column(Json, default=list)
    withdrawn_at: Mapped[datetime | None] = instant()
    created_at: Mapped[datetime] = instant()
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    def label(self, language: str | None = None) -> str:
        return choose(self.label_zh, self.label_en, language)

    def hint(self, language: str | None = None) -> str:
        return choose(self.hint_zh, self.hint_en, language)

    def options(self, language: str | None = None) -> list[tuple[str, str]]:
        """The choices as key and words."""
        return [(each["key"], choose(each["zh"], each["en"], language)) for each in self.choices]


class QuestionAnswer(Model):
    """An answer to a question: of an organization (`attendee_id` None), or about one of its people."""

    __tablename__ = "question_answer"
    __table_args__ = (
        Index(
            "uq_question_answer_person",
            "question_id",
            "ask_id",
            "attendee_id",
            unique=True,
            sqlite_where=text("attendee_id IS NOT NULL"),
            postgresql_where=text("attendee_id IS NOT NULL"),
        ),
        Index(
            "uq_question_answer_whole",
            "question_id",
            "ask_id",
            unique=True,
            sqlite_where=text("attendee_id IS NULL"),
            postgresql_where=text("attendee_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = refers_to("meeting_question.id")
    ask_id: Mapped[int] = refers_to("ask.id")
    attendee_id: Mapped[int | None] = refers_to("attendee.id")
    value: Mapped[str] = block(2000)
    at: Mapped[datetime] = instant()
    by: Mapped[str] = line()


class AnswerDocument(Model):
    """A paper handed in beside a place's answer, such as a leave form; what it is was looked up in its first bytes."""

    __tablename__ = "answer_document"

    id: Mapped[int] = mapped_column(primary_key=True)
    ask_id: Mapped[int] = refers_to("ask.id")
    place_id: Mapped[int] = refers_to("place.id")
    name: Mapped[str] = line(200)
    ending: Mapped[str] = mapped_column(String(4))
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sent_at: Mapped[datetime | None] = instant()
    created_at: Mapped[datetime] = instant()
    account_id: Mapped[int | None]
    by: Mapped[str] = line()


class ChangeRequest(Model):
    """Words of an organization that wants to change its answer after the deadline; closed by the office with a word."""

    __tablename__ = "change_request"
    __table_args__ = (UniqueConstraint("ask_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ask_id: Mapped[int] = refers_to("ask.id", index=False)
    number: Mapped[int]
    words: Mapped[str] = block(2000)
    by: Mapped[str] = line()
    phone: Mapped[str] = line(40)
    account_id: Mapped[int | None]
    asked_at: Mapped[datetime] = instant()
    closed_at: Mapped[datetime | None] = instant()
    closed_by: Mapped[str] = line()
    reply: Mapped[str] = block(1000)

    ask: Mapped[Ask] = relationship()
