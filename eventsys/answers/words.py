"""The kinds of questions in words, and questions that many meetings ask."""

from __future__ import annotations

from collections.abc import Mapping

from eventsys.answers.models import QuestionKind
from eventsys.core.language import LazyText
from eventsys.core.language import lazy_gettext as _l

QUESTION_KINDS: Mapping[QuestionKind, LazyText] = {
    QuestionKind.LINE: _l("A short text"),
    QuestionKind.TEXT: _l("A longer text"),
    QuestionKind.YES_NO: _l("Yes or no"),
    QuestionKind.CHOICE: _l("One of several choices"),
    QuestionKind.NUMBER: _l("A number"),
    QuestionKind.MOMENT: _l("A day and a time"),
}
