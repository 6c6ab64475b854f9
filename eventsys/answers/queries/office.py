"""What the convening office reads: the sheets of all organizations at a meeting, its questions with their answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select

from eventsys.answers.models import AnswerSheet, ChangeRequest, Question, QuestionAnswer
from eventsys.core.language import choose
from eventsys.directory.models import Organization
from eventsys.extensions import db
from eventsys.invitations.models import Ask, Attendee, Place
from eventsys.invitations.queries import replies
from eventsys.invitations.queries.shapes import ReplyRow
from eventsys.meetings.models import Meeting
from eventsys.meetings.queries import find_meeting


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One organization in the list of sheets; `waiting` requests wait for the office."""

    organization_id: int
    name_zh: str
    name_en: str
    sent_at: datetime | None
    sent_by: str
    note: str
    draft_at: datetime | None
    is_revoked: bool
    waiting: int

    def name(self) -> str:
        return choose(self.name_zh, self.name_en)


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """A question with its meeting; `answered` is how often it was answered."""

    question: Question
    meeting: Meeting
    answered: int

    @property
    def id(self) -> int:
        return self.question.id


@dataclass(frozen=True, slots=True)
class Exported:
    """What the exports say: the questions, and a line for each place and each organization with their answers."""

    questions: Sequence[Question]
    rows: Sequence[tuple[ReplyRow, dict[int, str]]]
    whole: Sequence[tuple[SheetLine, dict[int, str]]]


def sheet_lines(meeting_id: int) -> list[SheetLine]:
    """Every organization that has a place at the meeting, in the directory's order; one query."""
    waiting = (
        select(func.count())
        .select_from(ChangeRequest)
        .where(ChangeRequest.ask_id == Ask.id, ChangeRequest.closed_at.is_(None))
        .correlate(Ask)
        .scalar_subquery()
    )
    asked = select(Place.organization_id).where(Place.meeting_id == meeting_id, Place.withdrawn_at.is_(None))
    rows = db.session.execute(
        select(
            Organization.id,
            Organization.name_zh,
            Organization.name_en,
            AnswerSheet.sent_at,
            func.coalesce(func.nullif(AnswerSheet.filler, ""), AnswerSheet.sent_by, ""),
            func.coalesce(AnswerSheet.note, ""),
            AnswerSheet.draft_at,
            Ask.link_revoked_at.is_not(None),
            waiting,
        )
        .join(Ask, and_(Ask.organization_id == Organization.id, Ask.meeting_id == meeting_id))
        .outerjoin(AnswerSheet, AnswerSheet.ask_id == Ask.id)
        .where(Organization.id.in_(asked))
        .order_by(Organization.position, Organization.sort_key, Organization.id)
    )
    return [SheetLine(*row) for row in rows]


def questions_of(meeting_id: int, *, withdrawn: bool = True) -> list[Question]:
    """The meeting's questions in order, those no longer asked last."""
    statement = select(Question).where(Question.meeting_id == meeting_id)
    if not withdrawn:
        statement = statement.where(Question.withdrawn_at.is_(None))
    order = (Question.withdrawn_at.is_not(None), Question.position, Question.id)
    return list(db.session.scalars(statement.order_by(*order)))


def numbers_answered(meeting_id: int) -> dict[int, int]:
    """How often each question of the meeting was answered."""
    rows = db.session.execute(
        select(QuestionAnswer.question_id, func.count())
        .join(Question, Question.id == QuestionAnswer.question_id)
        .where(Question.meeting_id == meeting_id)
        .group_by(QuestionAnswer.question_id)
    )
    return {row[0]: row[1] for row in rows}


def find_question(meeting_id: int, question_id: int) -> QuestionPage | None:
    """A question of this very meeting."""
    question = db.session.scalars(
        select(Question).where(Question.id == question_id, Question.meeting_id == meeting_id)
    ).one_or_none()
    meeting = find_meeting(meeting_id) if question is not None else None
    if question is None or meeting is None:
        return None
    return QuestionPage(question, meeting, numbers_answered(meeting_id).get(question_id, 0))


def exported(meeting_id: int) -> Exported:
    """Places with the answers about whoever is on them, organizations with theirs; five queries."""
    questions = questions_of(meeting_id)
    of_people: dict[int, dict[int, str]] = defaultdict(dict)
    of_whole: dict[int, dict[int, str]] = defaultdict(dict)
    for organization_id, attendee_id, question_id, value in _answers(meeting_id):
        where = of_whole[organization_id] if attendee_id is None else of_people[attendee_id]
        where[question_id] = value
    rows = [(row, of_people.get(row.attendee_id or 0, {})) for row in replies.rows(meeting_id)]
    whole = [(line, of_whole.get(line.organization_id, {})) for line in sheet_lines(meeting_id)]
    return Exported(questions, rows, whole)


def answers_about(attendee: Attendee) -> list[tuple[Question, str]]:
    """What was answered about one person, in the questions' order."""
    rows = db.session.execute(
        select(Question, QuestionAnswer.value)
        .join(QuestionAnswer, QuestionAnswer.question_id == Question.id)
        .where(QuestionAnswer.attendee_id == attendee.id)
        .order_by(Question.position, Question.id)
    )
    return [(row[0], row[1]) for row in rows]


def _answers(meeting_id: int) -> Sequence[Any]:
    return db.session.execute(
        select(Ask.organization_id, QuestionAnswer.attendee_id, QuestionAnswer.question_id, QuestionAnswer.value)
        .join(Ask, Ask.id == QuestionAnswer.ask_id)
        .where(Ask.meeting_id == meeting_id)
    ).all()
