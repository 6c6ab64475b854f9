"""What the convening office enters: its questions, the word with which it closes a request."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, HiddenField, RadioField
from wtforms.validators import DataRequired, Optional

from eventsys.answers.models import Question, QuestionKind
from eventsys.answers.operations.questions import Wording
from eventsys.answers.words import QUESTION_KINDS
from eventsys.core.language import lazy_gettext as _l
from eventsys.web.forms import BaseForm, BlockField, LineField
from eventsys.web.once import OnceForm

PERSON, ORGANIZATION = "person", "organization"


class QuestionForm(OnceForm):
    """A question in both languages; choices one a line, the English ones in the same order."""

    version = HiddenField()
    label_zh = LineField(_l("Question (Chinese)"), [Optional()], limit=300)
    label_en = LineField(_l("Question (English)"), [Optional()], limit=300)
    hint_zh = LineField(_l("Hint (Chinese)"), [Optional()], limit=300)
    hint_en = LineField(_l("Hint (English)"), [Optional()], limit=300)
    kind = RadioField(
        _l("What the answer is"),
        choices=[(key.value, label) for key, label in QUESTION_KINDS.items()],
        default=QuestionKind.LINE.value,
    )
    choices_zh = BlockField(_l("Choices (Chinese), one a line"), [Optional()], limit=2000)
    choices_en = BlockField(_l("Choices (English), one a line"), [Optional()], limit=2000)
    whom = RadioField(
        _l("Whom it asks"),
        choices=[(PERSON, _l("About each person who comes")), (ORGANIZATION, _l("Once of the organization"))],
        default=PERSON,
    )
    is_required = BooleanField(_l("Must be answered"))

    @classmethod
    def of(cls, row: Question) -> QuestionForm:
        data: dict[str, Any] = {
            "version": row.version,
            "label_zh": row.label_zh,
            "label_en": row.label_en,
            "hint_zh": row.hint_zh,
            "hint_en": row.hint_en,
            "kind": row.kind.value,
            "choices_zh": "\n".join(each["zh"] for each in row.choices),
            "choices_en": "\n".join(each["en"] for each in row.choices),
            "whom": PERSON if row.of_person else ORGANIZATION,
            "is_required": row.is_required,
        }
        return cls(formdata=None, data=data)

    @property
    def version_number(self) -> int:
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    @property
    def wording(self) -> Wording:
        """The question, for the verb."""
        return Wording(
            kind=QuestionKind(self.kind.data),
            of_person=self.whom.data == PERSON,
            is_required=bool(self.is_required.data),
            label_zh=self.label_zh.data or "",
            label_en=self.label_en.data or "",
            hint_zh=self.hint_zh.data or "",
            hint_en=self.hint_en.data or "",
            choices=_pairs(self.choices_zh.data or "", self.choices_en.data or ""),
        )


class CloseForm(BaseForm):
    """The word with which a request is closed."""

    reply = BlockField(_l("A word to the organization"), [Optional()], limit=1000)


class RequestForm(BaseForm):
    """A request to change answers after the deadline."""

    mark = HiddenField()
    words = BlockField(_l("What should be changed"), [DataRequired(_l("Say what should be changed."))], limit=2000)
    asker = LineField(_l("Your name"), [DataRequired(_l("Enter your name: the office may call you."))], limit=120)
    phone = LineField(_l("Your telephone"), [Optional()], limit=40)


class LinkRequestForm(RequestForm):
    """The same behind a link, without a cookie."""

    class Meta(RequestForm.Meta):
        csrf = False


def _pairs(chinese: str, english: str) -> tuple[tuple[str, str], ...]:
    """Lines of two texts side by side; an empty line in one leaves that language to the other."""
    zh, en = ([line.strip()[:100] for line in text.split("\n")] for text in (chinese, english))
    number = max(len(zh), len(en))
    padded = zip(zh + [""] * (number - len(zh)), en + [""] * (number - len(en)), strict=True)
    return tuple((one, other) for one, other in padded if one or other)
