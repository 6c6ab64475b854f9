"""Shape and wording of what is written into a notice and said about it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp

from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.notices.text import WRITTEN, NoticeText
from eventsys.rendering.richtext import is_blank, plain_text, safe_html
from eventsys.web.forms import BaseForm, BlockField, LineField

BODY = 60_000
VERSION = (InputRequired(), Regexp(r"^[0-9]{1,9}$"))


class RichTextField(TextAreaField):  # type: ignore[misc]
    """Rich text: cleaned as it comes in, so that what is shown again after a refusal is safe too."""

    def __init__(self, label: Any = None, limit: int = BODY, **options: Any) -> None:
        self.limit = limit
        super().__init__(label, render_kw={"data-editor": True, "rows": 18}, **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        typed = valuelist[0]
        if len(typed) > self.limit:
            self.data = typed
            raise ValueError(
                _(
                    "This is %(length)s characters long; at most %(limit)s are possible.",
                    length=len(typed),
                    limit=self.limit,
                )
            )
        self.data = "" if is_blank(typed) else safe_html(typed)


class NoticeForm(BaseForm):
    """The text in both languages, with its bylines."""

    version = HiddenField(validators=VERSION)
    title_zh = LineField(_l("Title in Chinese"))
    title_en = LineField(_l("Title in English"))
    body_zh = RichTextField(_l("Text in Chinese"))
    body_en = RichTextField(_l("Text in English"))
    author_zh = LineField(_l("Author, in Chinese"), limit=120)
    author_en = LineField(_l("Author, in English"), limit=120)
    department_zh = LineField(_l("Supplying department, in Chinese"))
    department_en = LineField(_l("Supplying department, in English"))
    attended_zh = BlockField(_l("Attended by, in Chinese"))
    attended_en = BlockField(_l("Attended by, in English"))
    correction_zh = BlockField(_l("What the correction corrects, in Chinese"), limit=1000)
    correction_en = BlockField(_l("What the correction corrects, in English"), limit=1000)

    def text(self) -> NoticeText:
        """What was typed, made ready to be saved; call it before a unit of work is open."""
        if not self.is_submitted() or any(len(self[name].data or "") > 2 * BODY for name in ("body_zh", "body_en")):
            return NoticeText()
        return NoticeText(**{name: self[name].data or "" for name in WRITTEN})

    def seen(self) -> int:
        """The version that the form was opened with; -1, which is nobody's, when it was tampered with."""
        return seen(self)

    def _compare(self, row: Any) -> None:
        """Bodies are compared as words, without their markup."""
        super()._compare(row)
        bodies = {str(self[name].label.text) for name in ("body_zh", "body_en")}
        self.conflicts = [
            replace(each, theirs=plain_text(each.theirs), mine=plain_text(each.mine)) if each.label in bodies else each
            for each in self.conflicts
        ]


class ActForm(BaseForm):
    """One act on the version that stands on the page, after what contradicts the record was shown."""

    version = HiddenField(validators=VERSION)
    shown = HiddenField(validators=[Length(max=80)])


class ReturnForm(BaseForm):
    """What has to be changed, for the authors."""

    version = HiddenField(validators=VERSION)
    reason = BlockField(_l("What has to be changed"), limit=1000)


class WithdrawForm(BaseForm):
    """Why a notice is taken back, for the readers."""

    reason_zh = BlockField(_l("Reason in Chinese"), limit=1000)
    reason_en = BlockField(_l("Reason in English"), limit=1000)


class CorrectionForm(BaseForm):
    """What a correction corrects, for the readers."""

    note_zh = BlockField(_l("What the correction corrects, in Chinese"), limit=1000)
    note_en = BlockField(_l("What the correction corrects, in English"), limit=1000)


class StartForm(BaseForm):
    """Starting the notice needs no words."""


def seen(form: BaseForm) -> int:
    """The version that a form was opened with; -1 when the field was tampered with."""
    text = str(form["version"].data or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def words(field: Any) -> str:
    """What a text field holds, "" when it was not sent at all."""
    return field.data or ""
