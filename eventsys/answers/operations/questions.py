"""A meeting's own questions: asked, worded, put in order, asked no more; what was answered keeps its meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from eventsys.answers.models import Question, QuestionAnswer, QuestionKind
from eventsys.core import audit
from eventsys.core.actor import Actor
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.core.transaction import check_version, locked
from eventsys.extensions import db
from eventsys.meetings.models import Meeting

MOST = 30
MOST_CHOICES = 30


@dataclass(frozen=True, slots=True)
class Wording:
    """A question as its form says it; `choices` are Chinese and English words in order."""

    kind: QuestionKind
    of_person: bool
    is_required: bool
    label_zh: str
    label_en: str
    hint_zh: str = ""
    hint_en: str = ""
    choices: tuple[tuple[str, str], ...] = ()


def add_question(meeting: Meeting, wording: Wording, *, by: Actor) -> int:
    """Ask one more question, as the last; returns its id. Raises `DomainError` for what is no question."""
    meeting = locked(Meeting, meeting.id)
    known = _of_meeting(meeting.id)
    if sum(row.withdrawn_at is None for row in known) >= MOST:
        raise DomainError(_("A meeting asks at most %(number)s questions.", number=MOST))
    _check(wording)
    row = Question(
        meeting_id=meeting.id,
        position=max((each.position for each in known), default=0) + 1,
        created_at=now(),
        **_columns(wording, ()),
    )
    db.session.add(row)
    db.session.flush()
    _record("question.add", row, by=by, after={"title_zh": row.label_zh, "title_en": row.label_en})
    return row.id


def change_question(question: Question, wording: Wording, *, by: Actor, version: int) -> Question:
    """Word a question anew. Once it is answered its kind and whom it asks stay, and no choice that was taken goes.

    Raises `Stale`, and `DomainError` for a change that would give answers another meaning.
    """
    row = locked(Question, question.id)
    check_version(row, version)
    _check(wording)
    taken = _values(row.id)
    if taken and (wording.kind is not row.kind or wording.of_person != row.of_person):
        raise DomainError(
            _("This question is answered already: its kind stays. Ask no more, and add another one."), field="kind"
        )
    before = _words(row)
    columns = _columns(wording, row.choices if wording.kind is row.kind else ())
    lost = taken - {each["key"] for each in columns["choices"]} if row.kind is QuestionKind.CHOICE else set()
    if lost:
        raise DomainError(_("A choice that was taken cannot be left out."), field="choices_zh")
    for name, value in columns.items():
        setattr(row, name, value)
    earlier, later = audit.difference(before, _words(row))
    _record("question.change", row, by=by, before=earlier, after=later)
    return row


def withdraw_question(question: Question, *, by: Actor) -> Question:
    """Ask it no more; the answers to it stay on record. Doing so twice changes nothing."""
    row = locked(Question, question.id)
    if row.withdrawn_at is None:
        row.withdrawn_at = now()
        _record("question.withdraw", row, by=by)
    return row


def ask_again(question: Question, *, by: Actor) -> Question:
    """Ask a withdrawn question again, with the answers that it has."""
    row = locked(Question, question.id)
    if row.withdrawn_at is not None:
        row.withdrawn_at = None
        _record("question.restore", row, by=by)
    return row


def order_questions(meeting: Meeting, ids: Sequence[int], *, by: Actor) -> None:
    """Put the questions in this order; those not named follow as they were."""
    rows = {row.id: row for row in _of_meeting(locked(Meeting, meeting.id).id)}
    wanted = [each for each in dict.fromkeys(ids) if each in rows]
    rest = [key for key in rows if key not in set(wanted)]
    for position, key in enumerate([*wanted, *rest], 1):
        rows[key].position = position


def copy_questions(source: Meeting, target: Meeting, *, by: Actor) -> int:
    """Ask at the target what the source asks; returns how many questions that are."""
    rows = [row for row in _of_meeting(source.id) if row.withdrawn_at is None]
    for row in rows:
        copied = {name: getattr(row, name) for name in _COPIED}
        db.session.add(Question(meeting_id=target.id, created_at=now(), **copied))
    return len(rows)


_COPIED = (*("position", "kind", "is_required", "of_person", "label_zh", "label_en", "hint_zh", "hint_en", "choices"),)


def _check(wording: Wording) -> None:
    if not wording.label_zh and not wording.label_en:
        raise DomainError(_("Word the question in one language at least."), field="label_zh")
    if wording.kind is QuestionKind.CHOICE and not 2 <= len(wording.choices) <= MOST_CHOICES:
        raise DomainError(
            _("Give two choices at least, and at most %(number)s.", number=MOST_CHOICES), field="choices_zh"
        )


def _columns(wording: Wording, known: Sequence[dict[str, str]]) -> dict[str, Any]:
    return {
        "kind": wording.kind,
        "of_person": wording.of_person,
        "is_required": wording.is_required,
        "label_zh": wording.label_zh,
        "label_en": wording.label_en,
        "hint_zh": wording.hint_zh,
        "hint_en": wording.hint_en,
        "choices": _keyed(wording, known) if wording.kind is QuestionKind.CHOICE else [],
    }


def _keyed(wording: Wording, known: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Choices with keys: one that keeps its Chinese or its English words keeps its key, others get new ones."""
    free = list(known)
    number = max((int(each["key"]) for each in known), default=0)
    found = []
    for zh, en in wording.choices:
        same = next((each for each in free if (zh and each["zh"] == zh) or (en and each["en"] == en)), None)
        if same is not None:
            free.remove(same)
            key = same["key"]
        else:
            number += 1
            key = str(number)
        found.append({"key": key, "zh": zh, "en": en})
    return found


def _values(question_id: int) -> set[str]:
    """What was answered to a question so far."""
    return set(
        db.session.scalars(select(QuestionAnswer.value).where(QuestionAnswer.question_id == question_id).distinct())
    )


def _of_meeting(meeting_id: int) -> Sequence[Question]:
    statement = select(Question).where(Question.meeting_id == meeting_id).order_by(Question.position, Question.id)
    return db.session.scalars(statement).all()


def _words(row: Question) -> dict[str, Any]:
    return {"title_zh": row.label_zh, "title_en": row.label_en, "kind": row.kind.value}


def _record(action: str, row: Question, *, by: Actor, **more: Any) -> None:
    audit.record(action, row, by=by, label=row.label_zh or row.label_en, meeting_id=row.meeting_id, **more)
