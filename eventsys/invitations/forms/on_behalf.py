"""What an organization told the office for several of its places: one form, each row with the version that was seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request
from wtforms import Form, HiddenField, SelectField
from wtforms.validators import Optional

from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.invitations.forms.replies import ANSWERS, LEAVE
from eventsys.invitations.operations.on_behalf import NAMED, SUBSTITUTE, Entered, Entry, EntryRefused, Heard, enter
from eventsys.invitations.operations.substitute import Named
from eventsys.invitations.queries.shapes import NEED_NOT_ANSWER, ReplyRow
from eventsys.invitations.words import SOURCES
from eventsys.web.access import current_actor
from eventsys.web.forms import BaseForm, BlockField, LineField

AS_IT_IS, LONGEST_NUMBER = "", 10


class EntryRow(Form):  # type: ignore[misc]
    """What is entered for one place."""

    version = HiddenField()
    answer = SelectField(_l("Answer"), validate_choice=False)
    person = SelectField(_l("Who comes"), coerce=int, validate_choice=False)
    name = LineField(_l("Name"), limit=120)
    phone = LineField(_l("Telephone"), limit=40)
    comment = BlockField(_l("Reason or remark"), limit=1000)

    def __init__(self, row: ReplyRow, people: Sequence[tuple[int, str]], sent: Any) -> None:
        self.row, self.problems, self.is_stale = row, list[str](), False
        super().__init__(sent, prefix=f"p{row.place_id}-", data={"version": str(row.version or 0)})
        self.answer.choices = [(AS_IT_IS, _("—")), *_choices(row)]
        self.person.choices = [(0, _("Somebody not on this list")), *people]

    @property
    def version_number(self) -> int:
        """The version that was seen, 0 where nobody was on the place."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER else 0

    @property
    def is_touched(self) -> bool:
        return bool(self.answer.data)

    def check(self) -> bool:
        """Whether the row is in shape; else its problems say why."""
        self.validate()
        if self.is_touched and self.version_number != (self.row.version or 0):
            self.is_stale = True
            self.problems.append(_("Somebody else answered for this place while this page was open."))
            return False
        choice = self.answer.data or AS_IT_IS
        for field in (self.name, self.phone, self.comment):
            self.problems += [str(text) for text in field.errors]
        if choice not in {value for value, *_more in self.answer.choices} or not self._is_offered():
            self.problems.append(_("Choose from the list."))
        elif choice in {NAMED, SUBSTITUTE} and not self.named:
            self.problems.append(_("Choose somebody, or enter a name."))
        elif choice == LEAVE and not self.comment.data:
            self.problems.append(_("Say why leave is asked for."))
        elif not choice and (self.comment.data or self.named):
            self.problems.append(_("Choose the answer that this belongs to."))
        return not self.problems

    def _is_offered(self) -> bool:
        return not self.person.raw_data or self.person.data in {value for value, *_more in self.person.choices}

    @property
    def named(self) -> Named | None:
        """Who is chosen or typed, None for nobody."""
        if self.person.data:
            return Named(person_id=self.person.data)
        return Named(self.name.data, phone=self.phone.data or "") if self.name.data else None

    def entry(self) -> Entry:
        attendee_id = self.row.attendee_id if self.version_number else None
        comment = self.comment.data or ""
        return Entry(self.row.place_id, attendee_id, self.version_number, self.answer.data, comment, self.named)


class OrganizationOnBehalfForm(BaseForm):
    """All places of an organization; nothing is entered unless every chosen row goes through."""

    source = SelectField(_l("How it reached you"), choices=[(key, label) for key, label in SOURCES.items()])
    caller = LineField(_l("Who told you"), [Optional()], limit=120)

    def __init__(self, rows: Sequence[ReplyRow], people: Sequence[tuple[int, str]]) -> None:
        super().__init__()
        sent = request.form if self.is_submitted() else None
        self.rows = [EntryRow(row, people, sent) for row in rows]

    @property
    def has_conflicts(self) -> bool:
        return any(row.is_stale for row in self.rows)

    def validate(self, extra_validators: Any = None) -> bool:
        valid = bool(super().validate(extra_validators))
        checked = [row.check() for row in self.rows]
        touched = any(row.is_touched for row in self.rows)
        if not all(checked):
            self.form_errors.append(_("Some answers need a change. They are marked below; nothing was saved yet."))
        elif not touched:
            self.form_errors.append(_("Choose at least one answer."))
        return valid and all(checked) and touched

    def save(self) -> Entered:
        """Enter every chosen row; a refusal stays with its row. Raises `DomainError` when there was one."""
        entries = [row.entry() for row in self.rows if row.is_touched]
        try:
            return enter(entries, Heard(self.source.data, self.caller.data or ""), by=current_actor())
        except EntryRefused as refusal:
            for row in self.rows:
                if row.row.place_id == refusal.place_id:
                    row.problems.append(refusal.message)
                    row.is_stale = refusal.is_stale
            raise

    def again(self, rows: Sequence[ReplyRow]) -> None:
        """After a refusal: the rows as they are now, with what was typed."""
        now = {row.place_id: row for row in rows}
        for each in self.rows:
            each.row = now.get(each.row.place_id, each.row)
            each.version.data = str(each.row.version or 0)


def _choices(row: ReplyRow) -> list[tuple[str, Any]]:
    if row.attendee_id is None:
        return [(NAMED, _("Is named:"))]
    free = row.is_substitute or row.role in NEED_NOT_ANSWER
    answers = [(value, label) for value, label in ANSWERS if not (free and value == LEAVE)]
    return [*answers, (SUBSTITUTE, _("A substitute comes:"))]
