"""The fields of a meeting's own questions on an answer sheet, one for each question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eventsys.answers.models import Question, QuestionKind
from eventsys.answers.values import NO, YES, cleaned
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _

INPUT_TYPES = {QuestionKind.MOMENT: "datetime-local"}


class QuestionField:
    """A question with what stands in its field: what was typed, else what was answered before."""

    def __init__(self, question: Question, name: str, value: str) -> None:
        self.question = question
        self.name = name
        self.value = value
        self.cleaned = value
        self.errors: list[str] = []

    @property
    def id(self) -> str:
        return self.name

    @property
    def input_type(self) -> str:
        return INPUT_TYPES.get(self.question.kind, "text")

    @property
    def options(self) -> list[tuple[str, str]]:
        """What can be chosen; empty for a question that is answered in words."""
        if self.question.kind is QuestionKind.YES_NO:
            return [(YES, _("Yes")), (NO, _("No"))]
        return self.question.options() if self.question.kind is QuestionKind.CHOICE else []

    def check(self, *, is_required: bool) -> None:
        """Read what was typed; a question that must be answered is."""
        try:
            self.cleaned = cleaned(self.question, self.value)
        except DomainError as refusal:
            self.errors.append(refusal.message)
            return
        if is_required and self.question.is_required and not self.cleaned:
            self.errors.append(_("Answer “%(question)s”.", question=self.question.label()))


def fields_of(
    questions: Sequence[Question], prefix: str, sent: Mapping[str, str] | None, known: Mapping[int, str]
) -> list[QuestionField]:
    """A field for each question; `known` are the answers that stand."""
    found = []
    for each in questions:
        name = f"{prefix}q{each.id}"
        value = sent.get(name) if sent is not None else None
        found.append(QuestionField(each, name, known.get(each.id, "") if value is None else value))
    return found
