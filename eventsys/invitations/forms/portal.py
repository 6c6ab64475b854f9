"""A liaison's answers: several places in one form, each row with the version that was seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request
from wtforms import Form, HiddenField, SelectField

from eventsys.core.errors import DomainError, Stale
from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.invitations.forms.replies import ANSWERS, LEAVE
from eventsys.invitations.queries.shapes import NEED_NOT_ANSWER, ReplyRow
from eventsys.web.forms import BaseForm, BlockField

AS_IT_IS = ""
LONGEST_NUMBER = 10


class AnswerRow(Form):  # type: ignore[misc]
    """The answer for one place: of its attendee, or who it is to be."""

    version = HiddenField()
    answer = SelectField(_l("Answer"), validate_choice=False)
    person = SelectField(_l("Who comes"), coerce=int, validate_choice=False)
    comment = BlockField(_l("Reason or remark"), limit=1000)

    def __init__(self, row: ReplyRow, people: Sequence[tuple[int, str]], sent: Any) -> None:
        self.row = row
        self.problems: list[str] = []
        self.conflict = ""
        version = str(row.version or 0)
        super().__init__(sent, prefix=f"p{row.place_id}-", data={"version": version})
        self.answer.choices = [(AS_IT_IS, _("—")), *_answers_for(row)]
        self.person.choices = [(0, _("Still to be named")), *people]

    @property
    def version_number(self) -> int:
        """The version that was seen; 0, which is always stale for an attendee, when the form does not say."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER else 0

    @property
    def named_person(self) -> int:
        """Who is chosen for a place to be named; 0 for nobody."""
        return int(self.person.data or 0)

    @property
    def is_touched(self) -> bool:
        """Whether the liaison chose something here."""
        return bool(self.answer.data if self.version_number else self.named_person)

    def check(self) -> bool:
        """Whether the row is in shape; else its problems say why."""
        self.validate()
        self.problems += [str(text) for text in self.comment.errors]
        if not (_is_offered(self.answer) and _is_offered(self.person)):
            self.problems.append(_("Choose from the list."))
        elif self.answer.data == LEAVE and not self.comment.data:
            self.problems.append(_("Say why leave is asked for."))
        elif self.comment.data and not self.answer.data:
            self.problems.append(_("Choose the answer that this reason belongs to."))
        return not self.problems

    def chosen_words(self) -> str:
        """What the liaison chose, in words."""
        field = self.person if self.named_person else self.answer
        return ", ".join(str(label) for value, label, *_more in field.iter_choices() if str(value) == str(field.data))


class PortalForm(BaseForm):
    """All rows of a liaison's page; nothing is saved unless every chosen row goes through."""

    def __init__(self, rows: Sequence[ReplyRow], people: dict[int | None, list[tuple[int, str]]]) -> None:
        super().__init__()
        sent = request.form if self.is_submitted() else None
        self.answers = [AnswerRow(row, people.get(row.organization_id, []), sent) for row in rows]

    @property
    def touched(self) -> list[AnswerRow]:
        return [answer for answer in self.answers if answer.is_touched]

    @property
    def has_conflicts(self) -> bool:
        return any(answer.conflict for answer in self.answers)

    def validate(self, extra_validators: Any = None) -> bool:
        valid = bool(super().validate(extra_validators))
        checked = [answer.check() for answer in self.answers]
        if not all(checked):
            self.form_errors.append(_("Some answers need a change. They are marked below; nothing was saved yet."))
        elif not self.touched:
            self.form_errors.append(_("Choose at least one answer."))
        return valid and all(checked) and bool(self.touched)

    def save(self, verb: Any) -> int:
        """Carry out every chosen row; a refusal stays with its row. Raises `DomainError` when there was one."""
        for answer in self.touched:
            try:
                verb(answer)
            except Stale as stale:
                answer.conflict = stale.message
            except DomainError as refusal:
                answer.problems.append(refusal.message)
        if self.has_conflicts:
            raise DomainError(_("Somebody else answered meanwhile. Compare the marked rows; nothing was saved yet."))
        if any(answer.problems for answer in self.answers):
            raise DomainError(_("Some answers need a change. They are marked below; nothing was saved yet."))
        return len(self.touched)

    def again(self, rows: Sequence[ReplyRow]) -> None:
        """After a refusal: the rows as they are now, with what was typed."""
        now = {row.place_id: row for row in rows}
        for answer in self.answers:
            answer.row = now.get(answer.row.place_id, answer.row)
            answer.version.data = str(answer.row.version or 0)


def _answers_for(row: ReplyRow) -> list[tuple[str, Any]]:
    free = row.is_substitute or row.role in NEED_NOT_ANSWER
    return [(value, label) for value, label in ANSWERS if not (free and value == LEAVE)]


def _is_offered(field: Any) -> bool:
    """Whether a select's value is one of its choices, or was not sent because the row shows another select."""
    return not field.raw_data or field.data in {value for value, *_more in field.choices}
