"""What an answer to a meeting's question may be, as it is kept and as people read it."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from zoneinfo import ZoneInfo

from eventsys.answers.models import Question, QuestionKind
from eventsys.core.errors import DomainError
from eventsys.core.formats import moment
from eventsys.core.language import gettext as _
from eventsys.core.text import TextRefused, clean_block, clean_line

YES, NO = "yes", "no"
LONGEST_LINE, LONGEST_TEXT = 300, 2000
_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,6})?")
EARLIEST, LATEST = 1900, 2999


def cleaned(question: Question, typed: str) -> str:
    """The answer as it is kept; raises `DomainError` for what is no answer to this question.

    A moment is the wall clock's time where the meeting is, `2024-08-22T09:30`; a choice is its key.
    """
    typed = typed.strip()
    if not typed:
        return ""
    try:
        return _CLEANERS[question.kind](question, typed)
    except TextRefused as refused:
        raise DomainError(str(refused)) from refused


def shown(question: Question, value: str, zone: str) -> str:
    """An answer in words."""
    if not value:
        return ""
    match question.kind:
        case QuestionKind.YES_NO:
            return _("Yes") if value == YES else _("No")
        case QuestionKind.CHOICE:
            return dict(question.options()).get(value, value)
        case QuestionKind.MOMENT:
            return moment(datetime.fromisoformat(value).replace(tzinfo=ZoneInfo(zone)), zone)
    return value


def _line(question: Question, typed: str) -> str:
    return clean_line(typed, LONGEST_LINE)


def _text(question: Question, typed: str) -> str:
    return clean_block(typed, LONGEST_TEXT)


def _one_of(question: Question, typed: str) -> str:
    keys = {YES, NO} if question.kind is QuestionKind.YES_NO else {key for key, _words in question.options()}
    if typed not in keys:
        raise DomainError(_("Choose from the list."))
    return typed


def _number(question: Question, typed: str) -> str:
    plain = unicodedata.normalize("NFKC", typed).replace(",", "").replace(" ", "")
    if not _NUMBER.fullmatch(plain):
        raise DomainError(_("Enter a number."))
    return plain


def _moment(question: Question, typed: str) -> str:
    try:
        at = datetime.fromisoformat(typed.replace(" ", "T"))
    except ValueError:
        raise DomainError(_("Enter a day and a time, such as 2026-03-05 14:30.")) from None
    if at.tzinfo is not None or not EARLIEST < at.year < LATEST:
        raise DomainError(_("Enter a day and a time, such as 2026-03-05 14:30."))
    return at.strftime("%Y-%m-%dT%H:%M")


_CLEANERS = {
    QuestionKind.LINE: _line,
    QuestionKind.TEXT: _text,
    QuestionKind.YES_NO: _one_of,
    QuestionKind.CHOICE: _one_of,
    QuestionKind.NUMBER: _number,
    QuestionKind.MOMENT: _moment,
}
