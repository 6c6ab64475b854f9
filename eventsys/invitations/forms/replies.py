"""What the convening office does with answers: answer on behalf, decide on leave, name people."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, RadioField, SelectField, ValidationError
from wtforms.validators import InputRequired, Optional

from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.invitations.forms.answer import check_address
from eventsys.invitations.models import Reply
from eventsys.invitations.operations.leave import LeaveDecision, decision_of
from eventsys.invitations.operations.on_behalf import Heard
from eventsys.invitations.operations.substitute import Named
from eventsys.invitations.words import DECISIONS, SOURCES
from eventsys.web.forms import BaseForm, BlockField, LineField

LEAVE = "leave"
SOMEBODY_NEW = 0
ANSWERS = (
    (Reply.ACCEPTED.value, _l("Accepts")),
    (Reply.TENTATIVE.value, _l("Answers “tentative”")),
    (Reply.DECLINED.value, _l("Declines")),
    (LEAVE, _l("Asks for leave")),
)


class VersionedForm(BaseForm):
    """A form over an attendee's answer, which somebody else may have changed since it was opened."""

    version = HiddenField()

    @property
    def version_number(self) -> int:
        """The version that was seen; 0, which is always stale, when the form does not say."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class OnBehalfForm(VersionedForm):
    """An answer that reached the office by another way."""

    answer = RadioField(
        _l("What was answered"),
        [InputRequired(_l("Choose the answer."))],
        choices=[(value, label) for value, label in ANSWERS],
    )
    source = SelectField(_l("How it reached you"), choices=[(key, label) for key, label in SOURCES.items()])
    caller = LineField(_l("Who told you"), [Optional()], limit=120)
    comment = BlockField(_l("Reason or remark"), [Optional()], limit=1000)

    @classmethod
    def of(cls, row: Any) -> OnBehalfForm:
        chosen = LEAVE if row.leave.value != "none" else row.reply.value
        form: OnBehalfForm = cls(
            formdata=None, data={"version": row.version, "answer": chosen, "comment": row.comment, "source": "phone"}
        )
        return form

    @property
    def heard(self) -> Heard:
        return Heard(self.source.data, self.caller.data or "")

    def validate_comment(self, field: Any) -> None:
        if self.answer.data == LEAVE and not field.data:
            raise ValidationError(_("Say why leave is asked for."))


class LeaveDecisionForm(VersionedForm):
    """What is decided on leave; `back` says that the list of all waiting requests is to be shown afterwards."""

    back = HiddenField()

    decision = RadioField(
        _l("Your decision"),
        [InputRequired(_l("Choose a decision."))],
        choices=[(key.value, label) for key, label in DECISIONS.items()],
    )
    note = BlockField(_l("Reason, or a word with the decision"), [Optional()], limit=1000)

    @classmethod
    def of(cls, row: Any) -> LeaveDecisionForm:
        decided = decision_of(row)
        data = {"version": row.version, "decision": decided.value if decided else None, "note": row.leave_note}
        form: LeaveDecisionForm = cls(formdata=None, data=data)
        return form

    def validate_note(self, field: Any) -> None:
        if self.decision.data == LeaveDecision.REFUSE.value and not field.data:
            raise ValidationError(_("Say why leave is refused."))


class NameForm(VersionedForm):
    """Somebody of the organization, or somebody new in words."""

    person = SelectField(_l("Who"), coerce=int, choices=[], validate_choice=True)
    name = LineField(_l("Name"), [Optional()], limit=120)
    title = LineField(_l("Post"), [Optional()], limit=200)
    phone = LineField(_l("Telephone"), [Optional()], limit=40)
    email = LineField(
        _l("E-mail"), [Optional(), check_address], limit=254, description=_l("The invitation is sent there.")
    )

    def __init__(self, people: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(**options)
        self.person.choices = [(SOMEBODY_NEW, _("Somebody not on this list")), *people]

    @classmethod
    def of(cls, row: Any) -> NameForm:
        form: NameForm = cls([], formdata=None, data={"version": row.version})
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        valid = bool(super().validate(extra_validators))
        if not self.person.data and not self.name.data and not self.name.errors:
            self.name.errors = [*self.name.errors, _("Choose somebody, or enter a name.")]
            return False
        return valid

    @property
    def named(self) -> Named:
        if self.person.data:
            return Named(title=self.title.data or "", person_id=self.person.data)
        return Named(self.name.data, self.title.data or "", self.phone.data or "", self.email.data or "")


class SubstituteOnBehalfForm(NameForm):
    """Who comes instead, as somebody told the office."""

    source = SelectField(_l("How it reached you"), choices=[(key, label) for key, label in SOURCES.items()])
    caller = LineField(_l("Who told you"), [Optional()], limit=120)

    @property
    def heard(self) -> Heard:
        return Heard(self.source.data, self.caller.data or "")
