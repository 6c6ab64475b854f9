"""Shape and wording of what is written into a notice and said about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, FileField, HiddenField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp, ValidationError

from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.invitations.facts import is_address
from eventsys.mail.address import LONGEST_ADDRESS
from eventsys.meetings.fields import ClockField, DayField
from eventsys.notices.checks import Finding
from eventsys.notices.text import WRITTEN, NoticeText
from eventsys.rendering.images import LARGEST_FILE, Encoded, NotAPicture, encoded
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


class TakeForm(BaseForm):
    """Which finding's new words are taken over: its key, or `all`."""

    version = HiddenField(validators=VERSION)
    key = HiddenField(validators=[Regexp(r"^([0-9a-f]{32}|all)$")])

    def seen(self) -> int:
        """The version that stood on the page."""
        return seen(self)


class PictureForm(BaseForm):
    """A picture from a file."""

    file = FileField(
        _l("Picture"), description=_l("JPEG, PNG or WebP, at most 12 MB. It is made smaller where it can.")
    )

    def picture(self) -> Encoded | None:
        """The picture as it would be kept, None for none; encode it before a unit of work is open."""
        if not self.is_submitted():
            return None
        sent = self.file.data
        self.file.errors = []
        if not isinstance(sent, FileStorage) or not sent.filename:
            self.file.errors = [_("Choose a picture.")]
            return None
        try:
            return encoded(sent.stream.read(LARGEST_FILE + 1), sent.filename)
        except NotAPicture as refusal:
            self.file.errors = [refusal.reason]
            return None


class CheckedForm(ActForm):
    """An act of review with remarks, and a word for each finding that may stand (see `checked_form`)."""

    remarks = BlockField(_l("Remarks"), limit=1000)
    reason_all = LineField(_l("The same reason for all that have none"), limit=300)

    def reasons(self, asked: Sequence[Finding]) -> dict[str, str]:
        """The words by the findings' keys, "" where nobody said any."""
        rest = words(self.reason_all)
        return {each.key: words(self[reason_name(each.key)]) or rest for each in asked}


def checked_form(asked: Sequence[Finding]) -> type[CheckedForm]:
    """The form of an act with one line for each finding that asks for a word."""
    fields = {reason_name(each.key): LineField(_l("Why this may stand"), limit=300) for each in asked}
    return type("CheckedForm", (CheckedForm,), fields)


def reason_name(key: str) -> str:
    """The name of the field for a finding's reason."""
    return f"reason-{key}"


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


class PublishForm(ActForm):
    """Publish now or at a set time, and whom to tell. `when` is "now" or "later"."""

    when = RadioField(
        _l("When"),
        choices=[("now", _l("Now")), ("later", _l("At a set time"))],
        default="now",
    )
    date = DayField(_l("Day"), [Optional()])
    time = ClockField(_l("Time"), [Optional()])
    tells_participants = BooleanField(_l("Write to those who were invited to the meeting"))
    tells_subscribers = BooleanField(_l("Write to subscribers"), default=True)
    document_number = LineField(_l("Document number"), limit=80)


class RedactForm(BaseForm):
    """Words that the law wants gone, and why. `places` is how many were shown; without it they are only looked for."""

    words = LineField(_l("The words that are to go, exactly as they stand"), limit=200)
    reason_zh = BlockField(_l("Reason in Chinese"), limit=1000)
    reason_en = BlockField(_l("Reason in English"), limit=1000)
    places = HiddenField(validators=[Regexp(r"^[0-9]{0,6}$")])


class RegisterForm(BaseForm):
    """What an office keeps of government information metadata."""

    version = HiddenField(validators=[Regexp(r"^[0-9]{0,9}$")])
    code = LineField(_l("Code in index numbers"), limit=40)
    subject_zh = LineField(_l("Subject class, in Chinese"), limit=80)
    subject_en = LineField(_l("Subject class, in English"), limit=80)
    disclosure_zh = LineField(_l("Disclosure, in Chinese"), limit=80)
    disclosure_en = LineField(_l("Disclosure, in English"), limit=80)


class SubscribeForm(BaseForm):
    """The address that wants the notices."""

    email = LineField(_l("E-mail address"), limit=LONGEST_ADDRESS)

    def validate_email(self, field: Any) -> None:
        if not is_address(field.data or ""):
            raise ValidationError(_("Enter one e-mail address, such as name@example.org."))


class LeaveForm(BaseForm):
    """The one button behind a personal link: its address is its mark, so it needs no session."""

    class Meta(BaseForm.Meta):
        csrf = False

    act = HiddenField()

    def does(self, act: str) -> bool:
        """Whether this button was pressed."""
        return bool(self.is_submitted() and self.act.data == act)


class StartForm(BaseForm):
    """Starting the notice needs no words."""


def seen(form: BaseForm) -> int:
    """The version that a form was opened with; -1 when the field was tampered with."""
    text = str(form["version"].data or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def words(field: Any) -> str:
    """What a text field holds, "" when it was not sent at all."""
    return field.data or ""
